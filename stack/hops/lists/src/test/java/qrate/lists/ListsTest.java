package qrate.lists;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.lists.Rig.ANN;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Verdict;

class ListsTest {
    private static final Duration ELEVEN_DAYS = Duration.ofSeconds(1_000_001);

    @TempDir
    Path folder;

    private Rig rig;

    @BeforeEach
    void make() throws Exception {
        rig = new Rig(folder, "-f");
    }

    @Test
    void subscribesOnceTheAddressItselfAgrees() throws Exception {
        assertEquals(0, rig.command("eve@evil.test", "subscribe-ann=example.org"));
        assertEquals(ANN, rig.last().envelope().recipients().getFirst().address());
        assertEquals("team-return-@example.test", rig.last().envelope().sender());
        assertEquals("", rig.subscribers());
        String confirm = rig.replyTo();
        assertEquals(0, rig.command(ANN, confirm));
        assertEquals(ANN + "\n", rig.subscribers());
        assertTrue(rig.last().text().contains("is on the list now"), rig.last().text());
        assertEquals(0, rig.command(ANN, confirm));
        assertTrue(rig.last().text().contains("was on the list already"));
    }

    /// RFC 8689 §6.
    @Test
    void sendsAPostThatMustGoByTlsByTls() throws Exception {
        rig.hand("ezmlm-sub", rig.dir().toString(), ANN);
        rig.more.put("QRATE_REQUIRETLS", "1");
        assertEquals(0, rig.post(ANN, "From: ann@example.org\nTo: team@example.test\nSubject: hush\n\nx\n"));
        assertTrue(rig.last().envelope().requiresTls());
        assertEquals(0, rig.command(ANN, "help"));
        assertTrue(rig.last().envelope().requiresTls());
        rig.more.clear();
        assertEquals(0, rig.post(ANN, "From: ann@example.org\nTo: team@example.test\nSubject: loud\n\nx\n"));
        assertFalse(rig.last().envelope().requiresTls());
    }

    @Test
    void quotesWhereTheRequestCameFromAndNothingThatItSays() throws Exception {
        String message = "Received: from x\n by y\nReceived: from z\nDate: today\nSubject: f\u00fcr mich\n\nbody\n";
        assertEquals(0, rig.mail("ezmlm-manage", ANN, "team-", "subscribe", message));
        assertTrue(
                rig.last().text().endsWith("\n\nReturn-Path: <ann@example.org>\nReceived: from x by y\nDate: today\n"),
                rig.last().text());
    }

    @Test
    void takesNoWrongOldOrForeignConfirmation() throws Exception {
        rig.command(ANN, "subscribe");
        String confirm = rig.replyTo();
        rig.command("eve@evil.test", confirm.replace("ann=example.org", "eve=evil.test"));
        rig.command(ANN, confirm.replace("sc.", "uc."));
        rig.later(ELEVEN_DAYS);
        rig.command(ANN, confirm);
        assertTrue(rig.last().text().contains("wrong or too old"));
        assertEquals("", rig.subscribers());
    }

    @Test
    void unsubscribesOnceTheAddressItselfAgrees() throws Exception {
        rig.hand("ezmlm-sub", rig.dir().toString(), "Ann@Example.org");
        assertEquals(0, rig.command(ANN, "unsubscribe"));
        assertEquals(ANN + "\n", rig.subscribers());
        assertEquals(0, rig.command(ANN, rig.replyTo()));
        assertEquals("", rig.subscribers());
    }

