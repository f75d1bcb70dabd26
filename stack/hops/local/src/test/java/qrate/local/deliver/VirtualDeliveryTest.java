package qrate.local.deliver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Body;
import qrate.core.Envelope;
import qrate.core.Recipient;
import qrate.core.Spawner;
import qrate.core.Verdict;
import qrate.snapshots.Directory;

class VirtualDeliveryTest {
    private static final String ANN = "example.org-ann@example.org";
    private static final String BOX = "domains/example.org/ann/Maildir";

    @TempDir
    Path root;

    private Setting setting;

    @BeforeEach
    void set() throws Exception {
        setting = new Setting(root);
        setting.domain("example.org", "ann");
    }

    @AfterEach
    void close() {
        setting.close();
    }

    @Test
    void deliversIntoTheMailboxAndMakesIt() throws Exception {
        assertEquals(new Verdict.Delivered("did 1+0+0"), setting.deliver(ANN));
        assertEquals(
                "Return-Path: <sender@example.com>\nDelivered-To: example.org-ann@example.org\n" + Setting.MESSAGE,
                setting.read(BOX, 0));
        assertEquals(setting.read(BOX, 0).length(), setting.list(BOX).getFirst().size());
        assertEquals(
                List.of(),
                List.of(setting.maildirs().resolve(BOX + "/tmp").toFile().list()));
    }

    /// The snapshot in use may be a second older than the deletion.
    @Test
    void makesNoMailboxThatWasDeletedAMomentAgo() throws Exception {
        setting.deleted.add("ann@example.org");
        assertEquals(new Verdict.Never("Sorry, no mailbox here by that name. (#5.1.1)"), setting.deliver(ANN));
        assertFalse(Files.exists(setting.maildirs().resolve("domains/example.org/ann")));
        setting.deleted.clear();
        assertEquals('K', setting.deliver(ANN).code());
    }

    @Test
    void deliversARepeatedJobOnceEvenAfterARestartAndTheReadersDeletion() throws Exception {
        setting.deliver(7, "", Setting.MESSAGE, ANN);
        setting.deliver(7, "", Setting.MESSAGE, ANN);
        assertEquals(1, setting.list(BOX).size());
        Files.delete(setting.maildirs()
                .resolve(BOX + "/" + setting.list(BOX).getFirst().file()));
        setting.restart();
        assertInstanceOf(Verdict.Delivered.class, setting.deliver(7, "", Setting.MESSAGE, ANN));
        assertEquals(0, setting.list(BOX).size());
        setting.spawner().settled(7, List.of(0));
        setting.deliver(8, "", Setting.MESSAGE, ANN);
        assertEquals(1, setting.list(BOX).size());
    }

    @Test
    void waitsForAHomeThatIsNotBelowTheMaildirs() throws Exception {
        setting.route(
                "out@example.org", new Directory.Route.Mailbox("out@example.org", "../out", 0, 0, List.of(), true));
        assertEquals(
                new Verdict.Later("Home of out@example.org is not below the maildirs. (#4.3.5)"),
                setting.deliver("example.org-out@example.org"));
        setting.put("domains/example.org/.qmail-default", "| vdelivermail '' /no/such/place\n");
        assertEquals(
                new Verdict.Later("/no/such/place is not below the maildirs. (#4.3.5)"),
                setting.deliver("example.org-nobody@example.org"));
    }

    @Test
    void takesADomainsHomeNamedInFull() throws Exception {
        String home = setting.maildirs().toAbsolutePath() + "/domains/example.org";
        setting.assign("full.org-", "full.org", "99999", home, "-", "");
        setting.route("ann@full.org", Setting.mailbox("example.org", "ann", 0, List.of(), true));
        assertEquals('K', setting.deliver("full.org-ann@full.org").code());
        assertEquals(1, setting.list(BOX).size());
    }

    @Test
    void answersEachRecipientOfAJob() throws Exception {
        setting.route("bob@example.org", Setting.mailbox("example.org", "bob", 0, List.of(), true));
        List<Verdict> verdicts = setting.deliver(Setting.job(
                1, "", Setting.MESSAGE, ANN, "example.org-none@example.org", "example.org-bob@example.org", ANN));
        assertEquals("KDKK", verdicts.stream().map(v -> "" + v.code()).reduce("", String::concat));
        assertEquals(2, setting.list(BOX).size());
    }

