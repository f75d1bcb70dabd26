package qrate.doctor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.Control;
import qrate.core.Getopt;
import qrate.core.JsonWriter;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Reasons;
import qrate.core.State;
import qrate.dns.DnsClient;
import qrate.signer.HeldKey;
import qrate.signer.SignerClient;
import qrate.zone.DomainRows;
import qrate.zone.NameServer;
import qrate.zone.Ours;
import qrate.zone.ServerKeys;
import qrate.zone.StsFetch;
import qrate.zone.ZoneLook;
import qrate.zone.ZoneUpdate;

/// `dns DOMAIN [OPTION...]`: the records to publish for a domain of ours, what DNS has of them, and their way into a
/// name server of one's own.
///
/// Exit code 0, 1 where a look finds that the domain is not ready, 100 for a domain that is not ours or a wrong option,
/// 111 when a file cannot be read or the name server does not do as asked.
final class DnsCommand implements Program {
    private static final String USAGE = "dns: usage: dns DOMAIN [--address ADDRESS]... [--json]"
            + " [--check [--resolver ADDRESS] | --update [--dry-run]]";

    private static final Getopt KNOWN =
            Getopt.anywhere("", "address:", "own:", "json", "check", "resolver:", "update", "dry-run");

    private final InstantSource clock;

    DnsCommand(InstantSource clock) {
        this.clock = clock;
    }

    /// What a call is about.
    ///
    /// @param missing what could not be found out, in half a sentence each
    private record Asked(Control control, Ours ours, DomainRows rows, DomainRows.Parts parts, List<String> missing) {}

    @Override
    public int run(List<String> arguments, Stdio stdio) throws InterruptedException {
        try {
            Options options = Options.parse(arguments, KNOWN, 1);
            Getopt.Given given = options.given();
            boolean update = given.has("update");
            if ((given.has("check") && update)
                    || (given.has("resolver") && !given.has("check"))
                    || (given.has("dry-run") && !update)
                    || (update && given.has("json"))) {
                throw new Options.Wrong("these options do not go together");
            }
            Control control = new Control(State.of(stdio.environment()).control(), clock);
            Ours ours = Ours.of(control, options.addresses("address"), options.addresses("own"));
            Optional<String> domain = options.domain(ours, "dns", stdio);
            if (domain.isEmpty()) {
                return 100;
            }
            Asked asked = asked(domain.get(), control, ours, stdio);
            if (given.has("check")) {
                return check(asked, resolver(given), given.has("json"), stdio);
            }
            if (update) {
                return update(asked, given.has("dry-run"), stdio);
            }
            print(stdio, asked, given.has("json"));
            return 0;
        } catch (Options.Wrong e) {
            stdio.err().println("dns: " + Log.escape(e.getMessage()) + "\n" + USAGE);
            return 100;
        } catch (IOException e) {
            stdio.err().println("dns: fatal: " + Reasons.of(e));
            return 111;
        }
    }

    private static Optional<InetSocketAddress> resolver(Getopt.Given given) throws Options.Wrong {
        try {
            return given.last("resolver").map(DnsClient::server);
        } catch (IllegalArgumentException _) {
            throw new Options.Wrong("--resolver: neither ADDRESS nor ADDRESS:PORT");
        }
    }

    private static Asked asked(String domain, Control control, Ours ours, Stdio stdio) throws IOException {
        List<String> missing = new ArrayList<>();
        if (ours.addresses().isEmpty()) {
            missing.add("no public address of this machine is known: say --address, or write control/localips");
        }
        List<HeldKey> keys = keys(domain, stdio, missing);
        State state = State.of(stdio.environment());
        DomainRows.Parts parts = DomainRows.Parts.of(control, ServerKeys.in(state.tls()), keys);
        return new Asked(control, ours, DomainRows.of(domain, ours, parts), parts, missing);
    }

    private static List<HeldKey> keys(String domain, Stdio stdio, List<String> missing) {
        try {
            Optional<SignerClient> signer = SignerClient.named(stdio.environment());
            if (signer.isPresent()) {
                return signer.get().keys(domain);
            }
            missing.add("the signer does not run, so that nothing is known of the keys for DKIM: ./qrate up");
        } catch (IOException e) {
            missing.add("the keys for DKIM are not known: " + Reasons.of(e));
        }
        return List.of();
    }

    private static void print(Stdio stdio, Asked asked, boolean json) {
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("domain", asked.rows().domain());
            all.put("records", asked.rows().json());
            addMissing(asked, all);
            JsonWriter.print(all, stdio.out());
            return;
        }
        asked.rows().lines().forEach(stdio.out()::println);
        asked.missing().forEach(what -> stdio.out().println("; " + what));
    }

    private static void addMissing(Asked asked, Map<String, Object> all) {
        if (!asked.missing().isEmpty()) {
            all.put("missing", String.join("; ", asked.missing()));
        }
    }

    private int check(Asked asked, Optional<InetSocketAddress> named, boolean json, Stdio stdio) throws IOException {
        ZoneLook look = named.isPresent()
                ? ZoneLook.of(DnsClient.forgetful(stdio.environment()), named, StsFetch.byHttps(), clock)
                : ZoneLook.of(stdio.environment(), asked.control(), clock);
        List<ZoneLook.Looked> rows = look.look(asked.rows(), asked.ours(), asked.parts());
        boolean ready = asked.missing().isEmpty() && ZoneLook.ready(rows);
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("domain", asked.rows().domain());
            all.put("ready", ready);
            all.put("records", rows.stream().map(ZoneLook.Looked::json).toList());
            addMissing(asked, all);
            JsonWriter.print(all, stdio.out());
        } else {
            ZoneReport.lines(rows).forEach(stdio.out()::println);
            asked.missing().forEach(stdio.out()::println);
            stdio.out()
                    .println(asked.rows().domain()
                            + (ready
                                    ? " is ready: everybody asked sees every record that it needs"
                                    : " is not ready: records that it needs are not seen by everybody asked"));
        }
        return ready ? 0 : 1;
    }

    private int update(Asked asked, boolean rehearse, Stdio stdio) throws IOException, InterruptedException {
        NameServer server = NameServer.of(asked.control())
                .orElseThrow(() -> new IOException("control/dnsupdate names no server (./qrate man dns)"));
        ZoneUpdate update = new ZoneUpdate(server, DnsClient.forgetful(stdio.environment()), StsFetch.byHttps(), clock);
        ZoneUpdate.Plan plan = update.plan(asked.rows(), asked.ours(), asked.parts());
        ZoneReport.lines(plan).forEach(stdio.out()::println);
        asked.missing().forEach(what -> stdio.out().println("; " + what));
        if (!rehearse && !plan.changes().isEmpty()) {
            update.send(plan.changes());
        }
        stdio.out()
                .println(
                        plan.changes().isEmpty()
                                ? server + " has nothing to change"
                                : rehearse ? "nothing was sent" : server + " has made the changes");
        return 0;
    }
}
