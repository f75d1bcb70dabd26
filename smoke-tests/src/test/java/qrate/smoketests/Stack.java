package qrate.smoketests;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/// The services in containers, under a project name and ports of their own: a stack in use is left alone.
/// Nothing is pulled: the images are those that `images/build` made here.
final class Stack implements AutoCloseable {
    static final List<String> SERVICES =
            List.of("smtpd", "send", "lspawn", "rspawn", "pop3d", "vchkpw", "signer", "admin");
    static final String DOMAIN = "example.test";

    private static final String PREFIX = "qrate-test-";
    private static final int PORT_FIRST = 15_000;
    private static final int PORT_AFTER_LAST = 30_000;
    private static final int PORT_TRIES_MAX = 100;
    private static final Duration COMMAND_MAX = Duration.ofMinutes(5);
    private static final String SECOND = "-second";
    private static final Pattern PROJECT = Pattern.compile(PREFIX + "([0-9]+)(?:" + SECOND + ")?");
    private static final List<String> PORTS = List.of("SMTP", "SUBMISSION", "SMTPS", "POP3", "POP3S", "ADMIN");

    private static final Path TOP = Path.of("..").toAbsolutePath().normalize();

    private final List<String> files = new ArrayList<>();
    private final String project;
    private final String domain;
    private final Map<String, String> environment = new HashMap<>();

    private Stack(String more, String domain, String... overlays) {
        this.project = PREFIX + ProcessHandle.current().pid() + more;
        this.domain = domain;
        for (String name : command("compose", overlays)) {
            files.addAll(List.of("-f", TOP.resolve("compose/" + name + ".yaml").toString()));
        }
        environment.put("QRATE_OVERLAYS", String.join(" ", overlays));
        environment.put("COMPOSE_PROJECT_NAME", project);
    }

    /// Starts a stack with an empty state and waits until every service is healthy.
    static Stack up() throws IOException {
        return prepared().started();
    }

    /// One that is not started yet, with more Compose files.
    static Stack prepared(String... overlays) throws IOException {
        sweepDead();
        return prepared(new Stack("", DOMAIN, overlays));
    }

    /// A second one of another domain, beside the first, which is up already: its ports are taken.
    static Stack second(String domain, String... overlays) throws IOException {
        return prepared(new Stack(SECOND, domain, overlays));
    }

    private static Stack prepared(Stack stack) throws IOException {
        for (String port : PORTS) {
            stack.publish(port);
        }
        stack.environment.put("QRATE_BIND", "127.0.0.1");
        stack.environment.put("QRATE_DOMAIN", stack.domain);
        // a resolver that is not there: no test asks a real one
        stack.environment.put("QRATE_DNS", "127.0.0.1");
        return stack;
    }

    /// This, once every service is healthy.
    Stack started() throws IOException {
        try {
            start();
            return this;
        } catch (IOException e) {
            String logs = compose("logs", "--tail", "40").text();
            close();
            throw new IOException(e.getMessage() + "\n" + logs, e);
        }
    }

    /// A setting, as in `compose/.env`.
    void set(String name, String value) {
        environment.put(name, value);
    }

    /// Publishes a door at a port that no other door of this stack has.
    void publish(String door) throws IOException {
        environment.put("QRATE_" + door + "_PORT", freePort(environment.values()));
    }

    /// Runs `./qrate` on this stack.
    ///
    /// @param state the folder for what it remembers
    Ran qrate(Path state, String... arguments) throws IOException {
        return qrate(TOP, state, arguments);
    }

    /// Runs another version's `./qrate` on it.
    ///
    /// @param version the folder that its `qrate` is in
    Ran qrate(Path version, Path state, String... arguments) throws IOException {
        return run(with(state), command(version.resolve("qrate").toString(), arguments));
    }

    /// What such a call has in its environment.
    Map<String, String> with(Path state) {
        Map<String, String> with = new HashMap<>(environment);
        with.put("QRATE_STATE", state.toString());
        return with;
    }

    /// `docker compose up --wait`, which may find everything running.
    void start() throws IOException {
        compose("up", "--wait").orFail();
    }

    /// Where its published ports are.
    Target target() {
        return new Target(
                "127.0.0.1",
                new Target.Ports(port("SMTP"), port("SUBMISSION"), port("SMTPS"), port("POP3"), port("POP3S")),
                true);
    }

