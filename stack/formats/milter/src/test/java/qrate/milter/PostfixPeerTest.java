package qrate.milter;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import qrate.testkit.AskingPostfix;

/// Our server asked by Postfix (package postfix), which does what we say. Its master wants to be started by
/// root.
@Tag("peer")
@Timeout(120)
class PostfixPeerTest {
    @TempDir
    Path home;

    private final List<String> told = Scenes.notes();
    private MilterServer server;
    private AskingPostfix postfix;

    @BeforeEach
    void start() throws Exception {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "Postfix is started by root");
        server = Scenes.server(told, PostfixPeerTest::answer);
        postfix = new AskingPostfix(home, "inet:127.0.0.1:" + server.port(), "bob", "no", "carl");
    }

    @AfterEach
    void stop() throws Exception {
        if (postfix != null) {
            postfix.close();
        }
        if (server != null) {
            server.close();
        }
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
        try (Socket socket = postfix.connect();
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
