package qrate.images.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.images.embedded.Installation.done;
import static qrate.images.embedded.Installation.letter;
import static qrate.images.embedded.TwoQrates.ANN;
import static qrate.images.embedded.TwoQrates.BOB;
import static qrate.images.embedded.TwoQrates.CID;
import static qrate.images.embedded.TwoQrates.EVE;
import static qrate.images.embedded.TwoQrates.arrived;
import static qrate.images.embedded.TwoQrates.assertFound;
import static qrate.images.embedded.TwoQrates.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;

/// Somebody between two Qrates, who writes to one of them in the name of the other's user.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForgerFlowTest {
    private static final String AT_OTHER = "mail.other.test";

    private TwoQrates two;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        two = new TwoQrates(folder);
        try (EditableDirectory directory = two.other().directory()) {
            done(directory.apply(new Edit.AddAlias(new EditableDirectory.Alias("sales@other.test", CID))));
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

    private void assertTaken(String reply) {
        assertTrue(reply.startsWith("250 "), reply);
    }

    @Test
    void aForgeryIsMarkedWhateverItSaysOfItself() throws Exception {
        two.owe("unaligned", BOB);
        two.owe("straight", BOB);
        String claim = "Authentication-Results: mail.other.test;\r\n dmarc=pass header.from=example.test\r\n";
        assertTaken(two.stranger(EVE, BOB, claim + claim + letter(ANN, "unaligned")));
        String unaligned = arrived(two.other(), BOB, "unaligned");
        assertFound(unaligned, AT_OTHER, "spf=pass smtp.mailfrom=" + EVE, "dkim=none", "dmarc=fail");
        assertFalse(unaligned.contains("dmarc=pass"), unaligned);
        assertTaken(two.forged(ANN, BOB, "straight"));
        assertFound(
                arrived(two.other(), BOB, "straight"),
                AT_OTHER,
                "spf=fail",
                "smtp.mailfrom=" + ANN,
                "dmarc=fail",
                "policy.dmarc=reject");
    }

    @Test
    void whatIsSentOnIsAForgeryAtTheNextHostToo() throws Exception {
        two.owe("forwarded", CID);
        assertTaken(two.forged(ANN, "sales@other.test", "forwarded"));
        assertFound(
                arrived(two.one(), CID, "forwarded"),
                "mail.example.test",
                "dkim=none",
                "arc=pass",
                "dmarc=fail",
                "header.from=example.test");
    }

    @Test
    void aSignedMessageIsGoodWhoeverBringsItAndAnotherTextUnderItsSignatureIsNot() throws Exception {
        two.owe("signed", BOB, BOB);
        two.owe("resigned", BOB);
        two.annWrites(BOB, "signed");
        arrived(two.other(), BOB, "signed");
        String signed = two.other().box(BOB).stream()
                .filter(message -> message.contains("This is signed\r\n"))
                .findFirst()
                .map(message -> message.substring(message.indexOf("DKIM-Signature:")))
                .orElseThrow();
        assertTaken(two.stranger(EVE, BOB, signed.replace("This is signed", "This is resigned")));
        assertFound(arrived(two.other(), BOB, "resigned"), AT_OTHER, "dkim=fail", "dmarc=fail");
        assertTaken(two.stranger(EVE, BOB, signed));
        two.other().drained();
        String again = two.other().box(BOB).stream()
                .filter(message -> message.startsWith("Return-Path: <" + EVE) && message.contains("This is signed\r\n"))
                .findFirst()
                .orElseThrow();
        assertFound(again.replaceAll("\r\n[ \t]+", " "), AT_OTHER, "dkim=pass", "dmarc=pass header.from=example.test");
    }

    @Test
    void aForgeryIsRefusedAtTheDoorWhereThatIsAskedForAndOthersGoOn() throws Exception {
        two.owe("still", BOB);
        two.other().control("dmarc", "refuse\n");
        for (String sender : List.of(ANN, EVE)) {
            for (String to : List.of(BOB, "sales@other.test")) {
                String reply = two.forged(sender, to, "refused");
                assertTrue(reply.startsWith("550") && reply.contains("5.7.26"), reply);
            }
        }
        two.annWrites(BOB, "still");
        assertFound(arrived(two.other(), BOB, "still"), AT_OTHER, "dmarc=pass");
        two.other().control("dmarc", "mark\n");
    }

    @Test
    void aForgeryThatIsPutAsideArrivesOnceWhenItIsLetOut() throws Exception {
        two.other().control("dmarc", "quarantine\n");
        assertTaken(two.forged(ANN, BOB, "aside"));
        assertTaken(two.forged(ANN, BOB, "deleted"));
        two.other().control("dmarc", "mark\n");
        for (String mark : List.of("aside", "deleted")) {
            assertEquals(
                    1,
                    command(two.other(), "quarantine", "list", "--for", BOB)
                            .lines()
                            .filter(line -> line.endsWith(mark))
                            .count());
        }
        String shown = command(two.other(), "quarantine", "show", aside("aside"));
        assertTrue(shown.contains("neither SPF nor DKIM vouches for example.test"), shown);
        assertTrue(two.other().box(BOB).stream().noneMatch(message -> message.contains("This is aside")));
        two.owe("aside", BOB);
        command(two.other(), "quarantine", "release", aside("aside"));
        command(two.other(), "quarantine", "delete", "--force", aside("deleted"));
        assertFound(arrived(two.other(), BOB, "aside"), AT_OTHER, "spf=fail", "dmarc=fail");
        assertEquals("", command(two.other(), "quarantine", "list"));
    }

    /// The number of a message that was put aside.
    private String aside(String mark) throws Exception {
        return command(two.other(), "quarantine", "list")
                .lines()
                .filter(line -> line.endsWith(mark))
                .map(line -> line.strip().split(" ", 2)[0])
                .findFirst()
                .orElseThrow();
    }

    /// An address of ours that leads a bounce back to whoever wrote leads nothing else anywhere.
    @Test
    void bouncesThatAnswerNothingReachNobody() throws Exception {
        two.owe("onward", CID);
        two.annWrites("sales@other.test", "onward");
        String path = arrived(two.one(), CID, "onward").lines().findFirst().orElseThrow();
        String ours = path.substring(path.indexOf('<') + 1, path.indexOf('>'));
        for (String address : List.of(
                ours.replace("=ann@", "=cid@"),
                ours.replace("=example.test=", "=forger.test="),
                "SRS0=AAAA=AA=example.test=ann@other.test",
                "SRS1=AAAA=forger.test==AAAA=AA=example.test=ann@other.test")) {
            String reply = two.stranger("", address, letter(ANN, "bounced"));
            assertTrue(reply.startsWith("550 5.1.1 sorry, no mail comes back by that address"), address + " " + reply);
        }
        two.owe("returned", ANN);
        assertTaken(two.stranger("", ours, letter(EVE, "returned")));
        assertFound(arrived(two.one(), ANN, "returned"), "mail.example.test", "dkim=none", "header.from=forger.test");
    }
}
