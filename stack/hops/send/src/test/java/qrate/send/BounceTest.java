package qrate.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Address;
import qrate.core.Envelope;
import qrate.core.Log;
import qrate.core.Recipient;
import qrate.core.Spawner;
import qrate.core.Verdict;
import qrate.sendlimits.SendLimits;
import qrate.snapshots.Directory;
import qrate.wordings.Wordings;

class BounceTest {
    private static final String ORIGINAL = "From: <ann@far.example>\nSubject: x\n\nhello\n.\n--- bye\n";
    private static final String REASON =
            "Connected to 192.0.2.1 but the recipient was refused.\nRemote host said: 550 5.1.1 no such user here";

    @TempDir
    Path folder;

    private Bench bench;
    private MemoryQueue queue;

    @BeforeEach
    void boot() {
        bench = new Bench(folder, Map.of("locals", "here.example", "bouncemaxbytes", "2000"));
        queue = new MemoryQueue(bench.clock);
        bench.boot(queue);
        bench.local.rule = refuse("bob", new Verdict.Never(REASON));
    }

    /// Refuses one user, leaves the others open.
    private static Function<Spawner.Delivery, Optional<Verdict>> refuse(String user, Verdict verdict) {
        return delivery -> delivery.recipient().address().startsWith(user) ? Optional.of(verdict) : Optional.empty();
    }

    private void send(String sender, String parameters, String original, Recipient... recipients) {
        queue.accept(new Envelope(sender, parameters, List.of(recipients)), Bench.body(original));
        bench.run();
    }

    private String sendAndBounce(String sender, String parameters, Recipient... recipients) {
        send(sender, parameters, ORIGINAL, recipients);
        assertEquals(List.of(2L), queue.ids());
        return Bench.text(queue, 2);
    }

    /// The parts of a multipart message, header and all.
    private static List<String> parts(String message) {
        String boundary = message.substring(message.indexOf("boundary=\"") + 10).split("\"", 2)[0];
        List<String> parts = new ArrayList<>(List.of(message.split("(?m)^--\\Q" + boundary + "\\E(--)?$")));
        assertEquals(5, parts.size(), "header, three parts, nothing");
        return parts;
    }