    @Test
    void refusesNobody() throws Exception {
        assertEquals(
                new Verdict.Never("Sorry, no mailbox here by that name. (#5.1.1)"),
                setting.deliver("example.org-none@example.org"));
        assertEquals('D', setting.deliver("none@elsewhere.org").code());
    }

    @Test
    void refusesWhatIsOverTheQuota() throws Exception {
        setting.route("ann@example.org", Setting.mailbox("example.org", "ann", 150, List.of(), true));
        assertEquals('K', setting.deliver(ANN).code());
        Verdict second = setting.deliver(ANN);
        assertTrue(second.text().contains("5.2.2"), second.toString());
        assertEquals('D', second.code());
        Files.delete(setting.maildirs()
                .resolve(BOX + "/" + setting.list(BOX).getFirst().file()));
        Files.delete(setting.maildirs().resolve(BOX + "/maildirsize"));
        assertEquals('K', setting.deliver(ANN).code());
    }

    @Test
    void sendsCopiesAndForwards() throws Exception {
        setting.route("ann@example.org", Setting.mailbox("example.org", "ann", 0, List.of("c@example.net"), true));
        setting.route("fwd@example.org", new Directory.Route.Forward(List.of("x@example.net", "y@example.net")));
        setting.route("gone@example.org", Setting.mailbox("example.org", "gone", 0, List.of("z@example.net"), false));
        assertEquals('K', setting.deliver(ANN).code());
        assertEquals(1, setting.list(BOX).size());
        assertEquals(
                "sender@example.com", setting.forwarded.getFirst().envelope().sender());
        assertEquals(
                "Delivered-To: example.org-ann@example.org\n" + Setting.MESSAGE,
                setting.forwarded.getFirst().content());
        assertEquals('K', setting.deliver("example.org-fwd@example.org").code());
        assertEquals(2, setting.forwarded.get(1).envelope().recipients().size());
        assertEquals('K', setting.deliver("example.org-gone@example.org").code());
        assertEquals(List.of(), setting.list("domains/example.org/gone/Maildir"));
    }

    /// The message as it was sent on last, to one address.
    private Verdict deliverSentOn(String recipient) throws Exception {
        Setting.Forwarded last = setting.forwarded.getLast();
        Spawner.Delivery delivery = new Spawner.Delivery(0, new Recipient(recipient, ""));
        return setting.deliver(new Spawner.Job(
                        setting.forwarded.size() + 1,
                        Setting.BIRTH,
                        last.envelope().sender(),
                        last.envelope().parameters(),
                        Body.of(last.content().getBytes(UTF_8)),
                        "",
                        List.of(delivery)))
                .getFirst();
    }

    @Test
    void mailboxesThatKeepNothingAndLeadToEachOtherTellTheSenderAndLoseNothing() throws Exception {
        setting.route("ann@example.org", Setting.mailbox("example.org", "ann", 0, List.of("bob@example.org"), false));
        setting.route("bob@example.org", Setting.mailbox("example.org", "bob", 0, List.of("ann@example.org"), false));
        assertEquals('K', setting.deliver(ANN).code());
        assertEquals('K', deliverSentOn("example.org-bob@example.org").code());
        assertEquals(2, setting.forwarded.size());
        Verdict looping = deliverSentOn(ANN);
        assertEquals('D', looping.code(), looping.toString());
    }

    @Test
    void aForwardThatTheQueueDoesNotTakeIsTriedAgainAndTheCopyStaysOne() throws Exception {
        setting.route("ann@example.org", Setting.mailbox("example.org", "ann", 0, List.of("c@example.net"), true));
        setting.full = true;
        assertEquals('Z', setting.deliver(7, "s@far.test", Setting.MESSAGE, ANN).code());
        assertEquals(1, setting.list(BOX).size());
        setting.full = false;
        assertEquals('K', setting.deliver(7, "s@far.test", Setting.MESSAGE, ANN).code());
        assertEquals(1, setting.list(BOX).size());
        setting.route("ann@example.org", Setting.mailbox("example.org", "ann", 0, List.of("c@example.net"), false));
        setting.full = true;
        assertEquals('Z', setting.deliver(ANN).code(), "and whoever keeps nothing loses nothing");
    }

    private Verdict deliverNotifying(String recipient, String parameters) throws Exception {
        Spawner.Delivery delivery = new Spawner.Delivery(0, new Recipient(recipient, parameters));
        return setting.deliver(new Spawner.Job(
                        1, Setting.BIRTH, "sender@example.com", "ENVID=e", Body.of(new byte[0]), "", List.of(delivery)))
                .getFirst();
    }

