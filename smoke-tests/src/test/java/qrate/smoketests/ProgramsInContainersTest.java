package qrate.smoketests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What takes several services, each with its own user and volumes: programs by hand, lists, password hashes.
@Timeout(240)
class ProgramsInContainersTest extends OnStack {
    private static final Duration ARRIVAL_MAX = Duration.ofSeconds(60);

    /// SHA-512 crypt of "old horse", as an imported account has it.
    private static final String OLD_HASH =
            "$6$saltstring$62eHz2h/fHVb6y4OLwiDj3bJchOpCuDOoP5GYsiirLeMUUwUyMTAt/XTi.AiMHUQEh9yE6rPKpOVt8UbWh2F5.";

    private static final Pattern REPLY_TO = Pattern.compile("Reply-To: <?([^>\\s]+)>?");

    private Ran run(String service, String... command) throws IOException {
        List<String> all = new ArrayList<>(List.of("exec", "-T", service, "qrate"));
        all.addAll(List.of(command));
        return stack.compose(all.toArray(String[]::new));
    }

    private void send(String from, String to, String text) throws IOException {
        try (RawClient wire =
                RawClient.plain(stack.target(), stack.target().ports().smtp())) {
            wire.expect("220");
            wire.smtp("EHLO writer.invalid", "250");
            wire.smtp("MAIL FROM:<" + from + ">", "250");
            wire.smtp("RCPT TO:<" + to + ">", "250");
            wire.smtp("DATA", "354");
            wire.send((text + "\r\n.\r\n").getBytes(US_ASCII));
            wire.expect("250");
            wire.smtp("QUIT", "221");
        }
    }

    private List<String> read(Target.Login box) throws IOException {
        List<String> messages = new ArrayList<>();
        try (RawClient wire =
                RawClient.secured(stack.target(), stack.target().ports().pop3s())) {
            wire.line();
            wire.pop3("USER " + box.address(), "+OK");
            wire.pop3("PASS " + box.password(), "+OK");
            int count = Integer.parseInt(wire.pop3("STAT", "+OK").split(" ", -1)[1]);
            for (int i = 1; i <= count; i++) {
                wire.pop3("RETR " + i, "+OK");
                messages.add(new String(wire.pop3Lines(), UTF_8));
            }
            wire.pop3("QUIT", "+OK");
        }
        return messages;
    }

    @Test
    void anOldPasswordHashBecomesANewOneAtTheFirstLogin() throws IOException {
        Target.Login old = new Target.Login("old@" + Stack.DOMAIN, "old horse");
        run("admin", "vadduser", "-e", OLD_HASH, old.address()).orFail();
        assertEquals(List.of(), read(old));
        await().atMost(ARRIVAL_MAX)
                .untilAsserted(() -> assertTrue(stack.compose("logs", "admin")
                        .text()
                        .contains("admin: password hash upgraded: " + old.address())));
        assertEquals(List.of(), read(old));
    }

    @Test
    void explainSaysInEachServiceWhatThatOneDecides() throws IOException {
        Target.Login eve = stack.mailbox("eve");
        await().atMost(ARRIVAL_MAX).untilAsserted(() -> {
            Ran known = run("lspawn", "explain", "-l", eve.address());
            assertEquals(0, known.code(), known.text());
        });
        Ran unknown = run("lspawn", "explain", "-l", "nobody@" + Stack.DOMAIN);
        assertEquals(100, unknown.code(), unknown.text());
        Ran far = run("lspawn", "explain", "-l", "zoe@far.invalid");
        assertEquals(99, far.code(), far.text());
        // the stack's resolver is not there
        Ran directions = run("rspawn", "explain", "-r", "zoe@far.invalid");
        assertEquals(111, directions.code(), directions.text());
    }

    @Test
    void aListMadeByAdminIsServedByLspawn() throws IOException {
        Target.Login reader = stack.mailbox("reader");
        Target.Login late = stack.mailbox("late");
        String list = "team@" + Stack.DOMAIN;
        run("admin", "ezmlm-make", list).orFail();
        run("admin", "ezmlm-sub", list, reader.address()).orFail();
        send("writer@writer.invalid", list, "From: writer@writer.invalid\r\nSubject: first\r\n\r\nto all");
        await().atMost(ARRIVAL_MAX)
                .untilAsserted(() -> assertTrue(read(reader).stream()
                        .anyMatch(m -> m.contains("Subject: first") && m.contains("List-Id: <team." + Stack.DOMAIN))));
        send(late.address(), "team-subscribe@" + Stack.DOMAIN, "From: " + late.address() + "\r\n\r\n");
        await().atMost(ARRIVAL_MAX).until(() -> !read(late).isEmpty());
        Matcher confirm = REPLY_TO.matcher(read(late).getFirst());
        assertTrue(confirm.find());
        send(late.address(), confirm.group(1), "From: " + late.address() + "\r\n\r\n");
        await().atMost(ARRIVAL_MAX)
                .untilAsserted(() -> assertEquals(
                        List.of(late.address(), reader.address()),
                        run("admin", "ezmlm-list", list).orFail().lines().stream()
                                .sorted()
                                .toList()));
        // and back: admin changes what lspawn has written
        run("admin", "ezmlm-unsub", list, late.address()).orFail();
        assertEquals(
                List.of(reader.address()),
                run("admin", "ezmlm-list", list).orFail().lines());
    }

    @Test
    void theQueueIsLookedAfterByHand() throws IOException {
        stack.inside(
                        "send",
                        "printf 'Subject: far\\n\\nfar\\n' | qrate qmail-inject -f eve@" + Stack.DOMAIN
                                + " zoe@far.invalid")
                .orFail();
        await().atMost(ARRIVAL_MAX).untilAsserted(() -> {
            Ran list = run("send", "queue", "list", "--domain", "far.invalid");
            assertTrue(list.text().contains("1 of 1 owed"), list.text());
        });
        await().atMost(ARRIVAL_MAX)
                .untilAsserted(() -> assertTrue(
                        run("send", "trace", "zoe@far.invalid").text().contains("to remote zoe@far.invalid")));
        run("send", "queue", "hold", "--domain", "far.invalid").orFail();
        assertTrue(run("send", "qmail-qread").orFail().text().contains("zoe@far.invalid"));
        run("send", "queue", "delete", "--domain", "far.invalid").orFail();
        assertEquals(1, run("send", "queue", "list", "--domain", "far.invalid").code());
        run("send", "ledger", "check").orFail();
    }
}
