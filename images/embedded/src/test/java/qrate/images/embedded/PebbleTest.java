package qrate.images.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.certificate.Installed;
import qrate.core.Launcher;
import qrate.core.Program;
import qrate.testkit.Pebble;

/// Certificates from Let's Encrypt's own test CA, pebble, which looks names up at its challenge server's DNS.
@Tag("peer")
class PebbleTest {
    @TempDir
    Path folder;

    private Pebble pebble;
    private Installation system;

    @AfterEach
    void close() {
        if (system != null && system.running() != null) {
            system.close();
        }
        if (pebble != null) {
            pebble.close();
        }
    }

    /// What both sides said, for a test that failed.
    private String logs() {
        return system.log() + pebble.logs();
    }

    /// Prepares a system that asks a pebble, and starts the pebble.
    private void prepare(boolean binding, Map<String, String> controls) throws IOException {
        int http = Beside.freePort();
        system = Installation.prepare(folder.resolve("system"), Map.of("QRATE_ACME_PORT", String.valueOf(http)));
        Path own = Files.createDirectory(folder.resolve("pebble"));
        for (String file : List.of("cert.pem", "key.pem")) { // that of the first run is for 127.0.0.1 as well
            Files.copy(system.state().tls().resolve(file), own.resolve(file));
        }
        pebble = new Pebble(own, "127.0.0.1", http, binding);
        Files.writeString(system.state().control().resolve("acme"), pebble.directory() + "\n");
        Files.copy(own.resolve("cert.pem"), system.state().control().resolve("acmeca"));
        for (Map.Entry<String, String> control : controls.entrySet()) {
            Files.writeString(system.state().control().resolve(control.getKey()), control.getValue() + "\n");
        }
    }

    private Installed installed() throws IOException {
        return Installed.in(system.state().tls()).orElseThrow();
    }

    private String certificate(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, UTF_8);
        List<String> all = new ArrayList<>(List.of("certificate"));
        all.addAll(List.of(arguments));
        Map<String, String> environment = system.environment();
        int code = Launcher.run(
                Main.programs(environment),
                all.toArray(String[]::new),
                new Program.Stdio(environment, InputStream.nullInputStream(), print, print));
        return code + " " + out.toString(UTF_8);
    }

    @Test
    void aCertificateComesByHttpAndIsRenewedUnderOpenConnections() throws Exception {
        prepare(false, Map.of("acmenames", "mail.example.test\nexample.test"));
        assertTrue(installed().selfSigned());
        system.start();
        Awaitility.await().atMost(Installation.SOON).until(() -> !installed().selfSigned());
        assertEquals(Set.of("mail.example.test", "example.test"), installed().names(), this::logs);
        String first = installed().serial();
        try (Talk pop = Talk.to(system.running().pop().pop3s().port());
                Talk smtp = Talk.to(system.running().smtp().submissions().port())) {
            Awaitility.await().atMost(Installation.SOON).untilAsserted(() -> assertEquals(first, shown()));
            pop.secure();
            pop.hear();
            pop.say("USER " + Installation.ANN);
            assertTrue(pop.say("PASS " + Installation.PASSWORD).startsWith("+OK"));
            smtp.secure();
            smtp.hear();
            smtp.say("EHLO client.test");
            assertTrue(certificate("renew").contains("not due"));
            String renewed = certificate("renew", "--force");
            assertTrue(renewed.startsWith("0 ") && renewed.contains("new certificate"), () -> renewed + logs());
            String second = installed().serial();
            assertNotEquals(first, second);
            Awaitility.await().atMost(Installation.SOON).untilAsserted(() -> assertEquals(second, shown()));
            assertEquals("+OK 0 0", pop.say("STAT"));
            assertTrue(smtp.auth(Installation.ANN, Installation.PASSWORD).startsWith("235 "));
            assertTrue(smtp.message(
                            Installation.ANN, List.of(Installation.BOB), Installation.letter(Installation.ANN, "hot"))
                    .startsWith("250 "));
        }
        String said = certificate();
        assertTrue(
                said.startsWith("0 certificate for ") && said.contains("by HTTP") && said.contains("days left"), said);
        assertTrue(system.running().daemon().health().problems().isEmpty());
    }

    /// The serial number of the certificate that SMTPS shows now.
    private String shown() throws IOException {
        try (Talk talk = Talk.to(system.running().smtp().submissions().port())) {
            talk.secure();
            return talk.certificate().getSerialNumber().toString(16);
        }
    }

    @Test
    void namesWithAStarComeByDnsToAnAccountThatIsBoundWithTwoKindsOfKeys() throws Exception {
        Path hook = folder.resolve("hook");
        prepare(
                true,
                Map.of(
                        "acmenames", "example.test\n*.example.test",
                        "acmehook", hook.toString(),
                        "acmekeys", "ecdsa rsa"));
        Files.writeString(hook, """
                #!/bin/bash
                case $1 in
                  present) body="{\\"host\\":\\"$2.\\",\\"value\\":\\"$3\\"}" to=/set-txt ;;
                  cleanup) body="{\\"host\\":\\"$2.\\"}" to=/clear-txt ;;
                esac
                exec 3<>/dev/tcp/127.0.0.1/%d
                printf 'POST %%s HTTP/1.0\\r\\nContent-Length: %%d\\r\\n\\r\\n%%s' "$to" "${#body}" "$body" >&3
                read -r answer <&3
                echo "$1 $2: $answer"
                [[ $answer == *' 200 '* ]]
                """.formatted(pebble.challenges()));
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwx------"));
        String refused = certificate("renew");
        assertTrue(refused.startsWith("111 ") && refused.contains("control/acmeeab"), refused);
        Files.writeString(system.state().control().resolve("acmeeab"), Pebble.BINDING + "\n");
        String rehearsed = certificate("renew", "--dry-run");
        assertTrue(rehearsed.startsWith("0 ") && rehearsed.contains("the CA answers"), rehearsed);
        assertTrue(installed().selfSigned());
        String renewed = certificate("renew");
        assertTrue(
                renewed.startsWith("0 new certificate") || renewed.contains("\nnew certificate"),
                () -> renewed + logs());
        assertTrue(renewed.contains("hook: cleanup _acme-challenge.example.test: HTTP/1"), renewed);
        assertEquals(Set.of("example.test", "*.example.test"), installed().names());
        assertEquals(Set.of("EC", "RSA"), installed().algorithms());
        system.start();
        assertEquals(List.of(), system.running().daemon().health().problems());
    }
}