    @Test
    void asksNobodyFurtherOnForASecondReportOfSuccess() throws Exception {
        setting.route("fwd@example.org", new Directory.Route.Forward(List.of("x@example.net")));
        Map<String, String> handedOn = Map.of(
                "", "",
                "NOTIFY=FAILURE ORCPT=rfc822;a@b", "NOTIFY=FAILURE ORCPT=rfc822;a@b",
                "NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;a@b", "NOTIFY=FAILURE,DELAY ORCPT=rfc822;a@b",
                "ORCPT=rfc822;a@b NOTIFY=success", "ORCPT=rfc822;a@b NOTIFY=NEVER");
        for (Map.Entry<String, String> one : handedOn.entrySet()) {
            setting.forwarded.clear();
            assertEquals(
                    one.getKey().toUpperCase(Locale.ROOT).contains("SUCCESS"),
                    deliverNotifying("example.org-fwd@example.org", one.getKey())
                            .text()
                            .startsWith(Spawner.EXPANDED + "\ndid 0+1+0 "));
            Envelope sent = setting.forwarded.getFirst().envelope();
            assertEquals(one.getValue(), sent.recipients().getFirst().parameters());
            assertEquals("ENVID=e SENTON=example.org", sent.parameters());
        }
    }

    @Test
    void saysThatAMessageHasArrivedThatIsKeptBesidesBeingSentOn() throws Exception {
        setting.route("ann@example.org", Setting.mailbox("example.org", "ann", 0, List.of("c@example.net"), true));
        assertEquals(
                "did 1+1+0 ok 1 qp 2", deliverNotifying(ANN, "NOTIFY=SUCCESS").text());
        assertEquals(
                "NOTIFY=NEVER",
                setting.forwarded.getFirst().envelope().recipients().getFirst().parameters());
    }

    @Test
    void givesAnExtensionToItsUser() throws Exception {
        assertEquals('K', setting.deliver("example.org-ann-list@example.org").code());
        assertEquals(1, setting.list(BOX).size());
    }

    @Test
    void stopsALoop() throws Exception {
        Verdict looping = setting.deliver("", "Delivered-To: example.org-ann@example.org\n" + Setting.MESSAGE, ANN);
        assertEquals('D', looping.code());
        assertTrue(looping.text().contains("5.4.6"), looping.text());
        assertEquals(
                'K',
                setting.deliver("", "A: b\n\nDelivered-To: example.org-ann@example.org\n", ANN)
                        .code());
    }

    @Test
    void waitsAndSaysWhyWhereAFileIsWrong() throws Exception {
        for (String line : List.of("&", "&@example.net", "Ann <ann@example.net>", "&ann@example.net # comment")) {
            setting.put("domains/example.org/.qmail-team", line + "\n");
            Verdict waits = setting.deliver("example.org-team@example.org");
            assertEquals(new Verdict.Later("Uh-oh: .qmail forwards to what is no address. (#4.3.5)"), waits, line);
        }
        assertEquals(List.of(), setting.forwarded);
        String log = setting.logged.toString(UTF_8);
        assertTrue(log.contains("/domains/example.org: no address: Ann <ann@example.net>"), log);
    }

    @Test
    void keepsTheCountThatAnotherProgramBegan() throws Exception {
        setting.route("bob@example.org", Setting.mailbox("example.org", "bob", 0, List.of(), true));
        setting.put("domains/example.org/bob/Maildir/maildirsize", "0S,2C\n10 1\n");
        for (String folder : List.of("new", "cur", "tmp")) {
            Files.createDirectories(setting.maildirs().resolve("domains/example.org/bob/Maildir/" + folder));
        }
        setting.put("domains/example.org/bob/Maildir/cur/1.h,S=10:2,S", "0123456789");
        assertEquals('K', setting.deliver("example.org-bob@example.org").code());
        String kept = Files.readString(setting.maildirs().resolve("domains/example.org/bob/Maildir/maildirsize"));
        assertTrue(kept.matches("0S,2C\n10 1\n[0-9]+ 1\n"), kept);
        assertEquals(
                new Verdict.Never("Mailbox is over its quota. (#5.2.2)"),
                setting.deliver("example.org-bob@example.org"));
    }

