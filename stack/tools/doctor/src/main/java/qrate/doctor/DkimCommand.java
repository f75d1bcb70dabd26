package qrate.doctor;

import java.io.IOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
import qrate.zone.KeyRecords;
import qrate.zone.NameServer;
import qrate.zone.Ours;
import qrate.zone.ZoneUpdate;

/// `dkim DOMAIN [--rotate] [--json]`: the keys that a domain's mail is signed with.
///
/// Exit code 0, 100 for a domain that is not ours or a wrong option, 111 when the signer does not answer.
final class DkimCommand implements Program {
    private static final String USAGE = "dkim: usage: dkim DOMAIN [--rotate] [--json]";

    private static final Getopt KNOWN = Getopt.anywhere("", "rotate", "json");

    private final InstantSource clock;

    DkimCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) throws InterruptedException {
        try {
            Options options = Options.parse(arguments, KNOWN, 1);
            Control control = new Control(State.of(stdio.environment()).control(), clock);
            Optional<String> ours = options.domain(Ours.of(control, List.of(), List.of()), "dkim", stdio);
            if (ours.isEmpty()) {
                return 100;
            }
            String domain = ours.get();
            SignerClient signer = SignerClient.named(stdio.environment())
                    .orElseThrow(() -> new IOException("the signer does not run: ./qrate up"));
            boolean rotate = options.given().has("rotate");
            List<HeldKey> keys = rotate ? signer.rotate(domain) : signer.keys(domain);
            Optional<NameServer> server = rotate ? NameServer.of(control) : Optional.empty();
            print(stdio, domain, keys, options.given().has("json"), server.isEmpty());
            if (server.isPresent()) {
                // what it does is said beside the result
                KeyRecords records = new KeyRecords(server.get(), control, stdio.environment(), clock);
                ZoneUpdate.Plan plan = records.publish(domain, keys);
                ZoneReport.lines(plan).forEach(stdio.err()::println);
                stdio.err().println("dkim: " + plan.changes().size() + " records were published by " + server.get());
            }
            return 0;
        } catch (Options.Wrong e) {
            stdio.err().println("dkim: " + Log.escape(e.getMessage()) + "\n" + USAGE);
            return 100;
        } catch (IOException e) {
            stdio.err().println("dkim: fatal: " + Reasons.of(e));
            return 111;
        }
    }

    /// @param byHand whether somebody must publish what waits
    private static void print(Stdio stdio, String domain, List<HeldKey> keys, boolean json, boolean byHand) {
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("domain", domain);
            all.put("keys", keys.stream().map(DkimCommand::members).toList());
            JsonWriter.print(all, stdio.out());
            return;
        }
        for (HeldKey key : keys) {
            stdio.out().println(key.place() + " " + key.key().algorithm().tag() + " " + word(key));
        }
        if (keys.isEmpty()) {
            stdio.out()
                    .println(domain + " has no keys: the domain above it signs its mail. --rotate makes some for it.");
        }
        if (byHand && keys.stream().anyMatch(key -> key.state() == HeldKey.State.WAITS)) {
            stdio.out().println("Publish what waits: ./qrate dns " + domain + " shows the records.");
        }
    }

    private static Map<String, Object> members(HeldKey key) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("name", key.place());
        members.put("algorithm", key.key().algorithm().tag());
        members.put("state", word(key));
        members.put("record", key.record());
        return members;
    }

    private static String word(HeldKey key) {
        return key.state().name().toLowerCase(Locale.ROOT);
    }
}
