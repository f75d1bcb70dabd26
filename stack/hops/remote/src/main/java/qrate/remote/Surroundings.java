package qrate.remote;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.random.RandomGenerator;
import qrate.core.Body;
import qrate.core.Control;
import qrate.core.Envelope;
import qrate.core.Log;
import qrate.dns.Dns;
import qrate.dns.DnsClient;
import qrate.remote.routes.OwnHosts;
import qrate.remote.routes.TimeoutTable;
import qrate.remote.session.Connector;
import qrate.remote.sign.Signatures;
import qrate.remote.tls.Authorities;
import qrate.signer.SignerClient;

/// What remote delivery needs from outside.
///
/// @param control control files
/// @param dns look-ups
/// @param connector connections
/// @param own which hosts are this one
/// @param clock for the memory of hosts that timed out and of policies
/// @param random for exchangers of equal preference
/// @param log for what no verdict tells: TLS that failed, bugs
/// @param timeouts table of hosts that timed out, which `qmail-tcpto` reads
/// @param authorities who may vouch for servers
/// @param signing puts signatures in front of messages
public record Surroundings(
        Control control,
        Dns dns,
        Connector connector,
        OwnHosts own,
        InstantSource clock,
        RandomGenerator random,
        Log log,
        TimeoutTable timeouts,
        Authorities authorities,
        Signer signing) {
    /// Puts signatures in front of messages.
    @FunctionalInterface
    public interface Signer {
        /// Leaves all as they are.
        Signer NONE = (id, envelope, message) -> message;

        /// @throws IOException when the message must wait
        Body signed(long id, Envelope envelope, Body message) throws IOException;
    }

    /// The real ones; `QRATE_DNS` names another resolver, and `QRATE_SIGNER` the signer's socket: without it, and
    /// without
    /// a signer of this state, nothing is signed.
    public static Surroundings real(Control control, Map<String, String> environment, Log log) {
        Dns dns = DnsClient.of(environment);
        Signer signing = SignerClient.named(environment)
                .<Signer>map(signer -> new Signatures(control, signer, dns, InstantSource.system(), log)::signed)
                .orElse(Signer.NONE);
        return new Surroundings(
                control,
                dns,
                Connector.direct(),
                OwnHosts.of(control),
                InstantSource.system(),
                new SecureRandom(),
                log,
                new TimeoutTable(TimeoutTable.file(environment)),
                Authorities.ofTheJdk(),
                signing);
    }
}