    private static String field(String part, String name) {
        return part.lines()
                .filter(line -> line.startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElse("");
    }

    /// RFC 5322 §3.4.1 in fields; QSBMF has the address as the envelope has it.
    @Test
    void quotesAddressesInFieldsAndNotInTheParagraph() throws Exception {
        String bounce = sendAndBounce("a b@far.example", "", Recipient.of("bob o\"x@here.example"));
        assertEquals(List.of("a b@far.example"), Bench.recipients(queue, 2));
        assertTrue(bounce.contains("\nTo: <\"a b\"@far.example>\n"), bounce);
        assertTrue(bounce.contains("\n\nReturn-Path: <\"a b\"@far.example>\n"), bounce);
        assertTrue(bounce.contains("\nFinal-Recipient: rfc822; \"bob o\\\"x\"@here.example\n"), bounce);
        assertTrue(bounce.contains("\n<bob o\"x@here.example>:\n"), bounce);
    }

    @Test
    void isAReportToTheSenderFromNobody() throws Exception {
        String bounce = sendAndBounce("ann@far.example", "", Recipient.of("bob@here.example"));
        assertEquals("", queue.read(2).envelope().sender());
        assertEquals(List.of("ann@far.example"), Bench.recipients(queue, 2));
        assertTrue(bench.log().contains("bounce msg 1 qp 2\nend msg 1\n"));
        String header = parts(bounce).getFirst();
        assertEquals("MAILER-DAEMON@mx.example.test", field(header, "From"));
        assertEquals("<ann@far.example>", field(header, "To"));
        assertEquals("failure notice", field(header, "Subject"));
        assertEquals("1 Jan 2026 00:00:00 -0000", field(header, "Date"));
        assertEquals("auto-replied", field(header, "Auto-Submitted"));
        assertTrue(header.contains("Content-Type: multipart/report; report-type=delivery-status;"));
    }

    /// RFC 8689 §5.
    @Test
    void goesByTlsAsWellWithoutTheMessageWhereTheMessageHadTo() throws Exception {
        String bounce = sendAndBounce("ann@far.example", "RET=FULL REQUIRETLS", Recipient.of("bob@here.example"));
        assertTrue(queue.read(2).envelope().requiresTls());
        assertTrue(bounce.contains("Content-Type: text/rfc822-headers\n"), bounce);
        assertFalse(bounce.contains("hello\n"), bounce);
    }

    @Test
    void readsAsQsbmf() {
        String text = parts(sendAndBounce("ann@far.example", "", Recipient.of("bob@here.example")))
                .get(1);
        List<String> paragraphs = List.of(text.split("\n\n"));
        assertTrue(paragraphs.get(1).startsWith("Hi. This is the qmail-send program at mx.example.test."));
        List<String> lines = paragraphs.get(2).lines().toList();
        assertEquals("<bob@here.example>:\n" + REASON, String.join("\n", lines.subList(0, 3)));
        assertEquals(
                List.of(
                        "What it means: There is no such mailbox.",
                        "What to do: check the address, and take it off your lists"),
                lines.subList(3, lines.size()));
        assertEquals(
                "--- Below this line is a copy of the message.",
                paragraphs.get(3).strip());
        assertEquals(4, paragraphs.size());
    }

    /// Below the English lines, which programs know a report by.
    @Test
    void speaksTheLanguageThatItsReaderAskedForTooAndIsQsbmfStill() {
        send("ann@far.example", "", "Accept-Language: zh-TW, en-US\n" + ORIGINAL, Recipient.of("bob@here.example"));
        List<String> paragraphs = List.of(parts(Bench.text(queue, 2)).get(1).split("\n\n"));
        assertEquals(4, paragraphs.size());
        assertTrue(
                paragraphs.get(1).startsWith("Hi. This is the qmail-send program at mx.example.test.\nYour message"));
        assertTrue(paragraphs.get(1).endsWith("原因列在各個地址之下。"), paragraphs.get(1));
        assertTrue(paragraphs.get(2).startsWith("<bob@here.example>:\n"), paragraphs.get(2));
        send("ann@far.example", "", "Content-Language: zh-Hant\n" + ORIGINAL, Recipient.of("bob@here.example"));
        assertTrue(Bench.text(queue, 4).contains("原因列在各個地址之下。"));
        send("ann@far.example", "", "Accept-Language: en, zh-TW;q=0.5\n" + ORIGINAL, Recipient.of("bob@here.example"));
        assertFalse(Bench.text(queue, 6).contains("原因"));
    }

    /// A directory that says one thing everywhere, or cannot be read.
    private record Saying(Optional<String> text) implements Directory {
        @Override
        public Route route(Address address) {
            return new Route.NotOurs();
        }

        @Override
        public Optional<String> said(String domain, String name) throws IOException {
            if (text.isEmpty()) {
                throw new IOException("damaged cdb");
            }
            return name.equals("language") ? Optional.of("zh-Hant") : text.filter(_ -> domain.equals("far.example"));
        }
    }

    private List<String> introduced(Optional<String> text) {
        queue = new MemoryQueue(bench.clock);
        bench.boot(new Send.Hops(
                queue, bench.local, bench.remote, SendLimits.off(queue), new Wordings(new Saying(text), Log.silent())));
        return List.of(parts(sendAndBounce("ann@far.example", "", Recipient.of("bob@here.example")))
                .get(1)
                .split("\n\n"));
    }

    @Test
    void saysWhatTheDomainOfItsReaderSaysInTheLanguageSpokenThereAndIsQsbmfStill() {
        List<String> paragraphs = introduced(Optional.of("Dear {sender},\n--- sorry. <you>:"));
        assertEquals(4, paragraphs.size());
        String own = "Dear ann@far.example,\n--- sorry. <you>:";
        assertEquals(
                "Hi. This is the qmail-send program at mx.example.test.\n" + own + "\n" + own,
                paragraphs.get(1),
                "both");
        assertTrue(paragraphs.get(2).startsWith("<bob@here.example>:\n"), paragraphs.get(2));
    }

    @Test
    void saysWhatIsBuiltInWhereADomainsTextIsNoneOrCannotBeRead() {
        String builtIn = "Hi. This is the qmail-send program at mx.example.test.\nYour message did not reach";
        for (Optional<String> text : List.of(
                Optional.of("a\n\nb"),
                Optional.of("{nobody}"),
                Optional.of("x".repeat(5000)),
                Optional.<String>empty())) {
            List<String> paragraphs = introduced(text);
            assertEquals(4, paragraphs.size());
            assertTrue(paragraphs.get(1).startsWith(builtIn), paragraphs.get(1));
        }
    }

    @Test
    void aDoubleBounceSaysItsOwnTextAndElseTheBuiltInOne() {
        Directory directory = new Directory() {
            @Override
            public Route route(Address address) {
                return new Route.NotOurs();
            }

            @Override
            public Optional<String> said(String domain, String name) {
                return name.equals("bounce-double en")
                        ? Optional.of("To whom it concerns at {host}.")
                        : Optional.empty();
            }
        };
        for (Wordings wordings : List.of(new Wordings(directory, Log.silent()), Wordings.builtIn())) {
            queue = new MemoryQueue(bench.clock);
            bench.boot(new Send.Hops(queue, bench.local, bench.remote, SendLimits.off(queue), wordings));
            String text = parts(sendAndBounce("", "", Recipient.of("bob@here.example")))
                    .get(1);
            boolean own = wordings.directory().equals(directory);
            assertTrue(
                    text.contains("This is the qmail-send program at mx.example.test.\n"
                            + (own
                                    ? "To whom it concerns at mx.example.test.\n\n<bob@"
                                    : "A failure notice could not be delivered to the address below")),
                    text);
        }
    }

    @Test
    void tellsProgramsWhatFailedAndWhy() {
        String status = parts(sendAndBounce(
                        "ann@far.example",
                        "ENVID=QQ+2B7 RET=FULL",
                        new Recipient("bob@here.example", "NOTIFY=FAILURE ORCPT=rfc822;robert+2Bx@far.example")))
                .get(2);
        assertTrue(status.contains("Content-Type: message/delivery-status\n"));
        assertEquals("QQ+7", field(status, "Original-Envelope-Id"));
        assertEquals("dns; mx.example.test", field(status, "Reporting-MTA"));
        assertEquals("1 Jan 2026 00:00:00 -0000", field(status, "Arrival-Date"));
        assertEquals("rfc822; robert+x@far.example", field(status, "Original-Recipient"));
        assertEquals("rfc822; bob@here.example", field(status, "Final-Recipient"));
        assertEquals("failed", field(status, "Action"));
        assertEquals("5.1.1", field(status, "Status"));
        assertEquals("smtp; 550 5.1.1 no such user here", field(status, "Diagnostic-Code"));
    }

    @Test
    void sendsTheOriginalBackWhole() {
        String copy = parts(sendAndBounce("ann@far.example", "", Recipient.of("bob@here.example")))
                .get(3);
        assertEquals(
                "\nContent-Type: message/rfc822\nContent-Transfer-Encoding: 8bit\n\nReturn-Path: <ann@far.example>\n"
                        + ORIGINAL + "\n",
                copy);
    }

    @Test
    void sendsOnlyTheHeaderBackWhenAskedToOrWhenTheMessageIsLarge() {
        for (String parameters : List.of("RET=HDRS", "")) {
            boot();
            String original = parameters.isEmpty() ? ORIGINAL + "x".repeat(2000) : ORIGINAL;
            send("ann@far.example", parameters, original, Recipient.of("bob@here.example"));
            String copy = parts(Bench.text(queue, 2)).get(3);
            assertTrue(copy.contains("Content-Type: text/rfc822-headers\n"));
            assertTrue(copy.endsWith("From: <ann@far.example>\nSubject: x\n\n"), copy);
        }
    }

    @Test
    void namesOnlyThoseWhoFailedAndWaitsForTheLast() {
        send("ann@far.example", "", ORIGINAL, Recipient.of("eve@here.example"), Recipient.of("bob@here.example"));
        assertEquals(List.of(1L), queue.ids());
        bench.local.answerAll(new Verdict.Delivered(""));
        bench.run();
        String bounce = Bench.text(queue, 2);
        assertTrue(bounce.contains("<bob@here.example>:"));
        assertFalse(bounce.contains("eve@here.example"));
        assertEquals(1, queue.bounces(1));
    }

    @Test
    void isNotMadeForThoseWhoDoNotWantToKnow() {
        for (String notify : List.of("NOTIFY=NEVER", "NOTIFY=DELAY", "notify=success")) {
            boot();
            send("ann@far.example", "", ORIGINAL, new Recipient("bob@here.example", notify));
            assertEquals(List.of(), queue.ids());
            assertEquals(0, queue.bounces(1));
        }
    }

    @Test
    void goesToThePostmasterWhenItBouncesItself() throws Exception {
        bench.local.rule = refuse("", new Verdict.Never("5.2.1 disabled"));
        Bench.send(queue, "", "bob@here.example");
        bench.run();
        assertEquals("#@[]", queue.read(2).envelope().sender());
        assertEquals(List.of("postmaster@mx.example.test"), Bench.recipients(queue, 2));
        assertTrue(
                Bench.text(queue, 2).contains("\n\nHi. This is the qmail-send program at mx.example.test.\nA failure"));
    }

    /// RFC 3461 §4.1 is about what a sender gets: of what has none the postmaster hears, and he alone.
    @Test
    void ofAMessageWithoutASenderGoesToThePostmasterAloneWhateverItsNotify() throws Exception {
        for (String notify : List.of("NOTIFY=NEVER", "NOTIFY=SUCCESS,DELAY", "NOTIFY=SUCCESS,FAILURE,DELAY")) {
            boot();
            bench.local.rule = refuse("bob", new Verdict.Never("5.2.1 disabled"));
            send("", "", ORIGINAL, new Recipient("bob@here.example", notify));
            assertEquals("#@[]", queue.read(2).envelope().sender(), notify);
            assertEquals(List.of("postmaster@mx.example.test"), Bench.recipients(queue, 2), notify);
            boot();
            bench.local.rule = _ -> Optional.of(new Verdict.Delivered("did 1+0+0\n"));
            send("", "", ORIGINAL, new Recipient("eve@here.example", notify));
            assertEquals(List.of(), queue.ids(), "taken, and nobody is told");
        }
    }

    @Test
    void isDroppedAtTheThirdFailure() {
        Bench.send(queue, "#@[]", "bob@here.example");
        bench.run();
        assertEquals(List.of(), queue.ids());
        assertTrue(bench.log().contains("triple bounce: discarding bounce/1\nend msg 1\n"));
    }

    @Test
    void goesToThePlainListAddressUnderVerp() {
        sendAndBounce("list-@far.example-@[]", "", Recipient.of("bob@here.example"));
        assertEquals(List.of("list-@far.example"), Bench.recipients(queue, 2));
    }

    @Test
    void tellsProgramsTheWholeReply() {
        String why = "Remote host said: 550-first \u00e4\n550-" + "word ".repeat(200) + "\n550 last\nGiving up.\n";
        bench.local.rule = refuse("bob", new Verdict.Never(why));
        String status = parts(sendAndBounce("ann@far.example", "", Recipient.of("bob@here.example")))
                .get(2);
        int at = status.indexOf("Diagnostic-Code: ");
        String field =
                status.substring(at, status.indexOf("\n\n", at) < 0 ? status.length() : status.indexOf("\n\n", at));
        assertTrue(field.startsWith("Diagnostic-Code: smtp; 550-first \\x{E4}\n 550-word word"), field);
        assertTrue(field.stripTrailing().endsWith("word\n 550 last"), field);
        assertTrue(field.lines().allMatch(line -> line.length() < 300 && !line.isBlank()), field);
        assertEquals(200, field.split("word", -1).length - 1);
    }

    @Test
    void namesTheAddressAsTheSenderWroteItNotTheVirtualOne() {
        bench = new Bench(folder, Map.of("virtualdomains", "virtual.example:bob"));
        queue = new MemoryQueue(bench.clock);
        bench.boot(queue);
        bench.local.rule = refuse("bob-", new Verdict.Never("no"));
        assertTrue(sendAndBounce("ann@far.example", "", Recipient.of("eve@virtual.example"))
                .contains("<eve@virtual.example>:\nno\n"));
    }

    @Test
    void letsNoReasonBreakItsFormat() {
        bench.local.rule = refuse("bob", new Verdict.Never("550 5.7.1 a\r\n\r\nFinal-Recipient: rfc822; x\n\0\n-"));
        List<String> parts = parts(sendAndBounce("ann@far.example", "", Recipient.of("bob@here.example")));
        assertTrue(parts.get(1).contains("<bob@here.example>:\n550 5.7.1 a\nFinal-Recipient: rfc822; x\n-\n\n---"));
        assertEquals(
                1,
                parts.get(2)
                        .lines()
                        .filter(line -> line.startsWith("Final-Recipient"))
                        .count());
        assertEquals("smtp; 550 5.7.1 a", field(parts.get(2), "Diagnostic-Code"));
    }

    @Test
    void choosesABoundaryTheOriginalDoesNotContain() {
        send("ann@far.example", "", "Subject: x\n\n--=_qrate_1_0_=--\n", Recipient.of("bob@here.example"));
        assertTrue(parts(Bench.text(queue, 2)).get(3).contains("--=_qrate_1_0_=--\n"));
    }

    @Test
    void sendsOneReportOfSuccessToThoseWhoAsked() {
        bench.remote.rule = refuse("x", new Verdict.Delivered("250 ok"));
        send(
                "ann@far.example",
                "",
                ORIGINAL,
                new Recipient("eve@here.example", "NOTIFY=SUCCESS,FAILURE"),
                new Recipient("x@far.example", "NOTIFY=SUCCESS"),
                Recipient.of("joe@here.example"));
        bench.local.answerAll(new Verdict.Delivered(""));
        bench.run();
        List<String> actions = queue.ids().stream()
                .map(id -> parts(Bench.text(queue, id)).get(2))
                .map(status -> field(status, "Final-Recipient") + " " + field(status, "Action") + " "
                        + field(status, "Status"))
                .toList();
        assertEquals(
                List.of("rfc822; x@far.example relayed 2.0.0", "rfc822; eve@here.example delivered 2.0.0"), actions);
    }

    @Test
    void reportsAMessageThatWasOnlySentOnAsExpanded() {
        send("ann@far.example", "", ORIGINAL, new Recipient("team@here.example", "NOTIFY=SUCCESS"));
        bench.local.answerAll(new Verdict.Delivered(Spawner.EXPANDED + "\ndid 0+2+0"));
        bench.run();
        String status = parts(Bench.text(queue, queue.ids().getFirst())).get(2);
        assertEquals("expanded", field(status, "Action"));
        assertEquals("2.0.0", field(status, "Status"));
    }

    @Test
    void doesNotReportSuccessTwiceWhenTheRecordIsLate() {
        bench.local.always(new Verdict.Delivered(""));
        queue.full(true);
        send("ann@far.example", "", ORIGINAL, new Recipient("eve@here.example", "NOTIFY=SUCCESS"));
        queue.full(false);
        send("ann@far.example", "", ORIGINAL, new Recipient("eve@here.example", "NOTIFY=SUCCESS"));
        bench.pass(Duration.ofSeconds(10));
        bench.pass(Duration.ofSeconds(10));
        assertEquals(1, queue.ids().size());
    }

    @Test
    void usesUtf8ReportsForUtf8Addresses() throws Exception {
        bench.local.rule = refuse("bö", new Verdict.Never("no"));
        String bounce = sendAndBounce("änn@far.example", "SMTPUTF8", Recipient.of("böb@here.example"));
        assertTrue(bounce.contains("report-type=global-delivery-status"));
        assertTrue(bounce.contains("Final-Recipient: utf-8; böb@here.example\n"));
        assertTrue(queue.read(2).envelope().parameters().contains("SMTPUTF8"));
    }

    @Test
    void saysThatTheOriginalHasAnInternationalHeader() {
        String original = "Subject: gr\u00fc\u00dfe\n\nbody\n";
        Map<String, String> types = Map.of(
                "SMTPUTF8", "message/global",
                "BODY=8BITMIME SMTPUTF8 RET=HDRS", "message/global-headers",
                "BODY=8BITMIME", "message/rfc822",
                "RET=HDRS", "text/rfc822-headers");
        types.forEach((parameters, type) -> assertEquals(type, returned(parameters, original), parameters));
        assertEquals("message/rfc822", returned("SMTPUTF8", "Subject: x\n\ngr\u00fc\u00dfe\n"));
    }

    /// The type of what is sent back of a message that is refused.
    private String returned(String parameters, String original) {
        List<Long> before = queue.ids();
        send("ann@far.example", parameters, original, Recipient.of("bob@here.example"));
        bench.run();
        long bounce = queue.ids().stream()
                .filter(id -> !before.contains(id))
                .max(Long::compare)
                .orElseThrow();
        return field(parts(Bench.text(queue, bounce)).get(3), "Content-Type");
    }

    @Test
    void saysBelowARemotesWordsWhatTheyMeanAndWhatToDo() {
        bench.remote.always(new Verdict.Never("""
                192.0.2.1 failed after I sent the message.
                Remote host said: 550-5.7.26 This mail has been blocked because the sender is unauthenticated.
                550 5.7.26 - gsmtp
                """));
        String text = sendAndBounce("ann@here.example", "", Recipient.of("eve@far.example"));
        String people = parts(text).get(1);
        int said = people.indexOf("550 5.7.26 - gsmtp\n");
        int means = people.indexOf("\nWhat it means: Gmail takes no mail that passes neither SPF nor DKIM.\n");
        int action = people.indexOf("\nWhat the postmaster of this host can do: compare SPF, DKIM and DMARC");
        assertTrue(said > 0 && said < means && means < action, people);
        assertTrue(people.substring(action).contains("`qrate dns here.example`"), people);
        assertTrue(people.substring(action).contains("\n\n--- Below this line is a copy of the message.\n"), people);
        String status = parts(text).get(2);
        assertEquals("5.7.26", field(status, "Status"));
        assertFalse(status.contains("What it means"), status);
    }

    @Test
    void addsNothingToWordsThatItDoesNotKnow() {
        bench.remote.always(new Verdict.Never("192.0.2.1 failed.\nRemote host said: 550 5.7.1 go away\n"));
        String people = parts(sendAndBounce("ann@here.example", "", Recipient.of("eve@far.example")))
                .get(1);
        assertFalse(people.contains("What it means"), people);
    }
}