    @Test
    void runsOurOwnProgramsForADomainThatMayRunNone() throws Exception {
        java.util.List<String> ran = new java.util.concurrent.CopyOnWriteArrayList<>();
        setting.known.put("ezmlm-send", (arguments, io) -> {
            ran.add(arguments + " " + io.environment().get("EXT") + " "
                    + new String(io.in().readAllBytes(), UTF_8));
            io.err().println("said");
            return ran.size() == 1 ? 0 : 100;
        });
        setting.put("domains/example.org/.qmail-team", "|/usr/bin/ezmlm/ezmlm-send 'team'\n");
        assertEquals('K', setting.deliver("example.org-team@example.org").code());
        assertEquals(List.of("[team] team " + Setting.MESSAGE), ran);
        Verdict second = setting.deliver("example.org-team@example.org");
        assertEquals(new Verdict.Never("said"), second);
        for (String command : List.of("ezmlm-send team; id", "ezmlm-send `id`", "ezmlm-sent team", "/bin/true")) {
            setting.put("domains/example.org/.qmail-team", "|" + command + "\n");
            Verdict refused = setting.deliver("example.org-team@example.org");
            assertEquals(
                    new Verdict.Later("Uh-oh: .qmail runs a program, which is not allowed here. (#4.7.0)"),
                    refused,
                    command);
        }
        assertEquals(2, ran.size());
    }

    /// Whom each copy is from, and to whom.
    private List<String> copies(String sender, String recipient) throws Exception {
        setting.forwarded.clear();
        Verdict verdict = setting.deliver(sender, Setting.MESSAGE, recipient);
        assertInstanceOf(Verdict.Delivered.class, verdict, verdict.toString());
        return setting.forwarded.stream()
                .flatMap(one -> one.envelope().recipients().stream()
                        .map(to -> one.envelope().sender() + " > " + to.address()))
                .sorted()
                .toList();
    }

    /// The sender may be forged: of an alias that leads to some who are gone the owner is told.
    @Test
    void tellsThePostmasterOfWhoIsGoneAndNotTheSender() throws Exception {
        Files.writeString(setting.root.resolve("control/me"), "mail.example.test\n");
        Files.writeString(setting.root.resolve("control/locals"), "");
        Files.writeString(setting.root.resolve("control/virtualdomains"), "team.test:team.test\n");
        setting.domain("team.test", "ann");
        setting.route(
                "all@team.test", new Directory.Route.Forward(List.of("ann@team.test", "gone@team.test", "x@far.test")));
        setting.route("round@team.test", new Directory.Route.Forward(List.of("round@team.test", "ann@team.test")));
        setting.route("none@team.test", new Directory.Route.Forward(List.of("gone@team.test", "lost@team.test")));
        setting.route("one@team.test", new Directory.Route.Forward(List.of("gone@team.test")));
        setting.route("keeps@team.test", Setting.mailbox("team.test", "keeps", 0, List.of("gone@team.test"), true));
        setting.put("domains/team.test/.qmail-file", "./file/Maildir/\n&gone@team.test\n");
        setting.put("domains/team.test/.qmail-list", "&ann@team.test\n&gone@team.test\n");
        setting.put("domains/team.test/.qmail-list-owner", "&ann@team.test\n");
        String owner = "list-owner@team.test > ";
        assertEquals(
                List.of(owner + "ann@team.test", owner + "gone@team.test"),
                copies("eve@far.test", "team.test-list@team.test"));
        assertEquals(
                List.of(
                        "eve@far.test > ann@team.test",
                        "eve@far.test > x@far.test",
                        "postmaster@team.test > gone@team.test"),
                copies("eve@far.test", "team.test-all@team.test"));
        assertEquals(
                List.of("eve@far.test > ann@team.test", "postmaster@team.test > round@team.test"),
                copies("eve@far.test", "team.test-round@team.test"));
        for (String own : List.of("keeps", "file")) {
            assertEquals(
                    List.of("postmaster@team.test > gone@team.test"),
                    copies("eve@far.test", "team.test-" + own + "@team.test"));
        }
        assertEquals(
                List.of("eve@far.test > gone@team.test", "eve@far.test > lost@team.test"),
                copies("eve@far.test", "team.test-none@team.test"));
        assertEquals(List.of("eve@far.test > gone@team.test"), copies("eve@far.test", "team.test-one@team.test"));
        assertEquals(
                List.of(" > ann@team.test", " > gone@team.test", " > x@far.test"),
                copies("", "team.test-all@team.test"));
    }
}
