package qrate.gate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Log;
import qrate.milter.MilterAddress;

/// Postfix asks the gate, as an SMTP server of others.
@Tag("peer")
@Timeout(60)
class GatePostfixPeerTest {
    private static final List<String> FOLDERS = List.of(
            "active",
            "bounce",
            "corrupt",
            "defer",
            "deferred",
            "flush",
            "hold",
            "incoming",
            "maildrop",
            "private",
            "public",
            "saved",
            "trace");

    @TempDir
    Path home;

    private GateFixture fixture;
    private Gate gate;
    private Process master;
    private int port;

    @BeforeEach
    void start() throws Exception {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "Postfix is started by root");
        fixture = new GateFixture(Files.createDirectories(home.resolve("gate")));
        fixture.control("dmarc", "quarantine").control("spfbehavior", "3");
        fixture.publish("author.test", "v=spf1 ip4:127.0.0.1 -all");
        fixture.publish("forbids.test", "v=spf1 -all");
        gate = Gate.open(new MilterAddress.Inet("127.0.0.1", 0, false), fixture.judge(), Log.silent());
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        run("chmod", "755", home.toString());
        for (String folder : FOLDERS) {
            run(
                    "install",
                    "-d",
                    "-o",
                    "postfix",
                    home.resolve("queue/" + folder).toString());
        }
        run("install", "-d", "-o", "root", home.resolve("queue/pid").toString());
        run("install", "-d", "-o", "postfix", home.resolve("data").toString());
        run("install", "-d", "-o", "nobody", home.resolve("mail").toString());
        Files.createDirectories(home.resolve("conf"));
        Files.writeString(home.resolve("conf/boxes"), "bob@here.test bob/\n");
        Files.writeString(home.resolve("conf/master.cf"), """
                127.0.0.1:%d inet n - n - 10 smtpd
                cleanup unix n - n - 0 cleanup
                qmgr unix n - n 300 1 qmgr
                rewrite unix - - n - - trivial-rewrite
                bounce unix - - n - 0 bounce
                defer unix - - n - 0 bounce
                proxymap unix - - n - - proxymap
                error unix - - n - - error
                virtual unix - n n - - virtual
                anvil unix - - n - 1 anvil
                postlog unix-dgram n - n - 1 postlogd
                """.formatted(port));
        Files.writeString(home.resolve("conf/main.cf"), """
                compatibility_level = 3.6
                queue_directory = %1$s/queue
                data_directory = %1$s/data
                maillog_file = %1$s/log
                maillog_file_prefixes = /
                inet_interfaces = 127.0.0.1
                inet_protocols = ipv4
                myhostname = mx.here.test
                mydestination =
                mynetworks = 127.0.0.0/8
                smtpd_peername_lookup = no
                smtp_dns_support_level = disabled
                alias_maps =
                alias_database =
                local_recipient_maps =
                virtual_mailbox_domains = here.test
                virtual_mailbox_base = %1$s/mail
                virtual_mailbox_maps = texthash:%1$s/conf/boxes
                virtual_uid_maps = static:65534
                virtual_gid_maps = static:65534
                virtual_minimum_uid = 100
                smtpd_recipient_restrictions = permit_mynetworks, reject
                smtpd_milters = %2$s
                milter_default_action = tempfail
                """.formatted(
                        home, gate.address().replaceAll("inet:(\\d+)@(.*)", "inet:$2:$1")));
        master = new ProcessBuilder(
                        "/usr/lib/postfix/sbin/master",
                        "-c",
                        home.resolve("conf").toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("out").toFile())
                .start();
        Awaitility.await().until(this::listens);
    }

    @AfterEach
    void stop() throws Exception {
        if (master != null) {
            master.destroy();
            assertTrue(master.waitFor(20, TimeUnit.SECONDS));
        }
        if (fixture != null) {
            gate.close();
            fixture.close();
        }
    }

    private boolean listens() {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException _) {
            return false; // not yet
        }
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), ISO_8859_1);
        assertEquals(0, process.waitFor(), said);
    }

    /// Says something, and gives the last line of what comes back.
    private static String say(Socket socket, BufferedReader in, String text) throws IOException {
        socket.getOutputStream().write((text + "\r\n").getBytes(ISO_8859_1));
        return reply(in);
    }

    private static String reply(BufferedReader in) throws IOException {
        String line;
        do {
            line = in.readLine();
        } while (line != null && line.length() > 3 && line.charAt(3) == '-');
        return String.valueOf(line);
    }

    /// Sends a message as a client does.
    ///
    /// @return the reply that ended it
    private String sent(String sender, String message) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1))) {
            reply(in);
            say(socket, in, "EHLO client.test");
            say(socket, in, "MAIL FROM:<" + sender + ">");
            say(socket, in, "RCPT TO:<bob@here.test>");
            String data = say(socket, in, "DATA");
            return data.startsWith("354 ") ? say(socket, in, message.replace("\n", "\r\n") + ".") : data;
        }
    }

    private List<Path> files(String folder) throws IOException {
        Path all = home.resolve(folder);
        if (Files.notExists(all)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(all)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void ourFieldStandsOnTopAndForgedOnesAreGone() throws Exception {
        String forged = "Authentication-Results: mx.here.test; dmarc=pass\n";
        String other = "Authentication-Results: other.test; dmarc=fail\n";
        String message = GateFixture.signed(GateFixture.MESSAGE, "author.test");
        String reply = sent("ann@author.test", forged + other + forged + message + "\n");
        assertTrue(reply.startsWith("250 "), reply);
        Awaitility.await().until(() -> files("mail/bob/new").size() == 1);
        String mail = Files.readString(files("mail/bob/new").getFirst(), ISO_8859_1);
        int ours = mail.indexOf("\nAuthentication-Results: mx.here.test;\n\tspf=pass smtp.mailfrom=ann@author.test;");
        assertTrue(ours > 0 && ours < mail.indexOf("\nReceived:"), mail);
        assertTrue(mail.contains("\n\tdkim=pass header.d=author.test"), mail);
        assertTrue(mail.contains("\n\tdmarc=pass header.from=author.test\n"), mail);
        assertTrue(mail.contains("\n" + other), mail);
        assertFalse(mail.contains(forged), mail);
    }

    @Test
    void whatIsForbiddenIsRefusedAndWhatIsSuspiciousHeld() throws Exception {
        String refused = sent("ann@forbids.test", GateFixture.MESSAGE);
        assertTrue(refused.startsWith("550 5.7.23 "), refused);
        fixture.publish("stranger.test", "v=spf1 ip4:127.0.0.1 -all");
        String reply = sent("ann@stranger.test", GateFixture.MESSAGE);
        assertTrue(reply.startsWith("250 "), reply);
        Awaitility.await().until(() -> files("queue/hold").size() == 1);
        assertEquals(List.of(), files("mail"));
    }
}
