package qrate.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.core.Verdict;
import qrate.message.AddressList;
import qrate.testkit.Seeds;

class QmailInjectTest extends InjectByHand {
    @BeforeEach
    void start() throws IOException {
        Files.writeString(folder.resolve("me"), "mail.example.test\n");
        Files.writeString(folder.resolve("defaulthost"), "example.test\n");
    }

    @Test
    void addsWhatIsMissing() {
        assertEquals(0, run("Subject: x\n\nbody\n", "bob"));
        assertTrue(messages.getFirst().startsWith("Date: 24 Nov 2026 06:30:00 -0000\nMessage-ID: <20261124063000."));
        assertTrue(messages.getFirst().contains(".qmail@mail.example.test>\nFrom: ann@example.test\n"));
        assertTrue(messages.getFirst().endsWith("\nCc: recipient list not shown: ;\nSubject: x\n\nbody\n"));
        assertEquals(List.of("bob@example.test"), recipients());
        assertEquals("ann@example.test", envelopes.getFirst().sender());
    }

    @Test
    void keepsWhatIsThereAndEveryByteOfTheRest() {
        String message =
                "Received: by x\n\tid y\nFrom: A <a@b.test>\nTo: c@d.test\nDate: yesterday\nMessage-Id: <1@x>\n"
                        + "X-Ünï: ö\n\nbödy\n.\nlast";
        String kept = message.replace("X-Ünï", "X-Uni");
        assertEquals(0, run(kept));
        assertEquals(kept + "\n", messages.getFirst()); // a last line is a line
        assertEquals(List.of("c@d.test"), recipients());
    }

    @Test
    void takesRecipientsFromHeaderArgumentsOrBoth() {
        String message = "To: a@x.test, g: b@x.test;\nCc: c@x.test\nBcc: d@x.test\nApparently-To: e@x.test\n\n";
        List<String> header = List.of("a@x.test", "b@x.test", "c@x.test", "d@x.test", "e@x.test");
        assertEquals(header, sentTo(message));
        assertEquals(header, sentTo(message, "-h", "z@x.test"));
        assertEquals(List.of("z@x.test"), sentTo(message, "z@x.test"));
        assertEquals(List.of("z@x.test"), sentTo(message, "-a", "z@x.test"));
        List<String> both = new ArrayList<>(List.of("z@x.test"));
        both.addAll(header);
        assertEquals(both, sentTo(message, "-H", "z@x.test"));
        messages.forEach(m -> assertFalse(m.contains("Bcc") || m.contains("d@x.test"), m));
    }

    @Test
    void readsResentFieldsWhenThereAreAny() {
        assertEquals(
                List.of("new@x.test", "secret@x.test"),
                sentTo("Resent-To: new@x.test\nResent-Bcc: secret@x.test\nTo: old@x.test\nBcc: old@x.test\n\n"));
        String message = messages.getFirst();
        assertTrue(message.startsWith("Resent-Date: ") && message.contains("\nResent-Message-ID: <"));
        assertTrue(message.contains("\nResent-From: ann@example.test\n"));
        assertFalse(message.contains("\nDate:") || message.contains("\nFrom:") || message.contains("ecret"), message);
    }

    @Test
    void takesTheSenderFromOptionThenReturnPathThenEnvironment() {
        environment.putAll(Map.of("QMAILSUSER", "own", "QMAILSHOST", "short"));
        assertEquals("own@short.mail.example.test", sender("To: a\n\n"));
        assertEquals("rp@x.test", sender("Return-Path: <rp@x.test>\nTo: a\n\n"));
        assertEquals("", sender("Return-Path: <>\nTo: a\n\n"));
        assertEquals("opt@example.test", sender("Return-Path: <rp@x.test>\nTo: a\n\n", "-fopt"));
        assertEquals("", sender("To: a\n\n", "-f", ""));
        environment.put("QMAILINJECT", "s");
        assertEquals("own@short.mail.example.test", sender("Return-Path: <rp@x.test>\nTo: a\n\n"));
        environment.put("QMAILINJECT", "r");
        assertEquals("own-@short.mail.example.test-@[]", sender("To: a\n\n"));
        environment.put("QMAILINJECT", "m");
        assertTrue(sender("To: a\n\n").matches("own-20261124063000\\.\\d+@short\\.mail\\.example\\.test"));
        messages.forEach(m -> assertFalse(m.contains("Return-Path"), m));
    }

