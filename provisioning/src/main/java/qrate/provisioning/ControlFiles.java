package qrate.provisioning;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import qrate.core.DurableFile;
import qrate.core.State;

/// The control files of a first run (qmail-control(5)); one that is there is left alone.
final class ControlFiles {
    /// Largest message, in bytes.
    static final long DATA_BYTES = 52_428_800;

    /// How long a message may wait in the queue, in seconds: a week.
    static final long QUEUE_SECONDS = 604_800;

    /// Of a secret that nobody has to type.
    private static final int SECRET_BYTES = 20;

    private static final String TCP_RULES = """
            # Who may connect, and with what: tcprules(1). Nobody relays by address; whoever signs in does.
            # Rules count once tcprules has made tcp.smtp.cdb of them, within a second: README.md says how.
            # 192.0.2.:deny
            # :allow,DATABYTES="10000000"
            """;

    /// Who of this host's own name gets mail (alias in qmail-users(5)): a name without a domain is one of it, and so is
    /// whoever hears of double bounces (RFC 5321 §4.5.1, RFC 2142 §5).
    private static final List<String> ALIASES = List.of("postmaster", "mailer-daemon", "root");

    private ControlFiles() {}

    /// Writes what is missing. Where `locals` is, its own aliases are somebody else's matter.
    ///
    /// @return a line for each file written
    static List<String> make(State state, String domain, String host) throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("me", host + "\n");
        files.put("defaultdomain", domain + "\n");
        files.put("plusdomain", domain + "\n");
        unqualified(state, domain, host).ifPresent(name -> files.put("defaulthost", name + "\n"));
        files.put("locals", host.equals(domain) ? "localhost\n" : "localhost\n" + host + "\n");
        files.put("rcpthosts", "");
        files.put("virtualdomains", "");
        files.put("databytes", DATA_BYTES + "\n");
        files.put("queuelifetime", QUEUE_SECONDS + "\n");
        files.put("srs_secrets", secret() + "\n");
        files.put("tcp.smtp", TCP_RULES);
        List<String> done = new ArrayList<>();
        if (!Files.exists(state.control().resolve("locals"))) {
            for (String name : ALIASES) {
                Path path = state.maildirs().resolve("alias").resolve(".qmail-" + name);
                write(path, "&postmaster@" + domain + "\n", done, "maildirs/alias/");
            }
        }
        for (Map.Entry<String, String> file : files.entrySet()) {
            write(state.control().resolve(file.getKey()), file.getValue(), done, "control/");
        }
        return done;
    }

    private static String secret() {
        byte[] random = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /// Where a name without a host belongs: to the domain that has mailboxes, not to `me`, which has none. A state that
    /// was taken over from a qmail of another name keeps `me` there (qmail-inject(8)).
    private static Optional<String> unqualified(State state, String domain, String host) throws IOException {
        Optional<String> first = value(state.control().resolve("defaultdomain"));
        Set<String> made = new TreeSet<>(List.of(host, domain, "mail." + first.orElse(domain)));
        return value(state.control().resolve("me"))
                        .filter(me -> !made.contains(me))
                        .isPresent()
                ? Optional.empty()
                : first.or(() -> Optional.of(domain));
    }

    private static Optional<String> value(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return Files.readAllLines(file, UTF_8).stream()
                .findFirst()
                .map(String::strip)
                .filter(line -> !line.isEmpty());
    }

    private static void write(Path path, String text, List<String> done, String folder) throws IOException {
        if (!Files.exists(path)) {
            DurableFile.write(path, text.getBytes(UTF_8));
            done.add(folder + path.getFileName());
        }
    }
}
