package qrate.explain;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import qrate.core.Address;
import qrate.core.Control;
import qrate.core.Launcher;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.State;
import qrate.dns.DnsClient;
import qrate.remote.Surroundings;
import qrate.remote.routes.OwnHosts;
import qrate.remote.routes.TimeoutTable;
import qrate.remote.session.Connector;
import qrate.remote.tls.Authorities;
import qrate.snapshots.Assignments;
import qrate.snapshots.Directory;
import qrate.testkit.DnsServer;

/// A state with one domain of the directory, `virtual.test`, one of the system's, `local.test`, and a DNS server.
final class Setting implements AutoCloseable {
    final State state;
    final DnsServer dns = DnsServer.start();
    private final Map<String, Directory.Route> routes = new TreeMap<>();
    private String said = "";
    private Map<String, String> environment = Map.of();

    Setting(Path root) throws IOException {
        state = new State(root);
        for (Path folder : List.of(
                state.control(),
                state.users(),
                state.maildirs().resolve("alias"),
                state.maildirs().resolve("joe"),
                state.maildirs().resolve("domains/virtual.test"))) {
            Files.createDirectories(folder);
        }
        control("me", "mx.test");
        control("locals", "local.test");
        control("virtualdomains", "virtual.test:virtual.test");
        Object uid = Files.getAttribute(root, "unix:uid");
        Assignments.toCdb(List.of(
                        "+virtual.test-:virtual.test:" + uid + ":1:domains/virtual.test:-::",
                        "=joe:joe:" + uid + ":1:joe:::",
                        "=other:other:4242:1:joe:::"))
                .write(state.users().resolve("cdb"), "rw-r-----");
        mailbox("ann", 0);
    }

    void control(String name, String text) throws IOException {
        Files.writeString(state.control().resolve(name), text + "\n");
    }

    /// An instruction file below the maildirs.
    void put(String file, String content) throws IOException {
        Path path = state.maildirs().resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }

    void mailbox(String user, long quota) {
        route(
                user,
                new Directory.Route.Mailbox(
                        user + "@virtual.test", "domains/virtual.test/" + user, quota, 0, List.of(), true));
    }

    void forward(String user, String... to) {
        route(user, new Directory.Route.Forward(List.of(to)));
    }

    private void route(String user, Directory.Route route) {
        routes.put(user + "@virtual.test", route);
    }

    /// Runs `explain`.
    ///
    /// @return its exit code; what it says is in {@link #said}
    int explain(String... arguments) {
        Control control = new Control(state.control(), InstantSource.system());
        Surroundings remote = new Surroundings(
                control,
                new DnsClient(() -> List.of(new InetSocketAddress("127.0.0.1", dns.port())), DnsClient.TRY_MAX),
                Connector.direct(),
                OwnHosts.of(control, _ -> false),
                InstantSource.system(),
                new Random(7),
                Log.silent(),
                new TimeoutTable(state.root().resolve("tcpto")),
                Authorities.ofTheJdk(),
                Surroundings.Signer.NONE);
        Program list = (_, _) -> {
            throw new IllegalStateException("explain runs nothing");
        };
        Program program = new Explain(new Explain.Parts(
                state, control, new Routes(), remote, InstantSource.system(), Map.of("ezmlm-send", list)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, UTF_8);
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addFirst("explain");
        int code = Launcher.run(
                Map.of("explain", program),
                all.toArray(String[]::new),
                new Program.Stdio(environment, InputStream.nullInputStream(), print, print));
        said = out.toString(UTF_8);
        return code;
    }

    void environment(Map<String, String> given) {
        environment = given;
    }

    String said() {
        return said;
    }

    /// Every file and what is in it.
    Map<String, String> files() throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(state.root())) {
            for (Path path : paths.toList()) {
                all.put(
                        path.toString(),
                        Files.isRegularFile(path)
                                ? new String(Files.readAllBytes(path), java.nio.charset.StandardCharsets.ISO_8859_1)
                                : "");
            }
        }
        return all;
    }

    @Override
    public void close() throws IOException {
        dns.close();
    }

    private final class Routes implements Directory {
        @Override
        public Route route(Address address) {
            Route found = routes.get(address.toString().toLowerCase(Locale.ROOT));
            if (found != null) {
                return found;
            }
            return address.domain().equals("virtual.test") ? new Route.NoSuchUser() : new Route.NotOurs();
        }
    }
}