    @Test
    void writesFromAsTheFlagsSay() {
        environment.put("QMAILNAME", "Ann (A.) Other");
        run("To: a\nFrom: x@y.test\nMessage-ID: <1@x>\n\n");
        assertTrue(messages.getLast().contains("From: x@y.test\nMessage-ID: <1@x>\n"));
        environment.put("QMAILNAME", "Ann Other");
        run("To: a\n\n");
        assertTrue(messages.getLast().contains("\nFrom: \"Ann Other\" <ann@example.test>\n"), messages.getLast());
        environment.put("QMAILNAME", "Ann (A.) Other");
        environment.put("QMAILINJECT", "fi");
        run("To: a\nFrom: x@y.test\nMessage-ID: <1@x>\n\n");
        assertTrue(messages.getLast().contains("\nFrom: \"Ann (A.) Other\" <ann@example.test>\n"), messages.getLast());
        assertFalse(messages.getLast().contains("<1@x>"));
        environment.put("QMAILINJECT", "cf");
        run("To: a\nFrom: x@y.test\n\n");
        assertTrue(messages.getLast().contains("\nFrom: ann@example.test (Ann \\(A.\\) Other)\n"), messages.getLast());
    }

    @Test
    void endsTheHeaderAtTheFirstLineThatIsNoField() {
        run("From ann Tue Nov 24\nTo: a@x.test\nthis is the body\nSubject: of it\n");
        assertTrue(messages.getFirst().endsWith("\n\nthis is the body\nSubject: of it\n"), messages.getFirst());
        run("To: a@x.test\r\nSubject: x\r\n\r\nbody\r\n");
        assertTrue(messages.get(1).endsWith("\nTo: a@x.test\nSubject: x\n\nbody\r\n"), messages.get(1));
        run("To: a@x.test");
        assertTrue(messages.get(2).endsWith("\n\n"), messages.get(2));
    }

    @Test
    void printsInsteadOfSendingWhenAsked() {
        assertEquals(0, run("To: a\n\nbody\n", "-n"));
        assertEquals(List.of(), envelopes);
        assertTrue(out.startsWith("Return-Path: <ann@example.test>\nDate: "), out);
        assertTrue(out.endsWith("\nTo: a@example.test\n\nbody\n"), out);
        assertEquals(0, run("To: a\n\nbody\n", "-n", "-f", "a b@x.test"));
        assertTrue(out.startsWith("Return-Path: <\"a b\"@x.test>\nDate: "), out);
    }

    @Test
    void exitsWith100ForWhatWillNeverWorkAnd111ForTheRest() {
        assertEquals(100, run("Subject: x\n\n"));
        assertTrue(err.contains("no recipients"), err);
        assertEquals(100, run("To: <a@b\n\n"));
        assertTrue(err.contains("unable to parse this line: To"), err);
        assertEquals(100, run("To: a\n\n", "-z"));
        assertEquals(100, run("To: a\n\n", "-f"));
        assertEquals(100, run("\n", "@bad"));
        assertEquals(100, run("\n", "a".repeat(2000) + "@x.test"));
        assertEquals(100, run("X: " + "y".repeat(Incoming.HEADER_BYTES_MAX), "a"));
        assertTrue(err.contains("larger than"), err);
        assertEquals(List.of(), envelopes);
        verdict = new Verdict.Later("disk full");
        assertEquals(111, run("To: a\n\n"));
        assertTrue(err.contains("qmail-inject: fatal: disk full"), err);
        verdict = new Verdict.Never("refused");
        assertEquals(100, run("To: a\n\n"));
    }

