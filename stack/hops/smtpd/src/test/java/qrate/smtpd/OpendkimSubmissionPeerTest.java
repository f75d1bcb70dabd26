package qrate.smtpd;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Log;
import qrate.tcpserver.Certificates;
import qrate.tcpserver.Listener;

/// Debian's opendkim (package opendkim) as a milter of our submission door: it signs for whoever has logged in and
/// asks no DNS. dkimpy (package python3-dkim) says whether what goes to the queue is what it signed.
@Tag("peer")
@Timeout(120)
class OpendkimSubmissionPeerTest {
    private static final String VERIFY = """
            import sys, dkim
            record = sys.argv[1].encode()
            print(dkim.verify(sys.stdin.buffer.read(), dnsfunc=lambda name, timeout=5: record))
            """;

    @TempDir
    Path folder;

    private Process opendkim(KeyPair pair, Path socket) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(pair.getPrivate().getEncoded());
        Path key = Files.writeString(
                folder.resolve("key"), "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n");
        // who has not logged in comes from no internal host, so that only the macro auth_authen lets it sign
        Path conf = Files.writeString(folder.resolve("opendkim.conf"), """
                Mode s
                Domain example.test
                Selector one
                KeyFile %s
                Socket local:%s
                Canonicalization simple/simple
                InternalHosts 192.0.2.1
                RequireSafeKeys no
                Background no
                Syslog no
                """.formatted(key, socket));
        return new ProcessBuilder("/usr/sbin/opendkim", "-f", "-x", conf.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
    }

    private static void send(Talk talk, String sender, String recipient) throws IOException {
        talk.say("MAIL FROM:<" + sender + ">", "250 2.1.0 ok");
        talk.say("RCPT TO:<" + recipient + ">", "250 2.1.5 ok");
        talk.say("DATA", "354 go ahead");
        talk.say(
                "From: bob@example.test\r\nSubject:  hi\r\n\tthere\r\n\r\n..dot\r\n\r\n\r\n.",
                "250 2.0.0 ok 1764000000 qp 17");
    }

    @Test
    void signsWhatAUserSendsAndNothingElse(@TempDir Path tls) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        Path socket = folder.resolve("dkim.sock");
        House house = new House(folder);
        house.control("milters", "unix:" + socket + " timeout=20 name=opendkim");
        Talk.certify(tls);
        Certificates certificates = Certificates.in(tls, InstantSource.system(), Log.silent());
        Process opendkim = opendkim(pair, socket);
        try (Listener submissions = house.listen(Kind.SUBMISSIONS, certificates, Map.of());
                Listener smtp = house.listen(Kind.MX, certificates, Map.of("TCPREMOTEIP", "198.51.100.9"))) {
            Awaitility.await().until(() -> Files.exists(socket) || !opendkim.isAlive());
            assertTrue(opendkim.isAlive(), Files.readString(folder.resolve("out")));
            try (Talk talk = Talk.plain(submissions.port()).startTls()) {
                talk.expect("220 mail.example.test ESMTP");
                talk.ehlo();
                String login = Base64.getEncoder().encodeToString("\0bob@example.test\0secret".getBytes(ISO_8859_1));
                talk.say("AUTH PLAIN " + login, "235 2.7.0 ok, go ahead");
                send(talk, "bob@example.test", "eve@far.example");
            }
            try (Talk talk = Talk.plain(smtp.port())) {
                talk.expect("220 mail.example.test ESMTP");
                talk.ehlo();
                send(talk, "bob@example.test", "ann@example.test");
            }
        } finally {
            opendkim.destroy();
            assertTrue(opendkim.waitFor(20, TimeUnit.SECONDS));
        }
        String signed = house.accepted.getFirst().content();
        String record = "v=DKIM1; k=rsa; p="
                + Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
        assertTrue(signed.startsWith("DKIM-Signature: v=1;"), signed);
        assertEquals("True", verified(signed, record), signed);
        assertEquals("False", verified(signed.replace(".dot", ".pot"), record));
        assertFalse(house.accepted.getLast().content().contains("DKIM-Signature"), "of a stranger");
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
}
