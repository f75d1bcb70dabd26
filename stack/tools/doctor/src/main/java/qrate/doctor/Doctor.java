package qrate.doctor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import qrate.core.Control;
import qrate.core.Getopt;
import qrate.core.JsonWriter;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Reasons;
import qrate.core.State;
import qrate.dns.Dns;
import qrate.dns.DnsClient;
import qrate.signer.SignerClient;
import qrate.zone.Ours;

/// `doctor [OPTION...]`: looks at everything that keeps a mail domain from working, and prints the worst first.
///
/// In containers nobody gets at the doors who can get out, too: `./qrate` then looks at the doors alone
/// (`--doors-only`)
/// and hands what was found to the other look (`--with-input`).
///
/// Exit code 0 when all is well, 1 when something is doubtful, 2 when something is broken, 100 for a wrong option, 111
/// when it could not look.
public final class Doctor implements Program {
    private static final String USAGE =
            "doctor: usage: doctor [--json] [--address A]... [--domain D]... [--blocklist ZONE]... [--outbound HOST:PORT]...";

    /// Says what is wrong with the folders of a state, each with what mends it.
    @FunctionalInterface
    public interface Folders {
        Map<String, String> wrong(State state) throws IOException;
    }

    private static final Getopt KNOWN = Getopt.anywhere(
            "",
            "address:",
            "own:",
            "domain:",
            "blocklist:",
            "outbound:",
            "door:",
            "smtp-port:",
            "bind:",
            "clock:",
            "json",
            "doors-only",
            "with-input");

    private static final int INPUT_BYTES_MAX = 1 << 20;

    private final InstantSource clock;
    private final Folders folders;

    /// `dns` and `doctor`.
    ///
    /// @param folders says what is wrong with the folders of a state
    public static Map<String, Program> programs(Folders folders, InstantSource clock) {
        return Map.of(
                "dkim", Program.of(() -> new DkimCommand(clock)),
                "dns", Program.of(() -> new DnsCommand(clock)),
                "doctor", Program.of(() -> new Doctor(folders, clock)));
    }

    Doctor(Folders folders, InstantSource clock) {
        this.folders = folders;
        this.clock = clock;
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) {
        try {
            Options options = Options.parse(arguments, KNOWN, 0);
            List<Finding> found = new ArrayList<>();
            if (options.given().has("with-input")) {
                found.addAll(Finding.read(stdio.in().readNBytes(INPUT_BYTES_MAX)));
            }
            found.addAll(look(options, stdio.environment(), DnsClient.forgetful(stdio.environment())));
            found.sort(Finding.WORST_FIRST);
            return print(found, options.given().has("json"), stdio);
        } catch (Options.Wrong e) {
            stdio.err().println("doctor: " + Log.escape(e.getMessage()) + "\n" + USAGE);
            return 100;
        } catch (IOException e) {
            stdio.err().println("doctor: fatal: " + Reasons.of(e));
            return 111;
        }
    }

    private List<Finding> look(Options options, Map<String, String> environment, Dns dns)
            throws IOException, Options.Wrong {
        State state = State.of(environment);
        Control control = new Control(state.control(), clock);
        Ours ours = Ours.of(control, options.addresses("address"), options.addresses("own"));
        if (options.given().has("domain")) {
            Set<String> asked = new LinkedHashSet<>(options.given().all("domain"));
            ours = new Ours(ours.host(), ours.addresses(), asked);
        }
        Map<String, Check> checks = new LinkedHashMap<>();
        checks.put(
                "port",
                new DoorCheck(
                        doors(options),
                        smtpPort(options),
                        options.given().last("bind").orElse("")));
        if (!options.given().has("doors-only")) {
            checks.put("name", new NameCheck(ours, dns));
            checks.put("dns", new ZoneCheck(ours, dns));
            Optional<SignerClient> signer = SignerClient.named(environment);
            if (signer.isPresent()) {
                checks.put("dkim", new DkimCheck(ours, dns, signer.get()));
            }
            checks.put("outbound", new OutboundCheck(control, dns, outbound(options)));
            checks.put("certificate", new CertificateCheck(state, ours, clock));
            checks.put(
                    "machine",
                    new MachineCheck(state, options.given().last("clock").orElse(""), folders));
            checks.put(
                    "blocklist", new BlocklistCheck(ours, dns, options.given().all("blocklist")));
        }
        List<Finding> all = new ArrayList<>();
        checks.forEach((area, check) -> {
            try {
                all.addAll(check.look());
            } catch (IOException | RuntimeException e) { // one look that failed is no reason to leave out the others
                String why = e instanceof IOException io ? Reasons.of(io) : Log.escape(e.toString());
                all.add(Finding.doubtful(area, "could not be looked at: " + why, ""));
            }
        });
        return all;
    }

    private static List<Door> doors(Options options) throws Options.Wrong {
        List<Door> doors = new ArrayList<>();
        for (String text : options.given().all("door")) {
            doors.add(Door.parse(text));
        }
        return doors;
    }

    private static OptionalInt smtpPort(Options options) throws Options.Wrong {
        String text = options.given().last("smtp-port").orElse("");
        try {
            return text.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
        } catch (NumberFormatException _) {
            throw new Options.Wrong("no port: " + text);
        }
    }

    private static List<InetSocketAddress> outbound(Options options) throws Options.Wrong {
        List<InetSocketAddress> servers = new ArrayList<>();
        for (String text : options.given().all("outbound")) {
            servers.add(Door.server(text));
        }
        return servers;
    }

    private static int print(List<Finding> found, boolean json, Stdio stdio) {
        Finding.Level worst =
                found.isEmpty() ? Finding.Level.WELL : found.getFirst().level();
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("code", worst.code());
            all.put("findings", found.stream().map(Finding::json).toList());
            JsonWriter.print(all, stdio.out());
        } else {
            found.forEach(finding -> stdio.out().println(Log.escape(finding.line())));
        }
        return worst.code();
    }
}