    @Test
    void defersWhenAControlFileCannotBeRead() throws IOException {
        Files.write(folder.resolve("idhost"), new byte[] {(byte) 0xff});
        assertEquals(111, run("To: a\n\n"));
        assertTrue(err.contains("control/idhost: not UTF-8"), err);
        assertEquals(List.of(), envelopes);
    }

    @Test
    void sendsLargeMessagesThroughAFile() {
        String body = "0123456789abcdef\n".repeat(100_000);
        assertEquals(0, run("To: a\n\n" + body));
        assertTrue(messages.getFirst().endsWith("\n\n" + body));
    }

    @Test
    void letsNoAddressBecomeASecondField() {
        Seeds.forAll(500, random -> {
            StringBuilder value = new StringBuilder();
            String often = "<>@,;:.\"\\()[] \r\n\tab";
            for (int i = random.nextInt(60); i > 0; i--) {
                value.append(often.charAt(random.nextInt(often.length())));
            }
            int code = run("To: " + value.toString().replace("\n", "\n\t") + "\n\nbody\n", "-H", "a@x.test");
            assertTrue(code == 0 || code == 100, err);
            if (code == 0) {
                String header =
                        messages.getLast().substring(0, messages.getLast().indexOf("\n\n"));
                for (String line : header.lines().toList()) {
                    assertTrue(line.matches("(?s)(To|Date|Message-ID|From|Cc):.*|\t.*"), header);
                }
            }
        });
    }

    @Test
    void takesVerpSendersByOptionAndByReturnPath() {
        assertEquals("list-@x.test-@[]", sender("To: a\n\n", "-flist-@x.test-@[]"));
        assertEquals("list-@x.test-@[]", sender("Return-Path: <list-@x.test-@[]>\nTo: a\n\n"));
        assertEquals("#@[]", sender("To: a\n\n", "-f", "#@[]"));
        assertEquals(List.of("a@b@c.test"), sentTo("\n", "a@b@c.test"));
        assertEquals(List.of("a@x.test", "b@x.test"), sentTo("\n", "Ann <a@x.test>, b@x.test"));
        environment.putAll(Map.of("QMAILSUSER", "own", "QMAILSHOST", "x.test", "QMAILINJECT", "rm"));
        assertTrue(sender("To: a\n\n").matches("own-20261124063000\\.\\d+-@x\\.test-@\\[\\]"));
    }

    @Test
    void takesTheFirstReturnPathThatNamesAnybody() {
        assertEquals("a@x.test", sender("Return-Path: <a@x.test>\nReturn-Path: <b@x.test>\nTo: a\n\n"));
        assertEquals("", sender("Return-Path: <>\nReturn-Path: <b@x.test>\nTo: a\n\n"));
        assertEquals("ann@example.test", sender("Return-Path:\nTo: a\n\n"));
    }

    @Test
    void makesASenderForEachRecipientOfReturnPathToo() {
        environment.put("QMAILINJECT", "r");
        assertEquals("list-@x.test-@[]", sender("Return-Path: <list-@x.test>\nTo: a\n\n"));
        assertEquals("list-@x.test-@[]", sender("Return-Path: <list-@x.test-@[]>\nTo: a\n\n"));
        assertEquals("", sender("Return-Path: <>\nTo: a\n\n"));
        assertEquals("opt@x.test", sender("To: a\n\n", "-fopt@x.test"));
    }

