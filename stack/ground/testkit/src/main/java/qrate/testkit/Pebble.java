package qrate.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/// Let's Encrypt's own test CA, pebble, from the distribution's package, with its challenge server, at whose DNS every
/// name leads to this host.
public final class Pebble implements AutoCloseable {
    /// A key that accounts may be bound with: its id and the key, as `control/acmeeab` wants them.
    public static final String BINDING = "kid-1 zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";

    private static final Duration START_MAX = Duration.ofSeconds(90);

    private final Path folder;
    private final List<Process> started = new ArrayList<>();
    private final int challenges = freePort();
    private final String directory;

    /// Starts one.
    ///
    /// @param folder with `cert.pem` and `key.pem` of the CA's own server
    /// @param at an address of this host, where it listens
    /// @param http the port at which it looks for the answer to an HTTP challenge
    /// @param bound whether accounts must be bound, by {@link #BINDING}
    public Pebble(Path folder, String at, int http, boolean bound) throws IOException {
        this.folder = folder;
        int port = freePort();
        String dns = "127.0.0.1:" + freePort();
        String[] key = BINDING.split(" ", -1);
        Path configuration = folder.resolve("config.json");
        Files.writeString(configuration, """
                {"pebble":{"listenAddress":"%s:%d","managementListenAddress":"127.0.0.1:%d","certificate":"%s","privateKey":"%s",
                "httpPort":%d,"tlsPort":%d,"ocspResponderURL":"","externalAccountBindingRequired":%s,
                "externalAccountMACKeys":{"%s":"%s"}}}
                """.formatted(
                        at,
                        port,
                        freePort(),
                        folder.resolve("cert.pem"),
                        folder.resolve("key.pem"),
                        http,
                        freePort(),
                        bound,
                        key[0],
                        key[1]));
        directory = "https://" + at + ":" + port + "/dir";
        try {
            run(
                    "127.0.0.1",
                    challenges,
                    new ProcessBuilder(
                            "pebble-challtestsrv",
                            "-http01",
                            "",
                            "-https01",
                            "",
                            "-tlsalpn01",
                            "",
                            "-defaultIPv6",
                            "",
                            "-dns01",
                            dns,
                            "-management",
                            "127.0.0.1:" + challenges));
            run(
                    at,
                    port,
                    new ProcessBuilder("pebble", "-strict", "-config", configuration.toString(), "-dnsserver", dns));
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private void run(String at, int port, ProcessBuilder builder) throws IOException {
        builder.environment().put("PEBBLE_VA_NOSLEEP", "1");
        started.add(builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("log" + started.size()).toFile())
                .start());
        Awaitility.await(builder.command().getFirst()).atMost(START_MAX).until(() -> listens(at, port));
    }

    private static boolean listens(String at, int port) {
        try (Socket _ = new Socket(at, port)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /// The address of its directory (RFC 8555 §7.1.1).
    public String directory() {
        return directory;
    }

    /// The port of 127.0.0.1 at which the challenge server takes records.
    public int challenges() {
        return challenges;
    }

    /// What its programs said, for a test that failed.
    public String logs() {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < started.size(); i++) {
            try {
                all.append(Files.readString(folder.resolve("log" + i)));
            } catch (IOException e) {
                all.append(e);
            }
        }
        return all.toString();
    }

    @Override
    public void close() {
        started.forEach(Process::destroyForcibly);
    }
}
