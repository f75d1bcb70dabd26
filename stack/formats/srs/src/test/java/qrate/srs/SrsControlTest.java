package qrate.srs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Control;

class SrsControlTest {
    private static final String SECRET = "a secret of ours";

    @TempDir
    Path folder;

    private Instant now = Instant.parse("2026-11-30T12:00:00Z");

    @BeforeEach
    void aSecret() throws IOException {
        control("srs_secrets", "# the newest first\n" + SECRET);
    }

    private void control(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text + "\n");
    }

    /// As a service that has just started sees it.
    private SrsControl srs() {
        return new SrsControl(new Control(folder, () -> now), () -> now);
    }

    private SrsResult forward(String sender) throws IOException {
        return srs().forward(sender, "list.test", "also.test"::equals);
    }

    private String forwarded(String sender) throws IOException {
        return assertInstanceOf(SrsResult.Changed.class, forward(sender)).address();
    }

    @Test
    void theDomainIsThatOfWhoSendsOnUnlessTheFileNamesOne() throws IOException {
        assertTrue(forwarded("ann@far.test").endsWith("=far.test=ann@list.test"));
        control("srs_domain", "Also.test");
        assertTrue(forwarded("ann@far.test").endsWith("=far.test=ann@also.test"));
    }

    @Test
    void aDomainThatIsNoneOfOursIsAFaultAndNotANewSender() throws IOException {
        control("srs_domain", "else.test");
        String why =
                assertThrows(IOException.class, () -> forward("ann@far.test")).getMessage();
        assertTrue(why.startsWith("control/srs_domain: else.test is none of ours"), why);
    }

    @Test
    void withoutASecretNothingIsRewrittenNorLedBack() throws IOException {
        String made = forwarded("ann@far.test");
        Files.delete(folder.resolve("srs_secrets"));
        assertInstanceOf(SrsResult.Unchanged.class, forward("ann@far.test"));
        assertInstanceOf(SrsResult.Unchanged.class, srs().reverse(made));
    }

    @Test
    void whatIsOnItsWayComesBackAfterItWasSwitchedOff() throws IOException {
        String made = forwarded("ann@far.test");
        control("srs", "no");
        assertInstanceOf(SrsResult.Unchanged.class, forward("ann@far.test"));
        assertEquals(new SrsResult.Changed("ann@far.test"), srs().reverse(made));
    }

    @Test
    void aSecretThatAnybodyCouldGuessIsAFault() throws IOException {
        control("srs_secrets", "short");
        String why =
                assertThrows(IOException.class, () -> forward("ann@far.test")).getMessage();
        assertTrue(why.startsWith("control/srs_secrets: ") && !why.contains("short"), why);
        assertThrows(IOException.class, () -> srs().reverse("SRS0=abcd=AB=far.test=ann@list.test"));
    }

    @Test
    void otherAddressesCostNoLookAtTheFiles() throws IOException {
        control("srs_secrets", "short");
        assertInstanceOf(SrsResult.Unchanged.class, srs().reverse("ann@list.test"));
    }

    @Test
    void theAgeIsThatOfTheFile() throws IOException {
        String made = forwarded("ann@far.test");
        now = now.plus(Duration.ofDays(30));
        assertEquals(new SrsResult.Refused("it is older than 21 days"), srs().reverse(made));
        control("srs_maxage", "60");
        assertEquals(new SrsResult.Changed("ann@far.test"), srs().reverse(made));
    }
}