    /// addresses(5): what an envelope holds has no quotes.
    @Test
    void takesEnvelopeAddressesWithBlanksAndQuotesInTheirNamesAsTheyAre() {
        assertEquals("The Almighty.One@x.test", sender("To: a\n\n", "-f", "The Almighty.One@x.test"));
        assertEquals(List.of("The Almighty.One@x.test"), sentTo("\n", "The Almighty.One@x.test"));
        assertEquals(List.of("a\"quote@x.test"), sentTo("\n", "a\"quote@x.test"));
        assertEquals(List.of("a:b\\c@x.test"), sentTo("\n", "a:b\\c@x.test"));
        assertEquals(List.of("a b@example.test"), sentTo("\n", "a b"));
        assertEquals(List.of("a@x.test", "b@x.test"), sentTo("\n", " a@x.test", "b@x.test "));
        assertEquals(List.of("a@x.test", "b@x.test"), sentTo("\n", "a@x.test b@x.test"));
        assertEquals(List.of("a b@x.test"), sentTo("\n", "\"a b\"@x.test"));
    }

    @Test
    void deletesFromAndMessageIdButNotTheirResentForms() {
        environment.put("QMAILINJECT", "fi");
        run("Resent-To: a\nResent-From: r@x.test\nResent-Message-ID: <2@x>\nFrom: f@x.test\nMessage-ID: <1@x>\n\n");
        String message = messages.getLast();
        assertTrue(message.contains("Resent-From: r@x.test\nResent-Message-ID: <2@x>\n"), message);
        assertFalse(message.contains("\nFrom:") || message.contains("<1@x>"), message);
    }

    @Test
    void tellsListReadersWhereAnswersGo() throws IOException {
        Path lists = folder.resolve("lists");
        environment.put("QMAILMFTFILE", lists.toString());
        assertEquals(0, run("To: List@x.test\n\n"));
        Files.writeString(lists, "list@X.test\n");
        run("To: L <List@x.test>, g: b@x.test (B);\nCc: c\nBcc: d@x.test\n\n");
        assertTrue(
                messages.getLast().contains("\nMail-Followup-To: List@x.test, b@x.test, c@example.test\n"),
                messages.getLast());
        run("To: list@x.test\nMail-Followup-To: z@x.test\n\n");
        run("To: other@x.test\n\n");
        assertFalse(messages.get(0).contains("Followup") || messages.get(3).contains("Followup"));
        assertTrue(messages.get(2).contains("Mail-Followup-To: z@x.test\n"), messages.get(2));
        Files.write(lists, new byte[] {(byte) 0xff});
        assertEquals(111, run("To: list@x.test\n\n"));
    }

    @Test
    void completesEveryAddressField() {
        run("""
                Sender: a
                Reply-To: b@h
                Return-Receipt-To: <@r.test:c@h+>
                Errors-To: d
                To: e f
                Content-Length: 3

                """);
        String mended = """
                Sender: a@example.test
                Reply-To: b@h.mail.example.test
                Return-Receipt-To: <c@h.mail.example.test>
                Errors-To: d@example.test
                To: e@example.test, f@example.test

                """;
        assertTrue(messages.getFirst().endsWith(mended), messages.getFirst());
        assertFalse(messages.getFirst().contains("Content-Length"));
    }

    @Test
    void environmentOverridesEachControlFile() throws IOException {
        Files.writeString(folder.resolve("defaultdomain"), "dd.test\n");
        Files.writeString(folder.resolve("plusdomain"), "pd.test\n");
        Files.writeString(folder.resolve("idhost"), "id.test\n");
        run("To: a@h, b@h+, c\n\n");
        assertTrue(messages.getLast().contains("To: a@h.dd.test, b@h.pd.test, c@example.test\n"));
        assertTrue(messages.getLast().contains(".qmail@id.test>\n"));
        environment.putAll(Map.of(
                "QMAILDEFAULTDOMAIN",
                "e1.test",
                "QMAILPLUSDOMAIN",
                "e2.test",
                "QMAILIDHOST",
                "e3.test",
                "QMAILDEFAULTHOST",
                "short"));
        run("To: a@h, b@h+, c\n\n");
        assertTrue(messages.getLast().contains("To: a@h.e1.test, b@h.e2.test, c@short.e1.test\n"));
        assertTrue(messages.getLast().contains(".qmail@e3.test>\n"));
        environment.put("QMAILDEFAULTHOST", "cs+");
        run("To: c\n\n");
        assertTrue(messages.getLast().contains("To: c@cs.e2.test\n"));
    }

