package qrate.milter;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
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

/// Our server asked by Postfix (package postfix), which does what we say. Its master wants to be started by
/// root.
@Tag("peer")
@Timeout(120)
class PostfixPeerTest {
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

    private final List<String> told = Scenes.notes();
    private MilterServer server;
    private Process master;
    private int port;

    @BeforeEach
    void start() throws Exception {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "Postfix is started by root");
        server = Scenes.server(told, PostfixPeerTest::answer);
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
        Files.writeString(home.resolve("conf/boxes"), "bob@here.test bob/\nno@here.test no/\ncarl@here.test carl/\n");
        Files.writeString(home.resolve("conf/master.cf"), """
                127.0.0.1:%d inet n - n - 10 smtpd
                cleanup unix n - n - 0 cleanup
                qmgr unix n - n 300 1 qmgr
                rewrite unix - - n - - trivial-rewrite
                bounce unix - - n - 0 bounce
                defer unix - - n - 0 bounce
                proxymap unix - - n - - proxymap
                error unix - - n - - error
                retry unix - - n - - error
                discard unix - - n - - discard
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
                smtpd_milters = inet:127.0.0.1:%2$d
                milter_default_action = tempfail
                """.formatted(home, server.port()));
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
            server.close();
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

    private static MilterAnswer answer(MilterCommand.Event event) {
        return switch (event) {
            case MilterCommand.Mail(var arguments)
            when arguments.getFirst().startsWith("<later") -> MilterAnswer.refuse(450, "4.7.1 come again at 100%");
            case MilterCommand.Rcpt(var arguments)
            when arguments.getFirst().startsWith("<no") ->
                MilterAnswer.of(new MilterReply.Code(554, List.of("5.7.1 not", "5.7.1 here")));
            case MilterCommand.BodyChunk _ -> MilterAnswer.of(new MilterReply.Skip());
            case MilterCommand.BodyDone _ ->
                MilterAnswer.CONTINUE
                        .with(new MilterReply.InsertField(0, "Authentication-Results", " here.test;\n\tspf=none"))
                        .with(new MilterReply.ChangeField(1, "Subject", " other"))
                        .with(new MilterReply.ChangeField(1, "X-Gone", ""))
                        .with(new MilterReply.AddField("X-Tight", "as it is"))
                        .with(new MilterReply.ChangeSender("<new@client.test>", ""))
                        .with(new MilterReply.DeleteRecipient("<bob@here.test>"))
                        .with(new MilterReply.AddRecipient("<carl@here.test>", ""))
                        .with(new MilterReply.ReplaceBody(Scenes.bytes("another\r\nbody\r\n")));
            case MilterCommand.Event _ -> MilterAnswer.CONTINUE;
        };
    }

    /// Says something, and gives the last line of what comes back.
    private static String say(Socket socket, BufferedReader in, String text) throws IOException {
        socket.getOutputStream().write((text + "\r\n").getBytes(ISO_8859_1));
        return reply(in);
    }

    private static String reply(BufferedReader in) throws IOException {
        StringBuilder all = new StringBuilder();
        String line;
        do {
            line = in.readLine();
            all.append(all.isEmpty() ? "" : "|").append(line);
        } while (line != null && line.length() > 3 && line.charAt(3) == '-');
        return all.toString();
    }

    private static String taken(Path box) throws IOException {
        if (Files.notExists(box)) {
            return "";
        }
        try (Stream<Path> files = Files.list(box)) {
            var first = files.findFirst();
            return first.isPresent() ? Files.readString(first.get(), ISO_8859_1) : "";
        }
    }

    /// Sends a message as a client does, and gives what came into the mailbox that we have made of the other.
    private String sent() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1))) {
            assertTrue(reply(in).startsWith("220 "));
            assertTrue(say(socket, in, "EHLO client.test").contains("250"));
            assertEquals("450 4.7.1 come again at 100%", say(socket, in, "MAIL FROM:<later@client.test>"));
            assertTrue(say(socket, in, "MAIL FROM:<ann@client.test> SIZE=100").startsWith("250 "));
            assertEquals("554-5.7.1 not|554 5.7.1 here", say(socket, in, "RCPT TO:<no@here.test>"));
            assertTrue(say(socket, in, "RCPT TO:<bob@here.test>").startsWith("250 "));
            assertTrue(say(socket, in, "DATA").startsWith("354 "));
            String message = "From: ann@client.test\r\nSubject: hi\r\nX-Gone: 1\r\nTo:bob@here.test\r\n\r\nbody\r\n.";
            assertTrue(say(socket, in, message).startsWith("250 "));
            assertTrue(say(socket, in, "QUIT").startsWith("221 "));
        }
        Path box = home.resolve("mail/carl/new");
        Awaitility.await().until(() -> !taken(box).isEmpty());
        return taken(box);
    }

    @Test
    void itDoesWhatWeSay() throws Exception {
        String mail = sent();
        assertTrue(mail.startsWith("Return-Path: <new@client.test>\n"), mail);
        int ours = mail.indexOf("\nAuthentication-Results: here.test;\n\tspf=none\n");
        assertTrue(ours > 0 && ours < mail.indexOf("\nReceived:"), mail);
        assertTrue(mail.contains("\nFrom: ann@client.test\nSubject: other\nTo:bob@here.test\n"), mail);
        assertTrue(mail.contains("\nX-Tight:as it is\n") && !mail.contains("X-Gone"), mail);
        assertTrue(mail.endsWith("\n\nanother\nbody\n"), mail);
        assertTrue(Files.notExists(home.resolve("mail/bob")));
    }

    @Test
    void itTellsUsWhatWePromiseOurHandlers() throws Exception {
        sent();
        Awaitility.await().until(() -> told.contains("end of body") && told.contains("close"));
        assertTrue(told.contains("helo client.test"), told.toString());
        assertTrue(told.contains("Subject: hi") && told.contains("To:bob@here.test"), told.toString());
        assertTrue(told.contains("body body\r\n"), told.toString());
        assertTrue(has("mail [<ann@client.test>, SIZE=100]"), told.toString());
        assertTrue(has("rcpt [<bob@here.test>]bob@here.test"), told.toString());
        assertTrue(has("connect [127.0.0.1] INET "), told.toString());
    }

    private boolean has(String start) {
        return told.stream().anyMatch(one -> one.startsWith(start));
    }
}
