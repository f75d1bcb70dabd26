package qrate.doctor;

import java.io.IOException;
import java.time.InstantSource;
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
import qrate.snapshots.Names;

/// `dns DOMAIN [--address A]... [--json]`: the records to publish for a domain of ours.
///
/// Exit code 0, 100 for a domain that is not ours or a wrong option, 111 when a file cannot be read.
final class DnsCommand implements Program {
    private static final String USAGE = "dns: usage: dns DOMAIN [--address ADDRESS]... [--json]";

    private static final Getopt KNOWN = Getopt.anywhere("", "address:", "own:", "json");

    private final InstantSource clock;

    DnsCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) {
        try {
            Options options = Options.parse(arguments, KNOWN, 1);
            Control control = new Control(State.of(stdio.environment()).control(), clock);
            Ours ours = Ours.of(control, options.addresses("address"), options.addresses("own"));
            String domain = Names.domain(options.given().operand(0))
                    .orElseThrow(() -> new Options.Wrong(
                            "not a domain name: " + options.given().operand(0)));
            if (!ours.domains().contains(domain)) {
                stdio.err()
                        .println("dns: " + Log.escape(domain)
                                + ": not a domain of this system: ./qrate vdominfo lists them");
                return 100;
            }
            print(
                    stdio,
                    DnsRecords.of(domain, ours.host(), ours.addresses()),
                    ours,
                    options.given().has("json"));
            return 0;
        } catch (Options.Wrong e) {
            stdio.err().println("dns: " + Log.escape(e.getMessage()) + "\n" + USAGE);
            return 100;
        } catch (IOException e) {
            stdio.err().println("dns: fatal: " + Reasons.of(e));
            return 111;
        }
    }

    private static void print(Stdio stdio, DnsRecords published, Ours ours, boolean json) {
        Optional<String> missing = ours.addresses().isEmpty()
                ? Optional.of("no public address of this machine is known: say --address, or write control/localips")
                : Optional.empty();
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("domain", published.domain());
            all.put("records", published.json());
            missing.ifPresent(what -> all.put("missing", what));
            JsonWriter.print(all, stdio.out());
            return;
        }
        published.zone().forEach(stdio.out()::println);
        missing.ifPresent(what -> stdio.out().println("; " + what));
    }
}
