package qrate.remote;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.random.RandomGenerator;
import qrate.core.Control;
import qrate.core.Log;
import qrate.dns.Dns;
import qrate.dns.DnsClient;
import qrate.remote.routes.OwnHosts;
import qrate.remote.routes.TimeoutTable;
import qrate.remote.session.Connector;

/// What remote delivery needs from outside.
///
/// @param control control files
/// @param dns look-ups
/// @param connector connections
/// @param own which hosts are this one
/// @param clock for the memory of hosts that timed out
/// @param random for exchangers of equal preference
/// @param log for what no verdict tells: TLS that failed, bugs
/// @param timeouts table of hosts that timed out, which `qmail-tcpto` reads
public record Surroundings(
        Control control,
        Dns dns,
        Connector connector,
        OwnHosts own,
        InstantSource clock,
        RandomGenerator random,
        Log log,
        TimeoutTable timeouts) {
    /// The real ones; `QRATE_DNS` names another resolver.
    public static Surroundings real(Control control, Map<String, String> environment, Log log) {
        return new Surroundings(
                control,
                DnsClient.of(environment),
                Connector.direct(),
                OwnHosts.of(control),
                InstantSource.system(),
                new SecureRandom(),
                log,
                new TimeoutTable(TimeoutTable.file(environment)));
    }
}
