package qrate.zone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import qrate.core.Control;
import qrate.dns.Dns;
import qrate.dns.DnsClient;

/// BIND's named on loopback, with one zone that takes updates by one key.
final class Bind implements AutoCloseable {
    static final String SECRET = "c2VjcmV0LW9mLXRoZS10ZXN0LTEyMzQ1Njc4OTAxMjM=";

    private static final Duration START_MAX = Duration.ofSeconds(30);

    private final Path folder;
    private final Process process;
    private final int port;

    /// @param lines of the zone beside its SOA and NS
    Bind(Path folder, String zone, String lines) throws IOException {
        this.folder = folder;
        this.port = freePort();
        Files.writeString(folder.resolve("zone"), """
                $TTL 300
                @ IN SOA ns.%s. hostmaster.%s. 1 3600 600 86400 300
                @ IN NS ns.%s.
                ns IN A 127.0.0.1
                %s
                """.formatted(zone, zone, zone, lines));
        Path configuration = folder.resolve("named.conf");
        Files.writeString(configuration, """
                options {
                  directory "%s"; listen-on port %d { 127.0.0.1; }; listen-on-v6 { none; };
                  pid-file none; session-keyfile none; lock-file none; recursion no; empty-zones-enable no; dnssec-validation no;
                  querylog no; allow-query { any; };
                };
                controls { };
                key "qrate-key" { algorithm hmac-sha256; secret "%s"; };
                key "other-key" { algorithm hmac-sha256; secret "%s"; };
                zone "%s" { type primary; file "zone"; allow-update { key "qrate-key"; }; };
                """.formatted(folder, port, SECRET, SECRET, zone));
        process = new ProcessBuilder("named", "-g", "-n", "1", "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        Awaitility.await("named").atMost(START_MAX).until(() -> {
            if (!process.isAlive()) {
                throw new IOException(log());
            }
            return dns().texts("ns." + zone) instanceof Dns.Answer.NoData<String>;
        });
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    String place() {
        return "127.0.0.1:" + port;
    }

    Dns dns() {
        return DnsClient.forgetful(Map.of("QRATE_DNS", place()));
    }

    /// A name server as control files say.
    static NameServer named(Path control, String line, String secret) throws IOException {
        Files.writeString(control.resolve("dnsupdate"), line + "\n");
        Path key = control.resolve("dnsupdatekey");
        Files.writeString(key, secret + "\n");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        return NameServer.of(new Control(control, InstantSource.system())).orElseThrow();
    }

    String log() throws IOException {
        return Files.readString(folder.resolve("log"));
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
