package qrate.remote;

import java.io.IOException;
import java.util.Optional;
import qrate.core.Steps;
import qrate.core.Verdict;
import qrate.dns.Hosts;
import qrate.remote.routes.Exchangers;
import qrate.remote.routes.Routes;
import qrate.remote.routes.TimedOut;
import qrate.remote.session.RemoteSessions;
import qrate.remote.session.Settings;

/// Says which servers a message for a host would be offered to, by the classes that choose them, and connects to none.
public final class Directions {
    private final Surroundings surroundings;
    private final Routes routes;
    private final Exchangers exchangers;
    private final TimedOut timedOut;

    /// @param surroundings of which the control files, DNS and the table of time-outs are asked
    public Directions(Surroundings surroundings) {
        this.surroundings = surroundings;
        routes = new Routes(surroundings.control());
        exchangers = new Exchangers(surroundings.dns(), surroundings.own(), surroundings.random());
        timedOut = new TimedOut(surroundings.clock(), surroundings.timeouts(), surroundings.log());
    }

    /// Where mail for a host would go.
    ///
    /// @return Delivered when there is a server to offer it to, which may still refuse it
    /// @throws IOException when a control file cannot be read: a delivery would wait
    public Verdict to(String host, Steps steps) throws IOException {
        Settings settings = Settings.of(surroundings.control());
        Optional<Routes.Route> route = routes.find(host, steps);
        return switch (exchangers.plan(host, route, steps)) {
            case Exchangers.Plan.Over(Verdict verdict) -> verdict;
            case Exchangers.Plan.Try(var candidates) -> {
                int awake = 0;
                for (Exchangers.Candidate server : candidates) {
                    boolean resting = timedOut.resting(server.address());
                    awake += resting ? 0 : 1;
                    steps.say((resting ? "left alone for now, since it timed out (qmail-tcpto): " : "would be tried: ")
                            + Hosts.text(server.address()) + " port " + server.port()
                            + (server.name().isEmpty() ? "" : " (" + server.name() + ")"));
                }
                yield awake > 0
                        ? new Verdict.Delivered("offered as " + settings.helo() + " to " + awake
                                + (awake == 1 ? " server" : " servers in turn"))
                        : RemoteSessions.noConnection();
            }
        };
    }
}
