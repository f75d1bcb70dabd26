package qrate.provisioning;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import qrate.core.DurableFile;
import qrate.core.State;

/// The control files of a first run (qmail-control(5)); one that is there is left alone.
final class ControlFiles {
    /// Largest message, in bytes.
    static final long DATA_BYTES = 52_428_800;

    /// How long a message may wait in the queue, in seconds: a week.
    static final long QUEUE_SECONDS = 604_800;

    private static final String TCP_RULES = """
            # Who may connect, and with what: tcprules(1). Nobody relays by address; whoever signs in does.
            # 192.0.2.:deny
            # :allow,DATABYTES="10000000"
            """;

    private ControlFiles() {}

    /// Writes what is missing.
    ///
    /// @return a line for each file written
    static List<String> make(State state, String domain, String host) throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("me", host + "\n");
        files.put("defaultdomain", domain + "\n");
        files.put("plusdomain", domain + "\n");
        // the host's own name is local, for alias: mail for <postmaster> and double bounces have it (RFC 5321 §4.5.1)
        files.put("locals", host.equals(domain) ? "localhost\n" : host + "\nlocalhost\n");
        files.put("rcpthosts", "");
        files.put("virtualdomains", "");
        files.put("databytes", DATA_BYTES + "\n");
        files.put("queuelifetime", QUEUE_SECONDS + "\n");
        files.put("tcp.smtp", TCP_RULES);
        List<String> done = new ArrayList<>();
        if (!Files.exists(state.control().resolve("locals"))) {
            done.addAll(aliases(state, domain));
        }
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = state.control().resolve(file.getKey());
            if (!Files.exists(path)) {
                DurableFile.write(path, file.getValue().getBytes(UTF_8));
                done.add("control/" + file.getKey());
            }
        }
        return done;
    }

    /// Those whom every host has (RFC 2142), for alias.
    private static List<String> aliases(State state, String domain) throws IOException {
        List<String> done = new ArrayList<>();
        for (String name : List.of("postmaster", "mailer-daemon", "root")) {
            Path path = state.maildirs().resolve("alias").resolve(".qmail-" + name);
            if (!Files.exists(path)) {
                DurableFile.write(path, ("&postmaster@" + domain + "\n").getBytes(UTF_8));
                done.add("alias/.qmail-" + name);
            }
        }
        return done;
    }
}
