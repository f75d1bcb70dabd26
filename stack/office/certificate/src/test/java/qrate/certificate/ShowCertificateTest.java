package qrate.certificate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Program;

/// `certificate show` as text and as JSON.
class ShowCertificateTest {
    @TempDir
    Path state;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void folders() throws Exception {
        Files.createDirectories(state.resolve("control"));
        Files.createDirectories(state.resolve("tls/acme"));
        Files.writeString(state.resolve("control/me"), "mail.example.test\n");
    }

    private int run(String... arguments) throws Exception {
        out.reset();
        err.reset();
        return new ShowCertificate(Instant::now)
                .run(
                        List.of(arguments),
                        new Program.Stdio(
                                Map.of("QRATE_STATE", state.toString()),
                                InputStream.nullInputStream(),
                                new PrintStream(out, true, UTF_8),
                                new PrintStream(err, true, UTF_8)));
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> call = new ArrayList<>(List.of(arguments));
        call.addFirst(Path.of(System.getProperty("java.home"), "bin/keytool").toString());
        assertEquals(0, new ProcessBuilder(call).inheritIO().start().waitFor());
    }

    @Test
    void whereNothingIsThereTheObjectIsEmpty() throws Exception {
        assertEquals(0, run("--json"));
        assertEquals("{}\n", out.toString(UTF_8));
        assertEquals(0, run("show"));
        assertTrue(out.toString(UTF_8).startsWith("there is no certificate\n"), out::toString);
    }

    @Test
    void whatIsThereIsSaidInEitherForm() throws Exception {
        String store = state.resolve("store").toString();
        keytool(
                "-genkeypair",
                "-alias",
                "x",
                "-keyalg",
                "EC",
                "-keystore",
                store,
                "-storepass",
                "secret",
                "-dname",
                "CN=mail.example.test",
                "-ext",
                "san=dns:mail.example.test,dns:example.test");
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "x",
                "-keystore",
                store,
                "-storepass",
                "secret",
                "-file",
                state.resolve("tls/cert.pem").toString());
        Installed there = Installed.in(state.resolve("tls")).orElseThrow();
        assertEquals(0, run("show", "--json"));
        String json = out.toString(UTF_8);
        assertTrue(
                json.startsWith(
                        "{\"certificate\":{\"names\":[\"" + String.join("\",\"", there.names()) + "\"],\"keys\":[\"EC"),
                json);
        assertTrue(json.contains("\"selfSigned\":true,"), json);
        assertTrue(
                json.contains("\"from\":\"" + there.from() + "\",\"until\":\"" + there.until() + "\",\"daysLeft\":8"),
                json);
        assertEquals(0, run());
        assertTrue(out.toString(UTF_8).contains("until " + there.until() + ", 8"), out::toString);
    }

    @Test
    void whatTheCaDidIsSaidToo() throws Exception {
        Files.writeString(state.resolve("control/acme"), "https://ca.test/directory\n");
        Instant now = Instant.parse("2026-01-01T12:00:00Z");
        RenewalState.NONE
                .failed(now, Optional.empty(), "no \"answer\" \u001b[31m")
                .write(state.resolve("tls"), Optional.empty());
        assertEquals(1, run("--json"));
        String json = out.toString(UTF_8);
        assertTrue(
                json.startsWith(
                        "{\"ca\":{\"directory\":\"https://ca.test/directory\",\"names\":[\"mail.example.test\"],\"hook\":\"\","),
                json);
        assertTrue(
                json.contains(
                        "\"failed\":{\"times\":1,\"first\":\"2026-01-01T12:00:00Z\",\"last\":\"2026-01-01T12:00:00Z\",\"why\":\"no \\\"answer\\\" "),
                json);
        assertTrue(
                json.contains("},\"problem\":\"no new one since 2026-01-01T12:00:00Z (1 attempts): no \\\"answer\\\" "),
                json);
        assertEquals(1, run());
        assertTrue(out.toString(UTF_8).contains("  1 failed since 2026-01-01T12:00:00Z, "), out::toString);
    }

    @Test
    void whatIsNoneOfThisIsAWrongCall() throws Exception {
        assertEquals(111, run("renew"), "nobody is there who could");
        assertEquals(100, run("--jsno"));
        assertEquals("", out.toString(UTF_8));
    }
}
