package qrate.remote;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import qrate.core.Body;
import qrate.core.Control;
import qrate.core.Envelope;
import qrate.core.Log;
import qrate.core.Verdict;

/// qmail-remote: one message to one host.
final class Deliverer implements AutoCloseable {
    private final Control control;
    private final Log log;
    private final Routes routes;
    private final Exchangers exchangers;
    private final TimedOut timedOut;
    private final Watchdog watchdog = new Watchdog();
    private final IdleConnections idle;
    private final HostPermits permits = new HostPermits();
    private final Duration turn;
    private final Opener opener;

    Deliverer(Surroundings surroundings, Limits limits) {
        idle = new IdleConnections(watchdog, limits.kept());
        turn = limits.turn();
        control = surroundings.control();
        log = surroundings.log();
        routes = new Routes(control);
        exchangers = new Exchangers(surroundings.dns(), surroundings.own(), surroundings.random());
        timedOut = new TimedOut(surroundings.clock(), surroundings.timeouts(), surroundings.log());
        opener = new Opener(surroundings, watchdog, timedOut);
    }

    /// Delivers, or says why not.
    Report deliver(String host, Envelope envelope, Body body, Transaction.End end) throws InterruptedException {
        Outgoing message;
        try {
            message = Outgoing.of(envelope, body);
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
                        attempt(new Errand(candidates, settings, route.flatMap(Routes.Route::login), message, end));
                };
            } finally {
                permits.release(gate);
            }
        } catch (IOException e) {
            log.line("remote: unable to read control files: " + e.getMessage());
            return Report.all(new Verdict.Later("Unable to read control files. (#4.3.0)\n"));
        }
    }

    /// @param servers in turn
    private record Errand(
            List<Exchangers.Candidate> servers,
            Settings settings,
            Optional<Routes.Login> login,
            Outgoing message,
            Transaction.End end) {}

    private Report attempt(Errand errand) throws IOException {
        Verdict last = Opener.noConnection();
        for (Exchangers.Candidate server : errand.servers) {
            if (timedOut.resting(server.address())) {
                continue;
            }
            Optional<Report> reused = reuse(server, errand);
            if (reused.isPresent()) {
                return reused.get();
            }
            switch (opener.open(server, errand.settings, errand.login)) {
                case Opener.Opening.Ready(var session) -> {
                    switch (Transaction.run(session, errand.message, errand.end)) {
                        case Transaction.Result.Over(var report, var after) -> {
                            finish(session, after);
                            return report;
                        }
                        case Transaction.Result.Lost(var verdict) -> {
                            session.close();
                            last = verdict;
                        }
                    }
                }
                case Opener.Opening.Refused(var verdict) -> {
                    return Report.all(verdict);
                }
                case Opener.Opening.Failed(var verdict) -> last = verdict;
                case Opener.Opening.TlsBroken(var why) -> throw new IllegalStateException(why); // settled in open
            }
        }
        return Report.all(last);
    }

    /// Over connections left from before; each that will not do is dropped without a word, and a fresh one decides.
    private Optional<Report> reuse(Exchangers.Candidate server, Errand errand) {
        Session.Endpoint endpoint = new Session.Endpoint(
                server, errand.login.map(Routes.Login::user).orElse(""));
        for (Optional<Session> kept = idle.take(endpoint); kept.isPresent(); kept = idle.take(endpoint)) {
            Session session = kept.get();
            switch (Transaction.run(session, errand.message, errand.end)) {
                case Transaction.Result.Over(var report, var after) -> {
                    finish(session, after);
                    return Optional.of(report);
                }
                case Transaction.Result.Lost _ -> session.quit();
            }
        }
        return Optional.empty();
    }

    private void finish(Session session, Transaction.After after) {
        boolean clean = switch (after) {
            case CLEAN -> !session.disturbed();
            case SPENT -> false;
        };
        if (clean) {
            idle.put(session);
        } else {
            session.quit();
        }
    }

    /// Connections kept now.
    int idle() {
        return idle.size();
    }

    @Override
    public void close() {
        idle.close();
        watchdog.close();
    }
}
