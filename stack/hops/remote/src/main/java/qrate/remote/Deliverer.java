package qrate.remote;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import qrate.core.Body;
import qrate.core.Control;
import qrate.core.Envelope;
import qrate.core.Log;
import qrate.core.Verdict;
import qrate.remote.routes.Exchangers;
import qrate.remote.routes.Routes;
import qrate.remote.routes.TimedOut;
import qrate.remote.session.End;
import qrate.remote.session.Outgoing;
import qrate.remote.session.RemoteSessions;
import qrate.remote.session.Report;
import qrate.remote.session.Settings;
import qrate.remote.sign.Signatures;

/// qmail-remote: one message to one host.
final class Deliverer implements AutoCloseable {
    private final Control control;
    private final Log log;
    private final Routes routes;
    private final Exchangers exchangers;
    private final RemoteSessions sessions;
    private final HostPermits permits = new HostPermits();
    private final Duration turn;
    private final Surroundings.Signer signing;
    private final ReversePaths senders;

    Deliverer(Surroundings surroundings, Limits limits) {
        turn = limits.turn();
        control = surroundings.control();
        log = surroundings.log();
        signing = surroundings.signing();
        senders = new ReversePaths(control, surroundings.clock(), log);
        routes = new Routes(control);
        exchangers = new Exchangers(surroundings.dns(), surroundings.own(), surroundings.random());
        TimedOut timedOut = new TimedOut(surroundings.clock(), surroundings.timeouts(), surroundings.log());
        sessions = new RemoteSessions(control, surroundings.connector(), timedOut, surroundings.log(), limits.kept());
    }

    /// Delivers, or says why not.
    ///
    /// @param id of the message, or {@link Signatures#NO_ID}
    Report deliver(long id, String host, Envelope envelope, Body body, End end) throws InterruptedException {
        Body signed;
        try {
            signed = signing.signed(id, envelope, body);
        } catch (IOException e) {
            log.line("remote: message " + id + ": " + e.getMessage());
            return Report.all(new Verdict.Later("Unable to sign message: the log says why. (#4.7.0)\n"));
        }
        Envelope leaving;
        try {
            leaving = senders.leaving(id, envelope);
        } catch (IOException e) {
            log.line("remote: message " + id + ": unable to rewrite its sender: " + e.getMessage());
            return Report.all(new Verdict.Later("Unable to rewrite the sender: the log says why. (#4.3.5)\n"));
        }
        Outgoing message;
        try {
            message = Outgoing.of(leaving, signed);
        } catch (IOException e) {
            log.line("remote: unable to read message: " + e.getMessage());
            return Report.all(new Verdict.Later("Unable to read message. (#4.3.0)\n"));
        }
        try {
            Settings settings = Settings.of(control);
            Optional<Routes.Route> route = routes.find(host);
            String gate = route.filter(r -> !r.relay().isEmpty())
                    .map(r -> r.relay() + ":" + r.port())
                    .orElse(host);
            if (!permits.acquire(gate, settings.perHost(), turn)) {
                return Report.all(
                        new Verdict.Later("Too many connections to " + gate + " at once already. (#4.4.5)\n"));
            }
            try {
                return switch (exchangers.plan(host, route)) {
                    case Exchangers.Plan.Over(var verdict) -> Report.all(verdict);
                    case Exchangers.Plan.Try(var candidates) ->
                        sessions.offer(new RemoteSessions.Errand(
                                candidates, settings, route.flatMap(Routes.Route::login), message, end));
                };
            } finally {
                permits.release(gate);
            }
        } catch (IOException e) {
            log.line("remote: unable to read control files: " + e.getMessage());
            return Report.all(new Verdict.Later("Unable to read control files. (#4.3.0)\n"));
        }
    }

    /// Connections kept now.
    int idle() {
        return sessions.idle();
    }

    @Override
    public void close() {
        sessions.close();
    }
}
