package qrate.tcpserver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// The places of a door: as many connections as it may have at once.
final class ConnectionSlots {
    /// How long a newcomer waits for the place of one that is being ended, in milliseconds.
    static final int PLACE_MILLIS = 1000;

    private final Listener.Settings settings;
    private final Listener.Parts parts;
    private final Crowd crowd;
    private final Guests guests;
    private final Semaphore permits;
    private final AtomicLong refused = new AtomicLong();

    ConnectionSlots(Listener.Settings settings, Listener.Parts parts, Crowd crowd, Guests guests) {
        this.settings = settings;
        this.parts = parts;
        this.crowd = crowd;
        this.guests = guests;
        this.permits = new Semaphore(settings.connectionsMax());
    }

    /// Takes one for a newcomer, if need be that of one that stands still. Whoever has connections enough already
    /// does not wait for it, and so keeps nobody waiting behind.
    boolean take(Socket newcomer) {
        try {
            while (!permits.tryAcquire()) {
                int had = had(newcomer.getInetAddress());
                Optional<String> shed = guests.shed(had);
                shed.ifPresent(client -> say(client + " makes room"));
                if (shed.isEmpty() && had > 0) {
                    return false;
                }
                if (permits.tryAcquire(PLACE_MILLIS, TimeUnit.MILLISECONDS)) {
                    return true;
                }
            }
            return true;
        } catch (InterruptedException _) {
            return false; // the door closes
        }
    }

    /// Gives one back.
    void release() {
        permits.release();
    }

    /// Counts somebody who is not let in.
    void refused() {
        refused.incrementAndGet();
    }

    /// How many were not let in.
    long refusals() {
        return refused.get();
    }

    /// Sends a newcomer away.
    void refuse(Socket newcomer) {
        refused();
        try (newcomer) {
            say(Ip.text(newcomer.getInetAddress()) + " has to come back");
            newcomer.getOutputStream().write(settings.words().busyLine());
        } catch (IOException _) {
            // it has gone by itself
        }
    }

    /// How many connections a newcomer has already; behind a proxy nobody knows yet who it is.
    private int had(InetAddress address) {
        try {
            boolean proxied = NetworkList.covers(parts.control().lines("proxyfrom"), address);
            return proxied ? 0 : crowd.count(Crowd.key(address));
        } catch (IOException _) {
            return 0; // said when its header is to be read
        }
    }

    private void say(String what) {
        if (settings.verbosity() != Verbosity.QUIET) {
            parts.log().line("tcpserver: full: " + what);
        }
    }
}
