package qrate.doctor;

import java.io.IOException;
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
import qrate.signer.HeldKey;
import qrate.signer.SignerClient;

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
            Optional<String> domain = ours.domain(options, "dns", stdio);
            if (domain.isEmpty()) {
                return 100;
            }
            List<String> missing = new ArrayList<>();
            if (ours.addresses().isEmpty()) {
                missing.add("no public address of this machine is known: say --address, or write control/localips");
            }
            List<HeldKey> keys = keys(domain.get(), stdio, missing);
            DnsRecords published = DnsRecords.of(domain.get(), ours.host(), ours.addresses(), keys);
            print(stdio, published, missing, options.given().has("json"));
            return 0;
        } catch (Options.Wrong e) {
            stdio.err().println("dns: " + Log.escape(e.getMessage()) + "\n" + USAGE);
            return 100;
        } catch (IOException e) {
            stdio.err().println("dns: fatal: " + Reasons.of(e));
            return 111;
        }
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

    private static void print(Stdio stdio, DnsRecords published, List<String> missing, boolean json) {
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("domain", published.domain());
            all.put("records", published.json());
            if (!missing.isEmpty()) {
                all.put("missing", String.join("; ", missing));
            }
            JsonWriter.print(all, stdio.out());
            return;
        }
        published.zone().forEach(stdio.out()::println);
        missing.forEach(what -> stdio.out().println("; " + what));
    }
}
