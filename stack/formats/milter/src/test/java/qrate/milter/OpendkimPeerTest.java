package qrate.milter;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Log;

/// Our client and libmilter, which opendkim (package opendkim) is made with. It signs and asks no DNS; dkimpy
/// (package python3-dkim) says whether the message with its field is the one that it signed.
@Tag("peer")
@Timeout(120)
class OpendkimPeerTest {
    private static final String VERIFY = """
            import sys, dkim
            record = sys.argv[1].encode()
            print(dkim.verify(sys.stdin.buffer.read(), dnsfunc=lambda name, timeout=5: record))
            """;

    @TempDir
    Path folder;

    private Path key(KeyPair pair) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(pair.getPrivate().getEncoded());
        return Files.writeString(
                folder.resolve("key"), "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n");
    }

    private Process opendkim(KeyPair pair, String socket) throws IOException {
        Path conf = Files.writeString(folder.resolve("opendkim.conf"), """
                Mode s
                Domain here.test
                Selector one
                KeyFile %s
                Socket %s
                Canonicalization simple/simple
                InternalHosts 192.0.2.1
                RequireSafeKeys no
                Background no
                Syslog no
                """.formatted(key(pair), socket));
        return new ProcessBuilder("/usr/sbin/opendkim", "-f", "-x", conf.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
    }

    @Test
    void whatItSignsIsWhatWeHandOn() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        Path socket = folder.resolve("dkim.sock");
        Process opendkim = opendkim(pair, "local:" + socket);
        try (Milters milters =
                        Scenes.milters(folder, Log.silent(), MilterSetting.parse("unix:" + socket + " timeout=20"));
                MilterSession session = Scenes.session(milters)) {
            Awaitility.await().until(() -> Files.exists(socket) || !opendkim.isAlive());
            assertTrue(opendkim.isAlive(), Files.readString(folder.resolve("out")));
            session.define("j", "here.test");
            session.define("i", "A1");
            assertEquals(
                    new MilterVerdict.Pass(),
                    session.connect(MilterCommand.Connect.of("client.test", "192.0.2.1", 25)));
            session.helo("client.test");
            for (String body :
                    new String[] {"one\ntwo\n", "", "line without its end", "x\n".repeat(100_000) + "\n\n"}) {
                signed(session, pair, body);
            }
        } finally {
            opendkim.destroy();
            assertTrue(opendkim.waitFor(20, TimeUnit.SECONDS));
        }
    }

    private void signed(MilterSession session, KeyPair pair, String body) throws Exception {
        // with and without blanks behind the colon, folded by both: simple canonicalization sees each byte
        String header = "From: ann@here.test\nSubject:  hi\n\tthere\nTo:bob@there.test\nDate:\n Mon, 30 Nov 2026\n";
        try (MilterOutcome outcome =
                Scenes.message(session, qrate.core.Body.of((header + "\n" + body).getBytes(ISO_8859_1)))) {
            assertEquals(new MilterVerdict.Pass(), outcome.verdict());
            String text = Scenes.text(outcome.message());
            assertTrue(text.startsWith("DKIM-Signature: v=1;"), text.substring(0, Math.min(text.length(), 500)));
            String record = "v=DKIM1; k=rsa; p="
                    + Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
            assertEquals("True", verified(text, record), text.substring(0, Math.min(text.length(), 2000)));
            assertEquals("False", verified(text.replace("ann@", "eve@"), record));
        }
    }

    private static String verified(String message, String record) throws Exception {
        Process python = new ProcessBuilder("/usr/bin/python3", "-c", VERIFY, record)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream out = python.getOutputStream()) {
            out.write(message.replace("\n", "\r\n").getBytes(ISO_8859_1));
        }
        String said = new String(python.getInputStream().readAllBytes(), ISO_8859_1);
        assertTrue(python.waitFor(60, TimeUnit.SECONDS));
        return said.strip();
    }

    @Test
    void whatIsNotItsToSignGoesThroughAsItIs() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        Path socket = folder.resolve("dkim.sock");
        Process opendkim = opendkim(generator.generateKeyPair(), "local:" + socket);
        try (Milters milters =
                        Scenes.milters(folder, Log.silent(), MilterSetting.parse("unix:" + socket + " timeout=20"));
                MilterSession session = Scenes.session(milters)) {
            Awaitility.await().until(() -> Files.exists(socket) || !opendkim.isAlive());
            session.connect(MilterCommand.Connect.of("stranger.test", "198.51.100.9", 25));
            try (MilterOutcome outcome = Scenes.message(session, Scenes.MESSAGE)) {
                assertEquals(new MilterVerdict.Pass(), outcome.verdict());
                assertEquals("Received: by here.test\n" + Scenes.text(Scenes.MESSAGE), Scenes.text(outcome.message()));
            }
        } finally {
            opendkim.destroy();
            assertTrue(opendkim.waitFor(20, TimeUnit.SECONDS));
        }
    }
}
