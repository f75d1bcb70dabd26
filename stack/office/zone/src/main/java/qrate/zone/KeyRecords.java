package qrate.zone;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import qrate.core.Control;
import qrate.dns.DnsClient;
import qrate.signer.HeldKey;

/// Puts the records of a domain's keys for DKIM into a name server of one's own.
///
/// @param environment names the resolver
public record KeyRecords(NameServer server, Control control, Map<String, String> environment, InstantSource clock) {
    /// Publishes what is not there yet, and takes away nothing that signs.
    ///
    /// @param keys all of the domain
    /// @return what was done
    /// @throws IOException when the server cannot be reached, or refuses
    public ZoneUpdate.Plan publish(String domain, List<HeldKey> keys) throws IOException, InterruptedException {
        Ours ours = new Ours(control.lineOrMe("me"), List.of(), Set.of(domain));
        DomainRows.Parts parts = new DomainRows.Parts(keys, Optional.empty(), List.of(), Optional.empty());
        DomainRows all = DomainRows.of(domain, ours, parts);
        DomainRows of = new DomainRows(
                all.domain(),
                all.rows().stream()
                        .filter(row -> row.kind() == ZoneRow.Kind.DKIM)
                        .toList());
        ZoneUpdate update = new ZoneUpdate(server, DnsClient.forgetful(environment), StsFetch.none(), clock);
        ZoneUpdate.Plan plan = update.plan(of, ours, parts);
        if (!plan.changes().isEmpty()) {
            update.send(plan.changes());
        }
        return plan;
    }
}