    @Test
    void refusesLoopsBouncesAndProgramsWithExit100() throws Exception {
        Map<String, String> refused = Map.of(
                "Mailing-List: contact x", "this message is from a mailing list already (#5.7.2)",
                "Precedence: bulk", "this message is bulk mail: it has a Precedence field (#5.7.2)",
                "Precedence: Junk", "this message is bulk mail: it has a Precedence field (#5.7.2)",
                "Auto-Submitted: auto-replied", "this message was sent by a program: Auto-Submitted (#5.7.2)");
        for (Map.Entry<String, String> one : refused.entrySet()) {
            String message = one.getKey() + "\n\nx\n";
            assertEquals(100, rig.post(ANN, message));
            assertEquals("ezmlm-send: fatal: " + one.getValue() + "\n", rig.said);
            assertEquals(100, rig.mail("ezmlm-manage", ANN, "team-", "subscribe", message));
            assertEquals("ezmlm-manage: fatal: " + one.getValue() + "\n", rig.said);
        }
        assertEquals(100, rig.post("", "Subject: x\n\nx\n"));
        assertEquals("ezmlm-send: fatal: this message is a bounce (#5.7.2)\n", rig.said);
        assertEquals(100, rig.post("#@[]", "Subject: x\n\nx\n"));
        assertEquals(100, rig.command("", "subscribe"));
        assertEquals(0, rig.queue.size());
    }

    @Test
    void eachProgramExits100ForAWrongCallAnd111WithoutItsList() throws Exception {
        for (String name : rig.lists.byHand().keySet()) {
            assertEquals(100, rig.hand(name));
            assertTrue(rig.said.startsWith(name + ": usage: " + name + " "), rig.said);
            assertEquals(111, rig.hand(name, folder.resolve("none").toString()));
            assertTrue(rig.said.startsWith(name + ": fatal: unable to use the list: "), rig.said);
        }
    }

    @Test
    void addressesByHandAreAddresses() throws Exception {
        String dir = rig.dir().toString();
        assertEquals(100, rig.hand("ezmlm-sub", dir, ANN, "nobody"));
        assertEquals("ezmlm-sub: fatal: nobody: no address\n", rig.said);
        assertEquals("", rig.subscribers());
        assertEquals(0, rig.hand("ezmlm-sub", dir, ANN));
        assertEquals(100, rig.hand("ezmlm-unsub", dir, "nobody"));
        assertEquals(0, rig.hand("ezmlm-unsub", dir, ANN));
        assertEquals("", rig.subscribers());
        assertEquals(100, rig.hand("ezmlm-list", dir, "more"));
        assertEquals(100, rig.hand("ezmlm-warn", "-t", "long", dir));
    }

    @Test
    void eachProgramOfALineExits111WhileTheQueueDoesNotTakeWhatItSends(@TempDir Path other) throws Exception {
        rig = new Rig(other, "-m");
        rig.hand("ezmlm-sub", rig.dir().toString(), ANN);
        String post = "From: bob@x.test\nSubject: x\n\nx\n";
        assertEquals(111, rig.mail("ezmlm-store", "bob@x.test", "team", "", post));
        assertEquals("ezmlm-store: fatal: this list has no moderator (#4.3.5)\n", rig.said);
        rig.hand("ezmlm-sub", rig.dir() + "/mod", "mod@x.test");
        assertEquals(0, rig.mail("ezmlm-store", "bob@x.test", "team", "", post));
        assertEquals(99, rig.mail("ezmlm-return", "", "team-return-", "7-ann=example.org", "Subject: failure\n\nno\n"));
        rig.later(ELEVEN_DAYS);
        assertEquals(0, rig.mail("ezmlm-store", "bob@x.test", "team", "", post));
        String id = rig.replyTo().substring("accept-".length());
        rig.answer = new Verdict.Later("full");
        assertEquals(111, rig.mail("ezmlm-store", "bob@x.test", "team", "", post));
        assertEquals("ezmlm-store: fatal: unable to queue: full\n", rig.said);
        assertEquals(111, rig.post(ANN, "Subject: x\n\nx\n"));
        assertEquals(111, rig.mail("ezmlm-moderate", "mod@x.test", "team-accept-", id, "x: y\n\n"));
        assertEquals(111, rig.command(ANN, "help"));
        assertEquals(111, rig.mail("ezmlm-get", ANN, "team-", "get.1", "Subject: x\n\n"));
        assertEquals(111, rig.hand("ezmlm-warn", "-l", "0", rig.dir().toString()));
        assertEquals(111, rig.mail("ezmlm-clean", "", "team", "", ""));
    }

