package qrate.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import qrate.core.Body;
import qrate.core.Program;
import qrate.core.Spawner;
import qrate.core.Verdict;
import qrate.remote.routes.Routes;

/// `echo message | qmail-remote host sender recipient…`: every form of report, from servers of every kind.
class RemoteByHandTest extends RemoteOnRig {
    private static final String DIED = "ZConnected to 192.0.2.1 but connection died. (#4.4.2)|";

    /// The reports, NUL by NUL, with `|` for line ends.
    private List<String> run(String... recipients) {
        List<String> arguments = new ArrayList<>(List.of("there.test", "me@client.test"));
        arguments.addAll(List.of(recipients));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Program.Stdio stdio = new Program.Stdio(
                Map.of(),
                new ByteArrayInputStream("Subject: x\n\nhello\n".getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
        try {
            assertEquals(0, new QmailRemote(rig.surroundings).run(arguments, stdio));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        String text = out.toString(StandardCharsets.UTF_8).replace('\n', '|');
        assertTrue(text.endsWith("\0"), text);
        return List.of(text.substring(0, text.length() - 1).split("\0", -1));
    }

    private List<String> against(FakeSmtp.Talk talk, String... recipients) throws IOException {
        try (FakeSmtp server = new FakeSmtp(talk)) {
            rig.there(server);
            return run(recipients);
        }
    }

    @Test
    void reportsEachRecipientBeforeTheMessageAtEachStageOfARefusal() throws IOException {
        String said = "|Remote host said: ";
        for (String code : List.of("451", "551")) {
            String letter = code.equals("451") ? "Z" : "D";
            Map<String, List<String>> expected = Map.of(
                    "220", List.of("ZConnected to 192.0.2.1 but greeting failed." + said + code + " no|"),
                    "MAIL", List.of(letter + "Connected to 192.0.2.1 but sender was rejected." + said + code + " no|"),
                    "DATA", List.of("r", "r", letter + "192.0.2.1 failed on DATA command." + said + code + " no|"),
                    ".",
                            List.of(
                                    "r",
                                    "r",
                                    letter + "192.0.2.1 failed after I sent the message." + said + code + " no|"));
            for (Map.Entry<String, List<String>> one : expected.entrySet()) {
                assertEquals(
                        one.getValue(),
                        against(Polite.server().on(one.getKey(), code + " no"), "a@there.test", "b@there.test"));
            }
        }
    }

    @Test
    void givesUpOnlyWhenEveryRecipientIsRefused() throws IOException {
        List<String> all = against(
                Polite.server().on("RCPT TO:<a", "550 no").on("RCPT TO:<b", "450 wait"), "a@x.test", "b@x.test");
        assertEquals(3, all.size());
        assertTrue(all.get(0).startsWith("h192.0.2.1 does not like recipient."), all.toString());
        assertTrue(all.get(1).startsWith("s192.0.2.1 does not like recipient."), all.toString());
        assertEquals("DGiving up on 192.0.2.1.|", all.get(2));
        List<String> some = against(Polite.server().on("RCPT TO:<a", "550 no"), "a@x.test", "b@x.test");
        assertTrue(some.get(0).startsWith("h"));
        assertEquals("r", some.get(1));
        assertTrue(some.get(2).startsWith("K192.0.2.1 accepted message.|"));
    }

    @Test
    void defersWhenTheServerClosesMidWay() throws IOException {
        for (String stage : List.of("220", "EHLO", "MAIL")) {
            assertEquals(List.of(DIED), against(Polite.server().on(stage, "close"), "a@there.test"), stage);
        }
        assertEquals(
                List.of("s" + DIED.substring(1)),
                against(Polite.server().on("RCPT", "close"), "a@there.test").subList(0, 1));
        assertEquals(List.of("r", DIED), against(Polite.server().on("DATA", "close"), "a@there.test"));
        assertEquals(
                List.of("r", "ZConnected to 192.0.2.1 but connection died. Possible duplicate! (#4.4.2)|"),
                against(Polite.server().on(".", "close"), "a@there.test"));
    }

    @Test
    void defersWhenTheServerNeverAnswersOrAnswersGarbageOrAMegabyteOfIt() throws IOException {
        rig.control("timeoutremote", "1");
        assertEquals(List.of(DIED), against(Polite.server().on("220", "silence"), "a@there.test"));
        assertEquals(List.of(DIED), against(peer -> peer.say("HTTP/1.1 400 Bad Request"), "a@there.test"));
        assertEquals(List.of(DIED), against(peer -> peer.say("x".repeat(1 << 20)), "a@there.test"));
        assertEquals(
                List.of(DIED),
                against(
                        peer -> {
                            for (int i = 0; i < 1 << 15; i++) {
                                peer.raw("220-garbage garbage garbage garbag\r\n");
                            }
                            peer.flush();
                        },
                        "a@there.test"));
        assertEquals(
                List.of("r", "ZConnected to 192.0.2.1 but connection died. (#4.4.2)|"),
                against(Polite.server().on("DATA", "silence"), "a@there.test"));
    }

    @Test
    void saysWhatIsWrongWithItsArguments() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Program.Stdio stdio = new Program.Stdio(
                Map.of(),
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
        try {
            assertEquals(0, new QmailRemote(rig.surroundings).run(List.of("there.test", "x"), stdio));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertEquals("DI (qmail-remote) was invoked improperly. (#5.3.5)\n\0", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void saysThatTheNextHopReportsItselfWhereItTookNotify() throws Exception {
        for (String offer : List.of("DSN", "HELP")) {
            try (FakeSmtp server = new FakeSmtp(Polite.server().offering(offer))) {
                rig.there(server);
                Body body = Body.of("Subject: x\n\n".getBytes(StandardCharsets.UTF_8));
                Verdict verdict = rig.send("me@client.test", "", body, "you@there.test NOTIFY=SUCCESS")
                        .getFirst();
                assertEquals(offer.equals("DSN"), verdict.text().startsWith(Spawner.REPORTS_ITSELF + "\n"));
                verdict = rig.send("me@client.test", "", body, "you@there.test").getFirst();
                assertTrue(verdict.text().startsWith("192.0.2.1 accepted message.\n"));
            }
        }
    }

    @Test
    void sendsTheLoginOfItsRouteInEitherForm() throws IOException {
        String token = Base64.getEncoder().encodeToString("\0ann\0pass:word".getBytes(StandardCharsets.UTF_8));
        for (String login : List.of("ann pass:word", "ann:pass:word", "ann \t pass:word")) {
            Routes routes = new Routes(rig.surroundings.control());
            rig.control("smtproutes", ".there.test:relay.test:587 " + login);
            rig.surroundings.control().reread();
            Routes.Route route = routes.find("a.there.test").orElseThrow();
            assertEquals("relay.test", route.relay());
            assertEquals(587, route.port());
            Routes.Login found = route.login().orElseThrow();
            assertEquals(
                    token,
                    Base64.getEncoder()
                            .encodeToString(
                                    ("\0" + found.user() + "\0" + found.password()).getBytes(StandardCharsets.UTF_8)));
            assertEquals("ann:(hidden)", found.toString());
        }
    }
}
