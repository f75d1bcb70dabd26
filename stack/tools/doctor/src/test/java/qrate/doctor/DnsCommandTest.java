package qrate.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Program;
import qrate.directory.Json;
import qrate.testkit.DnsServer;

/// What `dns` prints, and how it ends.
class DnsCommandTest {
    @TempDir
    Path folder;

    private DnsServer first;
    private DnsServer second;

    private record Said(int code, String text) {}

    @BeforeEach
    void start() throws IOException {
        first = DnsServer.start();
        second = DnsServer.start();
        for (DnsServer server : List.of(first, second)) {
            server.put("example.org", "MX", "10 mx.example.org.")
                    .put("mx.example.org", "A", "192.0.2.25")
                    .put("25.2.0.192.in-addr.arpa", "PTR", "mx.example.org.")
                    .put("example.org", "TXT", "\"v=spf1 mx -all\"")
                    .put("_dmarc.example.org", "TXT", "\"v=DMARC1; p=none\"");
        }
        Files.createDirectory(folder.resolve("control"));
        control("me", "mx.example.org");
        control("rcpthosts", "example.org");
        control("mtasts", "off");
    }

    @AfterEach
    void close() throws IOException {
        first.close();
        second.close();
    }

    private void control(String name, String text) throws IOException {
        Files.writeString(folder.resolve("control").resolve(name), text + "\n");
    }

    private Said dns(String... arguments) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream printed = new PrintStream(out, true, UTF_8);
        Program.Stdio stdio = new Program.Stdio(
                Map.of("QRATE_STATE", folder.toString(), "QRATE_DNS", first.hostAndPort()),
                new ByteArrayInputStream(new byte[0]),
                printed,
                printed);
        int code = new DnsCommand(InstantSource.system()).run(List.of(arguments), stdio);
        return new Said(code, out.toString(UTF_8));
    }

    @Test
    void aLookSaysOfEachRowWhatBothSeeAndIsNotReadyWithoutKeys() throws Exception {
        second.remove("_dmarc.example.org");
        Said said =
                dns("example.org", "--address", "192.0.2.25", "--check", "--resolver", "127.0.0.1:" + second.port());
        assertEquals(1, said.code(), said::text);
        assertTrue(said.text().contains("right      example.org MX\n"), said::text);
        assertTrue(said.text().contains("differs    _dmarc.example.org TXT\n"), said::text);
        assertTrue(said.text().contains("the resolver: v=DMARC1; p=none\n"), said::text);
        assertTrue(said.text().contains("127.0.0.1: nothing\n"), said::text);
        assertTrue(said.text().contains("> publish _smtp._tls.example.org TXT v=TLSRPTv1;"), said::text);
        assertTrue(said.text().contains("the signer does not run"), said::text);
        assertTrue(said.text().strip().endsWith("seen by everybody asked"), said::text);
    }

    @Test
    void theSameStandsInJson() throws Exception {
        control("dnscheck", "127.0.0.1:" + second.port());
        Said said = dns("example.org", "--address", "192.0.2.25", "--check", "--json");
        Map<String, Object> all = Json.object(said.text().getBytes(UTF_8));
        assertEquals(false, all.get("ready"));
        Map<String, Object> mx = Json.objects(all, "records").stream()
                .filter(row -> row.get("type").equals("MX"))
                .findFirst()
                .orElseThrow();
        assertEquals("right", mx.get("state"));
        assertEquals("required", mx.get("need"));
        assertEquals(2, Json.objects(mx, "seen").size());
    }

    @Test
    void anUpdateNeedsANameServer() throws Exception {
        Said said = dns("example.org", "--update");
        assertEquals(111, said.code());
        assertTrue(said.text().contains("control/dnsupdate names no server"), said::text);
    }

    @Test
    void whatDoesNotGoTogetherIsRefused() throws Exception {
        for (List<String> wrong : List.of(
                List.of("example.org", "--check", "--update"),
                List.of("example.org", "--dry-run"),
                List.of("example.org", "--resolver", "192.0.2.1"),
                List.of("example.org", "--check", "--resolver", "192.0.2.1:x"),
                List.of("elsewhere.org", "--check"))) {
            assertEquals(100, dns(wrong.toArray(String[]::new)).code(), wrong::toString);
        }
    }
}