    /// The message would be posted again with the next attempt.
    @Test
    void aWarningThatCannotBeSentHoldsUpNoPost() throws Exception {
        rig.hand("ezmlm-sub", rig.dir().toString(), ANN);
        assertEquals(99, rig.mail("ezmlm-return", "", "team-return-", "7-ann=example.org", "Subject: failure\n\nno\n"));
        rig.later(ELEVEN_DAYS);
        rig.answer = new Verdict.Later("full");
        assertEquals(0, rig.mail("ezmlm-warn", "", "team", "", ""));
        assertEquals("ezmlm-warn: fatal: unable to queue: full\n", rig.said);
        rig.answer = new Verdict.Delivered("ok 1 qp 2");
        assertEquals(0, rig.queue.size());
        rig.later(ELEVEN_DAYS);
        assertEquals(0, rig.mail("ezmlm-warn", "", "team", "", ""));
        assertEquals(1, rig.queue.size());
    }

    @Test
    void aPostIsOneMessageForTenThousandSubscribers() throws Exception {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            all.append("T").append("user").append(i).append("@example.org\0");
        }
        Files.writeString(rig.dir().resolve("subscribers/@"), all);
        assertEquals(0, rig.post(ANN, "Received: from x\nSubject: hello\n\nbody\n"));
        assertEquals(1, rig.queue.size());
        assertEquals(10_000, rig.last().envelope().recipients().size());
        assertEquals("team-return-1-@example.test-@[]", rig.last().envelope().sender());
    }

    @Test
    void aPostHasTheFieldsOfTheList() throws Exception {
        rig.hand("ezmlm-sub", rig.dir().toString(), ANN);
        String message = """
                Return-Path: <bob@x.test>
                Received: from x
                 by y
                From: bob@x.test
                Subject: hello
                List-Id: <other>

                body
                .
                """;
        assertEquals(0, rig.post("bob@x.test", message));
        String text = rig.last().text();
        for (String field : new String[] {
            "Mailing-List: contact team-help@example.test; run by ezmlm",
            "Precedence: bulk",
            "List-Id: <team.example.test>",
            "List-Post: <mailto:team@example.test>",
            "List-Help: <mailto:team-help@example.test>",
            "List-Subscribe: <mailto:team-subscribe@example.test>",
            "List-Unsubscribe: <mailto:team-unsubscribe@example.test>",
            "Delivered-To: mailing list team@example.test",
            "Subject: [team] hello",
            "From: bob@x.test"
        }) {
            assertTrue(text.contains(field + "\n"), field + " in " + text);
        }
        assertFalse(text.contains("Received:") || text.contains("<other>") || text.contains("Return-Path"), text);
        assertTrue(text.endsWith("\n\nbody\n.\n"));
        assertEquals(text, Files.readString(rig.dir().resolve("archive/0/01")));
        assertEquals("1:0\n", Files.readString(rig.dir().resolve("num")));
    }

    @Test
    void whatTheOwnerWroteMayBeAnyText() throws Exception {
        rig.hand("ezmlm-sub", rig.dir().toString(), ANN);
        Files.writeString(rig.dir().resolve("prefix"), "[\u00fcber]\n");
        Files.writeString(rig.dir().resolve("headeradd"), "X-List: \u00fcber \u4f60\n");
        rig.post(ANN, "Subject: x\n\nx\n");
        String got = rig.last().text();
        assertTrue(got.contains("\nSubject: =?utf-8?B?W8O8YmVyXQ==?= x\n"), got);
        assertTrue(got.contains("\nX-List: \u00fcber \u4f60\n"), got);
        rig.post(ANN, "Subject: Re: =?utf-8?B?W8O8YmVyXQ==?= x\n\nx\n");
        assertTrue(
                rig.last().text().contains("\nSubject: Re: =?utf-8?B?W8O8YmVyXQ==?= x\n"),
                rig.last().text());
    }

    @Test
    void aPostThatTheQueueDoesNotTakeChangesNothing() throws Exception {
        rig.hand("ezmlm-sub", rig.dir().toString(), ANN);
        rig.answer = new Verdict.Later("full");
        assertEquals(111, rig.post(ANN, "Subject: x\n\nx\n"));
        assertFalse(Files.exists(rig.dir().resolve("num")));
    }

    @Test
    void givesMessagesOfTheArchive() throws Exception {
        rig.hand("ezmlm-sub", rig.dir().toString(), ANN);
        rig.post(ANN, "Subject: one\n\n1\n");
        rig.post(ANN, "Subject: two\n\n2\n");
        assertEquals(99, rig.mail("ezmlm-get", ANN, "team-", "get.1_2", "Subject: x\n\n"));
        assertTrue(rig.last().text().contains("[team] one") && rig.last().text().contains("[team] two"));
        rig.later(Answers.QUIET);
        assertEquals(99, rig.mail("ezmlm-get", ANN, "team-", "get.3", "Subject: x\n\n"));
        assertTrue(rig.last().text().contains("no such message"));
        assertEquals(0, rig.mail("ezmlm-get", ANN, "team-", "help", "Subject: x\n\n"));
    }

    @Test
    void aBouncingAddressIsWarnedThenProbedThenRemoved() throws Exception {
        rig.hand("ezmlm-sub", rig.dir().toString(), ANN);
        assertEquals(99, rig.mail("ezmlm-return", "", "team-return-", "7-ann=example.org", "Subject: failure\n\nno\n"));
        assertEquals(0, rig.mail("ezmlm-warn", "", "team", "", ""));
        assertEquals(0, rig.queue.size());
        rig.later(ELEVEN_DAYS);
        assertEquals(0, rig.mail("ezmlm-warn", "", "team", "", ""));
        assertEquals(1, rig.queue.size());
        String warning = rig.last().envelope().sender();
        assertTrue(warning.startsWith("team-return-warn-") && rig.last().text().contains("\n7\n"), warning);
        bounced(warning);
        rig.later(ELEVEN_DAYS);
        rig.mail("ezmlm-warn", "", "team", "", "");
        String probe = rig.last().envelope().sender();
        assertTrue(probe.startsWith("team-return-probe-"), probe);
        assertEquals(ANN + "\n", rig.subscribers());
        bounced(probe.replace("ann=", "bob="));
        assertEquals(ANN + "\n", rig.subscribers());
        bounced(probe);
        assertEquals("", rig.subscribers());
    }

    private void bounced(String sender) throws Exception {
        String rest = sender.substring("team-return-".length(), sender.lastIndexOf('@'));
        assertEquals(99, rig.mail("ezmlm-return", "", "team-return-", rest, "Subject: failure\n\nno\n"));
    }

    @Test
    void anAbsenceNoteIsNoBounce() throws Exception {
        rig.hand("ezmlm-sub", rig.dir().toString(), ANN);
        String note = "Auto-Submitted: auto-replied\nSubject: away\n\nI am away\n";
        assertEquals(99, rig.mail("ezmlm-return", "", "team-return-", "7-ann=example.org", note));
        assertEquals(100, rig.mail("ezmlm-return", ANN, "team-return-", "7-ann=example.org", note));
        assertEquals("ezmlm-return: fatal: this address takes bounces only (#5.7.2)\n", rig.said);
        rig.later(ELEVEN_DAYS);
        rig.mail("ezmlm-warn", "", "team", "", "");
        assertEquals(0, rig.queue.size());
    }

    @Test
    void aModeratedPostWaitsForAnAnswer(@TempDir Path other) throws Exception {
        rig = new Rig(other, "-m");
        rig.hand("ezmlm-sub", rig.dir().toString(), ANN);
        rig.hand("ezmlm-sub", rig.dir() + "/mod", "mod@x.test");
        String post = "From: bob@x.test\nSubject: please\n\nbody\n";
        assertEquals(0, rig.mail("ezmlm-store", "bob@x.test", "team", "", post));
        assertEquals("mod@x.test", rig.last().envelope().recipients().getFirst().address());
        String accept = rig.replyTo();
        assertTrue(accept.startsWith("accept-"), accept);
        String id = accept.substring("accept-".length());
        assertEquals(100, rig.mail("ezmlm-moderate", "eve@x.test", "team-accept-", id + "a", "x: y\n\n"));
        assertEquals("ezmlm-moderate: fatal: this answer of a moderator is wrong or too old (#5.7.1)\n", rig.said);
        assertEquals(100, rig.mail("ezmlm-moderate", "mod@x.test", "team-accept-", "nothing", "x: y\n\n"));
        assertEquals("ezmlm-moderate: fatal: this is no answer of a moderator (#5.7.1)\n", rig.said);
        assertEquals(100, rig.mail("ezmlm-moderate", "mod@x.test", "team-maybe-", id, "x: y\n\n"));
        assertEquals("ezmlm-moderate: fatal: neither accept nor reject (#5.1.1)\n", rig.said);
        assertEquals(
                100, rig.mail("ezmlm-moderate", "mod@x.test", "team-accept-", id, "Auto-Submitted: auto-replied\n\n"));
        assertEquals("ezmlm-moderate: fatal: this is no answer of a moderator (#5.7.1)\n", rig.said);
        assertEquals(1, rig.queue.size());
        assertEquals(0, rig.mail("ezmlm-moderate", "mod@x.test", "team-accept-", id, "x: y\n\n"));
        assertEquals(ANN, rig.last().envelope().recipients().getFirst().address());
        assertTrue(
                rig.last().text().endsWith("From: bob@x.test\nSubject: please\n\nbody\n"),
                rig.last().text());
        assertEquals(0, rig.mail("ezmlm-moderate", "mod@x.test", "team-accept-", id, "x: y\n\n"));
        assertEquals(2, rig.queue.size());
        assertEquals(100, rig.mail("ezmlm-moderate", "mod@x.test", "team-reject-", id, "x: y\n\n"));
        assertEquals("ezmlm-moderate: fatal: another moderator decided otherwise (#5.7.1)\n", rig.said);
    }

    @Test
    void aListIsOnlyForThoseItIsFor(@TempDir Path other) throws Exception {
        rig = new Rig(other, "-P", "-u", "-k");
        String post = "Subject: x\n\nx\n";
        assertEquals(100, rig.post(ANN, post));
        assertEquals("ezmlm-send: fatal: only subscribers may post (#5.7.1)\n", rig.said);
        rig.hand("ezmlm-sub", rig.dir().toString(), ANN);
        assertEquals(0, rig.post(ANN, post));
        rig.hand("ezmlm-sub", rig.dir() + "/deny", ANN);
        assertEquals(100, rig.command("bob@x.test", "subscribe"));
        assertEquals("ezmlm-manage: fatal: this list is private: write to its owner (#5.7.2)\n", rig.said);
        assertEquals(100, rig.command("bob", "help"));
        assertEquals("ezmlm-manage: fatal: I cannot answer your address (#5.1.7)\n", rig.said);
        assertEquals(100, rig.post(ANN, post));
        assertEquals("ezmlm-send: fatal: your address may not post here (#5.7.1)\n", rig.said);
        rig.answer = new Verdict.Never("no");
        assertEquals(100, rig.command(ANN, "help"));
        assertEquals("ezmlm-manage: fatal: unable to queue: no\n", rig.said);
    }

    @Test
    void aListIsKnownByItsAddressInAnyCase() {
        Path maildirs = Path.of("maildirs");
        assertEquals(
                MailingList.folder(maildirs, "the.team@example.test"),
                MailingList.folder(maildirs, "The.Team@Example.TEST"));
        assertEquals(Optional.empty(), MailingList.folder(maildirs, "no address"));
    }

    @Test
    void aListIsMadeOnceAndInItsPlace() throws Exception {
        String dir = rig.dir().toString();
        String dot = rig.home.resolve(".qmail-team").toString();
        assertEquals(100, rig.make(dir, dot, "team", "example.test"));
        assertEquals("ezmlm-make: fatal: team@example.test is there already\n", rig.said);
        assertEquals(0, rig.make("-e", dir, dot, "team", "example.test"));
        String away = rig.home + "/none/.qmail-more";
        assertEquals(100, rig.make(rig.home + "/more", away, "more", "example.test"));
        assertEquals("ezmlm-make: fatal: " + rig.home + "/none: no such folder\n", rig.said);
        String inAFile = rig.dir() + "/key/more";
        assertEquals(111, rig.make(inAFile, rig.home + "/.qmail-more", "more", "example.test"));
        assertTrue(rig.said.startsWith("ezmlm-make: fatal: "), rig.said);
        for (String[] wrong :
                new String[][] {{}, {"-x", dir, dot, "team", "example.test"}, {"more", dot, "more", "e.test"}}) {
            assertEquals(100, rig.make(wrong));
            assertTrue(rig.said.startsWith("ezmlm-make: usage: ezmlm-make "), rig.said);
        }
    }

    @Test
    void aRefusedOrForgottenPostGoesBack(@TempDir Path other) throws Exception {
        rig = new Rig(other, "-m");
        rig.hand("ezmlm-sub", rig.dir() + "/mod", "mod@x.test");
        rig.mail("ezmlm-store", "bob@x.test", "team", "", "Subject: one\n\nbody\n");
        String id = rig.replyTo().substring("accept-".length());
        assertEquals(0, rig.mail("ezmlm-moderate", "mod@x.test", "team-reject-", id, "x: y\n\n"));
        assertEquals("bob@x.test", rig.last().envelope().recipients().getFirst().address());
        rig.mail("ezmlm-store", "bob@x.test", "team", "", "Subject: two\n\nbody\n");
        rig.later(ELEVEN_DAYS);
        assertEquals(0, rig.mail("ezmlm-clean", "", "team", "", ""));
        assertTrue(rig.last().text().contains("No moderator answered"));
    }

    @Test
    void oneClickTakesTheAddressOfItsLinkOffTheList() throws Exception {
        rig.hand("ezmlm-sub", rig.dir().toString(), ANN, "bob@x.test");
        rig.post(ANN, "Subject: x\n\nx\n");
        assertEquals(1, rig.queue.size(), "one message for all, without links");
        assertFalse(rig.last().text().contains("One-Click"));
        rig.base = Optional.of("https://lists.example.test/");
        rig.post(ANN, "Subject: x\n\nx\n");
        assertEquals(2, rig.queue.size(), "a list is asked for links by itself");
        Files.createFile(rig.dir().resolve("oneclick"));
        rig.base = Optional.empty();
        rig.post(ANN, "Subject: x\n\nx\n");
        assertEquals(3, rig.queue.size());
        assertFalse(rig.last().text().contains("One-Click"), "nobody would answer");
        rig.base = Optional.of("https://lists.example.test/");
        rig.post(ANN, "Subject: x\n\nx\n");
        assertEquals(5, rig.queue.size());
        String text = rig.last().text();
        assertTrue(text.contains("\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n"), text);
        assertTrue(text.contains("\nList-Unsubscribe: <https://lists.example.test/unsubscribe?list=team%40"), text);
        String code = text.substring(text.indexOf("&code=") + 6, text.indexOf(">, <mailto:team-unsubscribe@"));
        String address = rig.last().envelope().recipients().getFirst().address();
        Map<String, String> link = Map.of("list", "Team@example.test", "address", address, "code", code);
        assertTrue(rig.door().known(link));
        assertEquals(5, rig.queue.size(), "to look at a link changes nothing");
        assertEquals('K', rig.door().unsubscribe(link).code());
        assertEquals("team-owner@example.test", rig.last().envelope().sender());
        String to = rig.last().envelope().recipients().getFirst().address();
        String rest = to.substring("team-".length(), to.lastIndexOf('@'));
        int before = rig.queue.size();
        for (String wrong : new String[] {
            rest.replace("-", "-x"), rest.replaceAll("[a-p](?=-)", "a").replace("oc.", "oc.b")
        }) {
            assertEquals(
                    0,
                    rig.mail(
                            "ezmlm-manage",
                            "team-owner@example.test",
                            "team-",
                            wrong,
                            rig.last().text()));
            assertTrue(rig.subscribers().contains(address), wrong);
        }
        for (int twice = 0; twice < 2; twice++) {
            assertEquals(
                    0,
                    rig.mail(
                            "ezmlm-manage",
                            "team-owner@example.test",
                            "team-",
                            rest,
                            rig.last().text()));
            assertFalse(rig.subscribers().contains(address));
        }
        assertEquals(before, rig.queue.size(), "no letter follows");
    }

    @Test
    void aLinkSendsMailToListsOfThisSystemOnly() throws Exception {
        rig.base = Optional.of("https://lists.example.test");
        Map<String, String> link = Map.of("list", "team@example.test", "address", ANN, "code", "abcdefghijklmnopabcd");
        assertTrue(rig.door().known(link));
        Map<String, String> wrong = Map.of(
                "list", "team@elsewhere.test",
                "address", "ann@example.org\r\nBcc: x@y.test",
                "code", "abcdefghijklmnopabcdx@elsewhere.test");
        for (Map.Entry<String, String> one : wrong.entrySet()) {
            Map<String, String> other = new TreeMap<>(link);
            other.put(one.getKey(), one.getValue());
            assertFalse(rig.door().known(other), one.getKey());
            assertEquals('D', rig.door().unsubscribe(other).code());
        }
        rig.base = Optional.empty();
        assertEquals('D', rig.door().unsubscribe(link).code());
        assertEquals(0, rig.queue.size());
        rig.base = Optional.of("https://lists.example.test");
        rig.answer = new Verdict.Later("full");
        assertEquals('Z', rig.door().unsubscribe(link).code());
    }

    @Test
    void aQmailLineReachesNoListOutsideItsHome() throws Exception {
        Path other = Files.createDirectories(folder.resolve("domains/other.test"));
        Map<String, String> environment = Map.of("SENDER", ANN, "HOME", other.toString());
        for (String dir : new String[] {"../example.test/team", rig.dir().toString(), "."}) {
            int code = rig.lists
                    .inDelivery()
                    .get("ezmlm-warn")
                    .run(
                            java.util.List.of(dir),
                            new qrate.core.Program.Stdio(
                                    environment, java.io.InputStream.nullInputStream(), System.out, System.out));
            assertEquals(111, code, dir);
        }
    }

    @Test
    void listsSubscribersAsJson() throws Exception {
        String dir = rig.dir().toString();
        assertEquals(0, rig.hand("ezmlm-list", "--json", dir));
        assertEquals("[]\n", rig.said);
        assertEquals(0, rig.hand("ezmlm-sub", dir, "zoe@far.test", "o'brien=x@far.test"));
        assertEquals(0, rig.hand("ezmlm-list", dir));
        String text = rig.said;
        assertEquals(0, rig.hand("ezmlm-list", "--json", dir));
        assertEquals("[\"" + String.join("\",\"", text.lines().toList()) + "\"]\n", rig.said);
        assertEquals(2, text.lines().count());
        assertEquals(100, rig.hand("ezmlm-list", "--jsno", dir));
    }

    @Test
    void optionsOfWarnStandTogetherOrApart() throws Exception {
        String dir = rig.dir().toString();
        for (String[] good : new String[][] {{"-t5", "-l0", dir}, {"-dl", "0", "-t", "5", "--", dir}}) {
            assertEquals(0, rig.hand("ezmlm-warn", good), rig.said);
        }
        for (String[] wrong : new String[][] {{"-x", dir}, {"-t"}, {"-t", "-1", dir}}) {
            assertEquals(100, rig.hand("ezmlm-warn", wrong));
            assertEquals("ezmlm-warn: usage: ezmlm-warn [-t days] [-l seconds] dir\n", rig.said);
        }
    }
}
