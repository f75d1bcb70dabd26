package qrate.remote;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import qrate.core.Body;
import qrate.core.Control;
import qrate.core.ControlFile;
import qrate.core.Envelope;
import qrate.core.Log;
import qrate.core.Verdict;
import qrate.remote.policies.HttpsPolicies;
import qrate.remote.policies.PolicyFetcher;
import qrate.remote.policies.Safeguards;
import qrate.remote.policies.StsPolicies;
import qrate.remote.routes.Exchangers;
import qrate.remote.routes.Routes;
import qrate.remote.routes.TimedOut;
import qrate.remote.session.Outgoing;
import qrate.remote.session.Passages;
import qrate.remote.session.RemoteSessions;
import qrate.remote.session.Report;
import qrate.remote.session.Settings;
import qrate.remote.sign.Signatures;
import qrate.remote.tls.Tls;

/// qmail-remote: one message to one host.
final class Deliverer implements AutoCloseable {
    private final Control control;
    private final Log log;
    private final Routes routes;
    private final Exchangers exchangers;
    private final RemoteSessions sessions;
    private final Safeguards safeguards;
    private final HostPermits permits = new HostPermits();
    private final SlowedHosts slowed;
    private final Duration wait;
    private final Surroundings.Signer signing;
    private final ReversePaths senders;

    Deliverer(Surroundings surroundings, Limits limits) {
        wait = limits.turn();
        control = surroundings.control();
        log = surroundings.log();
        signing = surroundings.signing();
        senders = new ReversePaths(control, surroundings.clock(), log);
        routes = new Routes(control);
        exchangers = new Exchangers(surroundings.dns(), surroundings.own(), surroundings.random());
        slowed = new SlowedHosts(surroundings.clock(), log);
        TimedOut timedOut = new TimedOut(surroundings.clock(), surroundings.timeouts(), surroundings.log());
        Tls tls = new Tls(control, surroundings.authorities());
        sessions = new RemoteSessions(tls, surroundings.connector(), timedOut, surroundings.log(), limits.kept());
        safeguards = new Safeguards(
                control, surroundings.dns(), new StsPolicies(policies(surroundings), surroundings.clock(), log));
    }

    private static PolicyFetcher policies(Surroundings surroundings) {
        return new HttpsPolicies(surroundings.dns(), surroundings.connector(), surroundings.authorities());
    }

    /// How a message goes to its host.
    ///
    /// @param gate what connections are counted by: the host, or the relay with its port
    private record Way(String host, Optional<Routes.Route> route, String gate, Settings settings) {}

    /// How many deliveries may speak with other hosts at once.
    int atOnce() throws IOException {
        return (int) control.number(ControlFile.CONCURRENCYREMOTE);
    }

    /// Delivers, or says why not.
    ///
    /// @param id of the message, or {@link Signatures#NO_ID}
    Report deliver(long id, String host, Envelope envelope, Body body, SpeakingTurns.Turn turn)
            throws InterruptedException {
        try {
            Optional<Routes.Route> route = routes.find(host);
            String gate = route.filter(r -> !r.relay().isEmpty())
                    .map(r -> r.relay() + ":" + r.port())
                    .orElse(host);
            turn.asks(gate);
            Optional<Verdict> pause = slowed.pause(gate).or(turn::hopeless);
            if (pause.isPresent()) {
                return Report.all(pause.get());
            }
            Settings settings = Settings.of(control);
            Way way = new Way(host, route, gate, turn.hurries() ? settings.hurried() : settings);
            return signed(id, way, envelope, body, turn);
        } catch (IOException e) {
            log.line("remote: unable to read control files: " + e.getMessage());
            return Report.all(new Verdict.Later("Unable to read control files. (#4.3.0)\n"));
        }
    }

    private Report signed(long id, Way way, Envelope envelope, Body body, SpeakingTurns.Turn turn)
            throws IOException, InterruptedException {
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
        return atItsTurn(way, message, turn);
    }

    private Report atItsTurn(Way way, Outgoing message, SpeakingTurns.Turn turn)
            throws IOException, InterruptedException {
        String gate = way.gate;
        int connections = turn.connections(slowed.connections(gate, way.settings.perHost()));
        if (!permits.acquire(gate, connections, wait)) {
            return Report.all(new Verdict.Later("Too many connections to " + gate + " at once already. (#4.4.5)\n"));
        }
        try {
            Optional<Verdict> pause =
                    slowed.pause(gate).or(turn::hopeless); // it may have asked for less meanwhile, or given no answer
            if (pause.isPresent()) {
                return Report.all(pause.get());
            }
            Report report = offered(way, message, turn);
            slowed.heard(gate, report.endings(message.envelope().recipients().size()));
            return report;
        } finally {
            permits.release(gate);
        }
    }

    private Report offered(Way way, Outgoing message, SpeakingTurns.Turn turn)
            throws IOException, InterruptedException {
        Passages passages = safeguards.to(way.host, way.route, message.wish());
        return switch (exchangers.plan(way.host, way.route)) {
            case Exchangers.Plan.Over(var verdict) -> Report.all(verdict);
            case Exchangers.Plan.Try(var candidates) ->
                sessions.offer(new RemoteSessions.Errand(
                        candidates, passages, way.settings, way.route.flatMap(Routes.Route::login), message, turn));
        };
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