    int port(String name) {
        return Integer.parseInt(environment.get("QRATE_" + name + "_PORT"));
    }

    /// Makes a mailbox of the first domain.
    Target.Login mailbox(String user) throws IOException {
        String password = "correct horse " + user;
        compose("exec", "-T", "admin", "qrate", "vadduser", user + "@" + domain, password)
                .orFail();
        return new Target.Login(user + "@" + domain, password);
    }

    /// Runs a shell script inside a service, as that service's user.
    Ran inside(String service, String script) throws IOException {
        return compose("exec", "-T", service, "sh", "-c", script);
    }

    /// One field of a service's container.
    String inspect(String service, String format) throws IOException {
        return docker("inspect", "--format", format, container(service))
                .orFail()
                .text()
                .strip();
    }

    String container(String service) throws IOException {
        return compose("ps", "-a", "-q", service).orFail().text().strip();
    }

    String network(String name, String format) throws IOException {
        return docker("network", "inspect", "--format", format, project + "_" + name)
                .orFail()
                .text()
                .strip();
    }

    /// SIGKILL, and up again: what a crash and a restart policy amount to.
    void crash(String service) throws IOException {
        docker("kill", "--signal", "KILL", container(service)).orFail();
        docker("start", container(service)).orFail();
    }

    /// The label of what goes with it.
    String label() {
        return "com.docker.compose.project=" + project;
    }

    /// The whole name of one of its networks.
    String networkName(String name) {
        return project + "_" + name;
    }

    Ran docker(String... arguments) throws IOException {
        return run(environment, command("docker", arguments));
    }

    Ran compose(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("docker", "compose", "-p", project));
        command.addAll(files);
        command.addAll(Arrays.asList(arguments));
        return run(environment, command);
    }

    @Override
    public void close() throws IOException {
        sweep(project);
    }

    private static List<String> command(String first, String... rest) {
        List<String> command = new ArrayList<>(List.of(first));
        command.addAll(Arrays.asList(rest));
        return command;
    }

    private static Ran run(Map<String, String> environment, List<String> command) throws IOException {
        return Ran.of(COMMAND_MAX, environment, command);
    }

    /// Removes what killed runs have left: projects whose process is gone.
    private static void sweepDead() throws IOException {
        String format = "{{.Label \"com.docker.compose.project\"}}";
        String projects =
                run(Map.of(), command("docker", "ps", "-a", "--format", format)).text()
                        + run(Map.of(), command("docker", "volume", "ls", "--format", format))
                                .text();
        for (String name : projects.lines().distinct().toList()) {
            var match = PROJECT.matcher(name);
            if (match.matches()
                    && ProcessHandle.of(Long.parseLong(match.group(1))).isEmpty()) {
                sweep(name);
            }
        }
    }

    /// Removes everything with a project's label: a broken compose file does not keep it.
    private static void sweep(String name) throws IOException {
        String filter = "label=com.docker.compose.project=" + name;
        remove(command("docker", "ps", "-a", "-q", "--filter", filter), "rm", "-f");
        remove(command("docker", "network", "ls", "-q", "--filter", filter), "network", "rm");
        remove(command("docker", "volume", "ls", "-q", "--filter", filter), "volume", "rm");
    }

    private static void remove(List<String> list, String... how) throws IOException {
        List<String> found = run(Map.of(), list).orFail().lines();
        if (!found.isEmpty()) {
            List<String> command = new ArrayList<>(command("docker", how));
            command.addAll(found);
            run(Map.of(), command).orFail();
        }
    }

    /// A port that nobody listens on, below those that the system gives to outgoing connections: one of these could
    /// be taken again before whoever it is for is there.
    ///
    /// @param taken those that were given out already
    static String freePort(Collection<String> taken) throws IOException {
        String port = Integer.toString(freePort());
        while (taken.contains(port)) {
            port = Integer.toString(freePort());
        }
        return port;
    }

    private static int freePort() throws IOException {
        for (int tries = 0; tries < PORT_TRIES_MAX; tries++) {
            int port = ThreadLocalRandom.current().nextInt(PORT_FIRST, PORT_AFTER_LAST);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException _) {
                // somebody has it: another then
            }
        }
        throw new IOException("no free port");
    }
}