    @Test
    void takesTheUserFromTheFirstVariableThatIsSet() {
        environment.put("LOGNAME", "four");
        for (String name : List.of("USER", "MAILUSER", "QMAILUSER")) {
            environment.put(name, name.toLowerCase(java.util.Locale.ROOT));
            assertEquals(name.toLowerCase(java.util.Locale.ROOT) + "@example.test", sender("To: a\n\n"));
        }
        environment.clear();
        assertEquals("anonymous@example.test", sender("To: a\n\n"));
        environment.putAll(Map.of("QMAILHOST", "q.test", "MAILHOST", "m.test", "MAILNAME", "M", "NAME", "N"));
        assertEquals("anonymous@q.test", sender("To: a\n\n"));
        assertTrue(messages.getLast().contains("From: \"M\" <anonymous@q.test>\n"), messages.getLast());
    }

    @Test
    void mendingAMendedMessageChangesNothing() {
        Seeds.forAll(200, random -> {
            StringBuilder text = new StringBuilder();
            for (String name : List.of("To", "Cc", "From", "Reply-To", "Resent-To", "Subject")) {
                if (random.nextInt(3) > 0) {
                    text.append(name).append(": ");
                    for (int i = 1 + random.nextInt(5); i > 0; i--) {
                        text.append(List.of("a", "b@h", "\"c d\"@x.test", "E (f) <g@h.test>", "k: l, m@n.o;", "p@q+")
                                        .get(random.nextInt(6)))
                                .append(i > 1 ? ", " : "\n");
                    }
                }
            }
            String message = text + "\nbody\n";
            assertEquals(0, run(message, "-H", "z@x.test"), err);
            String once = messages.getLast();
            assertEquals(0, run(once, "-H", "z@x.test"), err);
            assertEquals(once, messages.getLast(), message);
        });
    }

    private List<String> sentTo(String message, String... arguments) {
        return sentTo(inject, message, arguments);
    }

    private String sender(String message, String... arguments) {
        assertEquals(0, run(message, arguments), err);
        return envelopes.getLast().sender();
    }

    private int run(String message, String... arguments) {
        return run(inject, message, arguments);
    }

    @Test
    void completesHostNames() {
        HostNames names = new HostNames("default.test", "domain.test", "plus.test", "id.test");
        String text = "a, b@short, c@x.cs+, d@y+, e@full.test, f@[1.2.3.4], <>, g@, <h@>";
        if (AddressList.parse(text) instanceof AddressList.Parsed.Good(var list)) {
            assertEquals(
                    "a@default.test, b@short.domain.test, c@x.cs.plus.test, d@y.plus.test, e@full.test, f@[1.2.3.4], "
                            + "<>, g@default.test, <h@default.test>",
                    list.withDomains(names::complete).text(-300));
        }
        assertEquals(List.of("ann@example.test"), sentTo("\n", "ann@"));
        assertEquals(List.of("ann@example.test", "b@x.test"), sentTo("To: <ann@>, b@x.test\n\n"));
        assertEquals("me@example.test", sender("To: a\n\n", "-fme@"));
    }

    @Test
    void leavesFieldsThatAreNotItsOwnAsTheyAre() {
        String fields = "Mail-Followup-To:  Z <z>,y\nMail-Reply-To: anything,, at (all\nX-To: z\n";
        run("To: a@x.test\n" + fields + "\n");
        assertTrue(messages.getLast().endsWith("\n" + fields + "\n"), messages.getLast());
    }

    @Test
    void endsTheLastLine() {
        for (String body : List.of("", "x", "x\n", "x\ny", "x\n\n", "\r")) {
            run("To: a@x.test\n\n" + body);
            String whole = body.isEmpty() || body.endsWith("\n") ? body : body + "\n";
            assertTrue(messages.getLast().endsWith("\nTo: a@x.test\n\n" + whole), messages.getLast());
        }
    }
}
