package qrate.milter;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// A connection to a milter. A channel of a Unix socket has no timeouts: who waits too long finds it closed.
final class MilterLink implements AutoCloseable {
    private static final int BUFFER_BYTES = 16 << 10;

    private final SocketChannel channel;
    private final MilterSetting.Waits waits;
    private final ScheduledExecutorService clock;
    private final InputStream in;
    private final OutputStream out;

    @FunctionalInterface
    private interface Act<T> {
        T run() throws IOException;
    }

    private MilterLink(SocketChannel channel, MilterSetting.Waits waits, ScheduledExecutorService clock) {
        this.channel = channel;
        this.waits = waits;
        this.clock = clock;
        this.in = new BufferedInputStream(Channels.newInputStream(channel), BUFFER_BYTES);
        this.out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
    }

    /// Connects.
    ///
    /// @param clock ends waits that are too long
    static MilterLink open(MilterSetting setting, ScheduledExecutorService clock) throws IOException {
        SocketAddress address = setting.address().socket();
        SocketChannel channel = address instanceof UnixDomainSocketAddress
                ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : SocketChannel.open();
        MilterLink link = new MilterLink(channel, setting.waits(), clock);
        boolean open = false;
        try {
            link.within(setting.waits().connect(), "it does not take the connection", () -> channel.connect(address));
            if (!(address instanceof UnixDomainSocketAddress)) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            open = true;
            return link;
        } finally {
            if (!open) {
                link.close();
            }
        }
    }

    /// Agrees on what both ends can do; nothing is said before.
    MilterOptions negotiate() throws IOException {
        say(new MilterCommand.Negotiate(MilterOptions.OFFER));
        flush();
        MilterReply reply =
                hear(waits.connect(), System.nanoTime() + waits.connect().toNanos());
        if (!(reply instanceof MilterReply.Agreed(MilterOptions answer))) {
            throw new ProtocolException("it does not negotiate");
        }
        return MilterOptions.OFFER.answered(answer);
    }

    /// Says something; it may stay in the buffer until an answer is waited for.
    void say(MilterCommand command) throws IOException {
        within(waits.send(), "it does not read", () -> {
            Packets.write(out, command);
            return true;
        });
    }

    /// Sends what is in the buffer.
    void flush() throws IOException {
        within(waits.send(), "it does not read", () -> {
            out.flush();
            return true;
        });
    }

    /// The next thing that the milter says.
    ///
    /// @param wait how long it is waited for
    /// @param deadline on the clock of {@link System#nanoTime}, if that comes first
    MilterReply hear(Duration wait, long deadline) throws IOException {
        long nanos = Math.min(wait.toNanos(), deadline - System.nanoTime());
        if (nanos <= 0) {
            throw new SocketTimeoutException("it is at work for too long");
        }
        return within(Duration.ofNanos(nanos), "it does not answer", () -> {
            Optional<Packets.Packet> packet = Packets.read(in, _ -> {});
            if (packet.isEmpty()) {
                throw new EOFException("it has closed the connection");
            }
            return Packets.reply(packet.get());
        });
    }

    private <T> T within(Duration wait, String late, Act<T> act) throws IOException {
        AtomicBoolean over = new AtomicBoolean();
        ScheduledFuture<?> end = clock.schedule(
                () -> {
                    over.set(true);
                    close();
                },
                wait.toNanos(),
                TimeUnit.NANOSECONDS);
        try {
            return act.run();
        } catch (ClosedChannelException e) {
            if (!over.get()) {
                throw e;
            }
            SocketTimeoutException timeout = new SocketTimeoutException(late + " within " + wait.toMillis() + " ms");
            timeout.initCause(e);
            throw timeout;
        } finally {
            end.cancel(false);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // nothing was left to be said
        }
    }
}
