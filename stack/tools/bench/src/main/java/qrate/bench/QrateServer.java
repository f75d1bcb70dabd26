package qrate.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.State;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.Password;
import qrate.directory.Settings;

/// Qrate in its embedded shape, as `./qrate up` starts it, on a temporary state.
final class QrateServer implements Server.Holding, Server.Ours {
    /// Mailboxes made in one change.
    private static final int AT_ONCE = 500;

    private static final String MAIN = "qrate.images.embedded.Main";

    private final String name;
    private final Path home;
    private final State state;
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> java;
    private final int smtp = Processes.freePort();
    private final int pop3 = Processes.freePort();
    private Process process;

    /// @param flags JVM options, as the launcher gives them
    /// @param locals its mailboxes
    QrateServer(Path home, List<String> flags, List<String> locals) throws IOException {
        this(home, flags, locals, "qrate, one process", Map.of());
    }

    /// @param name what the tables call it
    /// @param more environment
    QrateServer(Path home, List<String> flags, List<String> locals, String name, Map<String, String> more)
            throws IOException {
        this.name = name;
        this.home = home;
        this.state = new State(home.resolve("var"));
        Files.createDirectories(home);
        environment.put("QRATE_STATE", state.root().toString());
        environment.put("QRATE_DOMAIN", DOMAIN);
        environment.put("QRATE_BIND", "127.0.0.1");
        environment.put("QRATE_SMTP_PORT", Integer.toString(smtp));
        environment.put("QRATE_POP3_PORT", Integer.toString(pop3));
        for (String other : List.of("SUBMISSION", "SMTPS", "POP3S", "ADMIN")) {
            environment.put("QRATE_" + other + "_PORT", Integer.toString(Processes.freePort()));
        }
        environment.putAll(more);
        java = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        java.addAll(flags);
        java.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
        Process init = start("init");
        try {
            if (init.waitFor() != 0) {
                throw new IOException("init failed: " + Files.readString(home.resolve("init.out")));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        add(locals);
        // the peers take passwords in the clear on loopback, and TLS is not what is measured
        Files.writeString(state.control().resolve("pop3plaintext"), "yes\n");
        begin();
    }

    private void begin() throws IOException {
        process = start("up");
        Processes.awaitPort(smtp);
        Processes.awaitPort(pop3);
    }

    private Process start(String program) throws IOException {
        List<String> command = new ArrayList<>();
        if (Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
            // it does not run as root, and what is built here may be below root's own folder
            command.addAll(List.of("unshare", "--user", "--map-user=1000", "--map-group=1000"));
        }
        command.addAll(java);
        command.add(program);
        return Processes.start(home.resolve(program + ".out"), environment, command.toArray(String[]::new));
    }

    private void add(List<String> locals) throws IOException {
        try (Domains domains = Domains.open(state, Settings.of(environment, state), InstantSource.system())) {
            for (int i = 0; i < locals.size(); i += AT_ONCE) {
                domains.addMailboxes(locals.subList(i, Math.min(locals.size(), i + AT_ONCE)).stream()
                        .map(local -> new Edit.AddMailbox(local + "@" + DOMAIN, new Password.Hashed(HASH)))
                        .toList());
            }
        }
    }

    /// The directory belongs to one process at a time.
    @Override
    public void addMailboxes(List<String> locals) throws IOException {
        Processes.stop(process);
        add(locals);
        begin();
    }

    @Override
    public void control(Map<String, List<String>> files) throws IOException {
        for (var file : files.entrySet()) {
            Files.write(state.control().resolve(file.getKey()), file.getValue());
        }
        restart();
    }

    @Override
    public Optional<InetAddress> outside() {
        return Optional.empty();
    }

    @Override
    public ProcessTree.Memory memory() throws IOException {
        return ProcessTree.memory(process.pid());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public InetSocketAddress smtp() {
        return Processes.here(smtp);
    }

    @Override
    public InetSocketAddress pop3() {
        return Processes.here(pop3);
    }

    @Override
    public Path maildir(String local) {
        return state.maildirs().resolve("domains/" + DOMAIN + "/" + local + "/Maildir");
    }

    @Override
    public double cpuSeconds() throws IOException {
        return ProcessTree.cpuSeconds(process.pid());
    }

    /// Local deliveries stop with `concurrencylocal` 0, which is read at the start.
    @Override
    public void hold(boolean held) throws IOException {
        Path file = state.control().resolve("concurrencylocal");
        if (held) {
            Files.writeString(file, "0\n");
        } else {
            Files.deleteIfExists(file);
        }
        restart(!held);
    }

    @Override
    public void restart() throws IOException {
        restart(true);
    }

    private void restart(boolean emptyQueue) throws IOException {
        Processes.stop(process);
        if (emptyQueue) {
            Processes.run("rm", "-rf", state.queue().toString());
        }
        begin();
    }

    /// Messages held in the queue stay there: each costs it a few bytes, and none is looked at again.
    @Override
    public void clear() throws IOException {
        Processes.clearMaildirs(this);
    }

    @Override
    public void close() throws IOException {
        Processes.stop(process);
        Processes.run("rm", "-rf", home.toString());
    }
}
