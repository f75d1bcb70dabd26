package qrate.images.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.images.embedded.Installation.SOON;
import static qrate.images.embedded.Installation.done;
import static qrate.images.embedded.Installation.letter;
import static qrate.images.embedded.TwoQrates.ANN;
import static qrate.images.embedded.TwoQrates.BOB;
import static qrate.images.embedded.TwoQrates.CID;
import static qrate.images.embedded.TwoQrates.EVE;
import static qrate.images.embedded.TwoQrates.REPORTS;
import static qrate.images.embedded.TwoQrates.arrived;
import static qrate.images.embedded.TwoQrates.assertFound;
import static qrate.images.embedded.TwoQrates.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.signer.HeldKey;
import qrate.signer.SignerClient;

/// Two Qrates that write to each other, straight, through a forward and through a list, while keys change; what cannot
/// be delivered comes back, and each hears from the other what came in its name.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TwoQratesFlowTest {
    private static final String AT_ONE = "mail.example.test";
    private static final String AT_OTHER = "mail.other.test";

    private TwoQrates two;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        two = new TwoQrates(folder);
        try (EditableDirectory directory = two.other().directory()) {
            done(directory.apply(new Edit.AddAlias(new EditableDirectory.Alias("sales@other.test", CID))));
            done(directory.apply(
                    new Edit.AddAlias(new EditableDirectory.Alias("lost@other.test", "trap@example.test"))));
        }
        command(two.other(), "ezmlm-make", "-f", "team@other.test");
        command(two.other(), "ezmlm-sub", "team@other.test", CID);
        try (EditableDirectory directory = two.one().directory()) {
            done(directory.apply(
                    new Edit.AddAlias(new EditableDirectory.Alias("trap@example.test", "zoe@forger.test"))));
        }
        Installation.settle();
    }

    @AfterAll
    void stop() throws IOException {
        two.close();
    }

    @AfterEach
    void nothingIsLostAndNothingComesTwice() throws Exception {
        two.assertNothingLostAndNothingTwice();
    }

    @Test
    void usersOfBothWriteAndEachIsKnownAsItsDomains() throws Exception {
        two.owe("there", BOB);
        two.owe("back", ANN);
        two.annWrites(BOB, "there");
        assertFound(
                arrived(two.other(), BOB, "there"),
                AT_OTHER,
                "spf=pass smtp.mailfrom=" + ANN,
                "dkim=pass header.d=example.test",
                "header.a=rsa-sha256",
                "header.a=ed25519-sha256",
                "dmarc=pass header.from=example.test");
        TwoQrates.writes(two.other(), BOB, ANN, "back");
        assertFound(
                arrived(two.one(), ANN, "back"),
                AT_ONE,
                "spf=pass smtp.mailfrom=" + BOB,
                "dkim=pass header.d=other.test",
                "dmarc=pass header.from=other.test");
    }

    /// The next pair signs once its records have been seen; the one before is good as long as its own stand, also for
    /// what was signed by it and waits.
    @Test
    void keysChangeWhileMailIsOnItsWay() throws Exception {
        for (String mark : List.of("before", "between", "waiting", "seen", "after")) {
            two.owe(mark, BOB);
        }
        two.annWrites(BOB, "before");
        String before = arrived(two.other(), BOB, "before");
        String old = signed(before);

        List<HeldKey> keys = signer().rotate("example.test");
        assertEquals(4, keys.size(), keys.toString());
        two.annWrites(BOB, "between");
        assertEquals(old, signed(arrived(two.other(), BOB, "between")), "a key that nobody can find signs nothing");

        two.other().control("greylist", "3600\n");
        two.one().forgetLog();
        two.annWrites(BOB, "waiting"); // ann writes to bob from here for the first time since there is a greylist
        two.one().logged("We_do_not_know_you_yet");
        keys.forEach(key -> two.dns.putText(key.place(), key.record()));
        two.restartOne();
        two.other().control("greylist", "");
        two.one().running().send().retryNow();
        two.annWrites(BOB, "seen");
        for (String mark : List.of("waiting", "seen")) {
            assertFound(arrived(two.other(), BOB, mark), AT_OTHER, "dkim=pass", "dmarc=pass");
        }
        Awaitility.await("what signs has a record, which the first message after the start has looked for")
                .atMost(SOON)
                .until(() -> signer().keys("example.test").stream()
                        .filter(key -> key.state() == HeldKey.State.SIGNS)
                        .noneMatch(key -> key.key().selector().equals(old)));

        two.restartOne(); // or else it asks the signer again after half a minute
        two.annWrites(BOB, "after");
        String after = arrived(two.other(), BOB, "after");
        assertFalse(signed(after).equals(old), after);
        assertFound(after, AT_OTHER, "dkim=pass", "dmarc=pass header.from=example.test");
    }

    private SignerClient signer() {
        return SignerClient.named(two.one().environment()).orElseThrow();
    }

    /// The selector of the first signature.
    private static String signed(String message) {
        String field = message.substring(message.indexOf("\r\nDKIM-Signature: "));
        String behind = field.substring(field.indexOf(" s=") + 3);
        return behind.substring(0, behind.indexOf(';'));
    }

    @Test
    void aForwardKeepsTheSignatureAndGivesItsOwnSender() throws Exception {
        two.owe("onward", CID);
        two.annWrites("sales@other.test", "onward");
        String message = arrived(two.one(), CID, "onward");
        assertTrue(message.startsWith("Return-Path: <SRS0="), message);
        assertFound(
                message,
                AT_ONE,
                "spf=pass smtp.mailfrom=\"SRS0=",
                "dkim=pass",
                "arc=pass reason=\"sealed by other.test\"",
                "dmarc=pass header.from=example.test");
        assertTrue(message.contains("\r\nARC-Seal: i=1;"), message);
    }

    /// Of a domain that publishes SPF alone nothing vouches behind a forward but the seal of who sent it on.
    @Test
    void aForwardOfWhatIsNotSignedPassesWhereTheSealerIsBelieved() throws Exception {
        two.dns.put("_dmarc.forger.test", "TXT", "\"v=DMARC1; p=reject\"");
        two.owe("sealed", CID);
        two.one().control("dmarc", "refuse\n");
        assertTrue(
                two.stranger(EVE, "sales@other.test", letter(EVE, "disowned")).startsWith("250 "));
        Awaitility.await("who wrote hears that it was refused")
                .atMost(SOON)
                .until(() ->
                        two.elsewhere.messages().stream().anyMatch(message -> message.contains("This is disowned")));
        two.one().control("dmarcexceptions", "arc=other.test\n");
        assertTrue(two.stranger(EVE, "sales@other.test", letter(EVE, "sealed")).startsWith("250 "));
        assertFound(
                arrived(two.one(), CID, "sealed"),
                AT_ONE,
                "dkim=none",
                "arc=pass reason=\"sealed by other.test\"",
                "dmarc=fail",
                "policy.dmarc=none");
        two.one().control("dmarcexceptions", "");
        two.one().control("dmarc", "mark\n");
        two.dns.remove("_dmarc.forger.test");
        two.elsewhere.forget();
    }

    @Test
    void aListWritesInItsOwnNameSinceTheAuthorsDomainIsStrict() throws Exception {
        two.owe("listed", CID);
        two.annWrites("team@other.test", "listed");
        String message = arrived(two.one(), CID, "listed");
        assertTrue(message.contains("\r\nFrom: ann via team <team@other.test>\r\n"), message);
        assertFound(message, AT_ONE, "spf=pass", "dkim=pass", "dmarc=pass header.from=other.test");
    }

    /// ann writes to an alias of the other host, that sends it on to one here, that sends it on to a host that refuses
    /// it: the bounce goes back the whole way.
    @Test
    void aBounceFindsBackToWhoWroteByTheHostThatSentOn() throws Exception {
        two.owe("unwanted", ANN);
        two.elsewhere.answer("550 5.1.1 nobody wants this");
        two.annWrites("lost@other.test", "unwanted");
        String bounce = arrived(two.one(), ANN, "unwanted");
        two.elsewhere.forget();
        assertTrue(bounce.startsWith("Return-Path: <>\r\n"), bounce);
        assertTrue(bounce.contains("nobody wants this"), bounce);
        assertTrue(bounce.contains("by mail.other.test"), "it came by who had sent it on: " + bounce);
        assertFound(
                bounce,
                AT_ONE,
                "spf=pass smtp.mailfrom=postmaster@mail.other.test",
                "dkim=pass header.d=example.test",
                "dmarc=pass header.from=mail.example.test");
    }

    /// The day after, each of both hears from the other what came in its name.
    @Test
    void theDomainIsToldTheNextDayWhatCameInItsNameAndCanReadIt() throws Exception {
        two.owe("counted", BOB);
        two.owe("disputed", BOB);
        two.other().control("dmarcreports", "bob@other.test\n");
        two.annWrites(BOB, "counted");
        assertTrue(two.forged(EVE, BOB, "disputed").startsWith("250 "));
        arrived(two.other(), BOB, "counted");
        two.nextDay();
        Awaitility.await("a report")
                .atMost(SOON)
                .until(() -> two.one().box(REPORTS).stream()
                        .anyMatch(message -> message.contains("Report Domain: example.test")));
        String report = two.one().box(REPORTS).stream()
                .filter(message -> message.contains("Report Domain: example.test"))
                .findFirst()
                .orElseThrow();
        assertFound(
                report.replaceAll("\r\n[ \t]+", " "),
                AT_ONE,
                "spf=pass",
                "dkim=pass header.d=other.test",
                "dmarc=pass header.from=other.test");
        String read = command(two.one(), "dmarc", "example.test", "--mailbox", REPORTS);
        assertTrue(read.startsWith("example.test: 1 report by mail.other.test\n"), read);
        assertTrue(read.contains("1 pass DMARC, 1 fail"), read);
        assertTrue(read.contains("127.0.0.2"), read);
        two.other().control("dmarcreports", "");
    }
}
