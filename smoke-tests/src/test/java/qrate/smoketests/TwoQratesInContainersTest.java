package qrate.smoketests;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.smoketests.TwoStacks.assertFound;
import static qrate.smoketests.TwoStacks.letter;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Two Qrates in containers write to each other, straight, by a forward and by a list, while keys change; somebody
/// between them writes in another's name.
@Tag("container")
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TwoQratesInContainersTest {
    private static final String ANN = "ann@example.test";
    private static final String CID = "cid@example.test";
    private static final String BOB = "bob@other.test";
    private static final String EVE = "eve@" + TwoStacks.FORGER;
    private static final String AT_ONE = "mail.example.test";
    private static final String AT_OTHER = "mail.other.test";

    private TwoStacks two;

    @RegisterExtension
    final AfterTestExecutionCallback logs = context -> {
        if (context.getExecutionException().isPresent()) {
            System.out.println(context.getDisplayName() + " failed; last words:\n" + two.one.logs() + two.other.logs());
        }
    };

    @BeforeAll
    void up(@TempDir Path folder) throws IOException {
        two = new TwoStacks(folder);
        two.other.qrate("valias", "-i", CID, "sales@other.test");
        two.other.qrate("ezmlm-make", "-f", "team@other.test");
        two.other.qrate("ezmlm-sub", "team@other.test", CID);
    }

    @AfterAll
    void down() throws IOException {
        if (two != null) {
            two.close();
        }
    }

    @AfterEach
    void nothingIsLostAndNothingComesTwice() throws IOException {
        two.assertNothingLostAndNothingTwice();
    }

    @Test
    void usersOfBothWriteAndEachIsKnownAsItsDomains() throws IOException {
        two.owe("there", BOB);
        two.owe("back", ANN);
        two.one.writes("ann", BOB, "there");
        assertFound(
                two.other.arrived("bob", "there"),
                AT_OTHER,
                "spf=pass smtp.mailfrom=" + ANN,
                "dkim=pass header.d=example.test",
                "header.a=rsa-sha256",
                "header.a=ed25519-sha256",
                "dmarc=pass header.from=example.test");
        two.other.writes("bob", ANN, "back");
        assertFound(
                two.one.arrived("ann", "back"),
                AT_ONE,
                "spf=pass smtp.mailfrom=" + BOB,
                "dkim=pass header.d=other.test",
                "dmarc=pass header.from=other.test");
    }

    @Test
    void aForwardAndAListKeepMailGood() throws IOException {
        two.owe("onward", CID);
        two.owe("listed", CID);
        two.one.writes("ann", "sales@other.test", "onward");
        String onward = two.one.arrived("cid", "onward");
        assertTrue(onward.startsWith("Return-Path: <SRS0="), onward);
        assertFound(
                onward,
                AT_ONE,
                "spf=pass smtp.mailfrom=\"SRS0=",
                "dkim=pass",
                "arc=pass reason=\"sealed by other.test\"",
                "dmarc=pass header.from=example.test");
        two.one.writes("ann", "team@other.test", "listed");
        String listed = two.one.arrived("cid", "listed");
        assertTrue(listed.contains("\nFrom: ann via team <team@other.test>"), listed);
        assertFound(listed, AT_ONE, "spf=pass", "dkim=pass", "dmarc=pass header.from=other.test");
    }

    /// The next pair signs once its records have been seen, over a crash too; each message is good meanwhile.
    @Test
    void keysChangeWhileMailIsOnItsWay() throws IOException {
        for (String mark : new String[] {"before", "between", "after", "retired"}) {
            two.owe(mark, BOB);
        }
        two.one.writes("ann", BOB, "before");
        String old = signedBy(two.other.arrived("bob", "before"));
        two.one.qrate("dkim", "example.test", "--rotate");
        two.one.writes("ann", BOB, "between");
        assertEquals(old, signedBy(two.other.arrived("bob", "between")), "a key that nobody can find signs nothing");
        two.one.publishKeys();
        two.one.crashWhoSends();
        await("the next key signs")
                .atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> {
                    String mark = "changing" + System.nanoTime();
                    two.owe(mark, BOB);
                    two.one.writes("ann", BOB, mark);
                    String message = two.other.arrived("bob", mark);
                    assertFound(message, AT_OTHER, "dkim=pass", "dmarc=pass header.from=example.test");
                    return !signedBy(message).equals(old);
                });
        two.one.writes("ann", BOB, "after");
        String after = two.other.arrived("bob", "after");
        assertNotEquals(old, signedBy(after));
        assertFound(after, AT_OTHER, "dkim=pass", "dmarc=pass header.from=example.test");
        for (String algorithm : new String[] {"r", "e"}) {
            two.dns.remove(algorithm + old.substring(1) + "._domainkey.example.test");
        }
        two.one.writes("ann", BOB, "retired");
        assertFound(two.other.arrived("bob", "retired"), AT_OTHER, "dkim=pass", "dmarc=pass header.from=example.test");
    }

    /// The selector of the first signature.
    private static String signedBy(String message) {
        String field = message.substring(message.indexOf("\nDKIM-Signature: "));
        String behind = field.substring(field.indexOf(" s=") + 3);
        return behind.substring(0, behind.indexOf(';'));
    }

    @Test
    void aForgeryIsMarkedRefusedOrPutAsideAsTheDomainHasIt() throws IOException {
        two.owe("marked", BOB);
        two.owe("aside", BOB);
        String claim = "Authentication-Results: mail.other.test;\r\n dmarc=pass header.from=example.test\r\n";
        String reply = two.other.stranger(EVE, BOB, claim + letter(ANN, BOB, "marked"));
        assertTrue(reply.startsWith("250 "), reply);
        assertFound(
                two.other.arrived("bob", "marked"),
                AT_OTHER,
                "spf=pass smtp.mailfrom=" + EVE,
                "dkim=none",
                "dmarc=fail");

        two.other.control("dmarc", "refuse\\n");
        for (String sender : new String[] {ANN, EVE}) {
            for (String to : new String[] {BOB, "sales@other.test"}) {
                reply = two.other.stranger(sender, to, letter(ANN, to, "refused"));
                assertTrue(reply.startsWith("550") && reply.contains("5.7.26"), reply);
            }
        }

        two.other.control("dmarc", "quarantine\\n");
        reply = two.other.stranger(EVE, BOB, letter(ANN, BOB, "aside"));
        assertTrue(reply.startsWith("250 "), reply);
        two.other.control("dmarc", "mark\\n");
        String kept = two.other
                .qrate("quarantine", "list", "--for", BOB)
                .lines()
                .filter(line -> line.endsWith("aside"))
                .findFirst()
                .orElseThrow();
        String number = kept.strip().split(" ", 2)[0];
        assertTrue(two.other.qrate("quarantine", "show", number).contains("neither SPF nor DKIM vouches"));
        two.other.qrate("quarantine", "release", "--for", BOB, number);
        assertFound(two.other.arrived("bob", "aside"), AT_OTHER, "dmarc=fail");
    }
}
