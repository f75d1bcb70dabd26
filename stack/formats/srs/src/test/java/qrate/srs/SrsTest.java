package qrate.srs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import qrate.testkit.Seeds;

class SrsTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final String SECRET = "a secret of ours";

    private Instant now = NOW;

    private Srs srs(String domain, String... secrets) {
        return new Srs(domain, new Srs.Terms(List.of(secrets), Srs.AGE_DAYS_USUAL), "also.test"::equals, () -> now);
    }

    private final Srs here = srs("here.test", SECRET);

    private static String changed(SrsResult result) {
        return assertInstanceOf(SrsResult.Changed.class, result, result.toString())
                .address();
    }

    private static void assertRefused(String words, SrsResult result) {
        String why = assertInstanceOf(SrsResult.Refused.class, result, result.toString())
                .why();
        assertTrue(why.contains(words), why);
    }

    @Test
    void whatIsSentOnHasASenderHereThatLeadsBack() {
        String forwarded = changed(here.forward("Ann@Far.test"));
        assertTrue(forwarded.startsWith("SRS0=") && forwarded.endsWith("=far.test=Ann@here.test"), forwarded);
        assertEquals("Ann@far.test", changed(here.reverse(forwarded)));
    }

    @Test
    void whatWasForwardedBeforeLeadsToTheFirstHopAlone() {
        Srs second = srs("second.test", "another secret");
        Srs third = srs("third.test", "a third secret");
        String once = changed(here.forward("ann@far.test"));
        String twice = changed(second.forward(once));
        String thrice = changed(third.forward(twice));
        assertTrue(twice.matches("SRS1=....=here.test==....=..=far.test=ann@second.test"), twice);
        assertTrue(thrice.matches("SRS1=....=here.test==....=..=far.test=ann@third.test"), thrice);
        assertEquals(once, changed(third.reverse(thrice)));
        assertEquals(once, changed(second.reverse(twice)));
        assertEquals("ann@far.test", changed(here.reverse(once)));
    }

    /// What Mail::SRS 0.31 and libsrs2's source made of the same on that day; the last is of Mail::SRS alone, since
    /// libsrs2 takes the hash of an SRS1 address for its host.
    @Test
    void othersMakeTheSameOfTheSameSecret() {
        assertEquals("SRS0=sER4=JT=far.test=a=b+c@here.test", changed(here.forward("a=b+c@far.test")));
        assertEquals("SRS0=vS/1=JT=far.test=Ann@here.test", changed(here.forward("Ann@Far.test")));
        assertEquals(
                "SRS1=vFDx=one.test==abcd=AB=far.test=ann@here.test",
                changed(here.forward("SRS0=abcd=AB=far.test=ann@one.test")));
        assertEquals(
                "SRS1=t2f9=one.test=+abcd=AB=far.test=ann@here.test",
                changed(here.forward("SRS0+abcd=AB=far.test=ann@one.test")));
        assertEquals(
                "SRS1=vFDx=one.test==abcd=AB=far.test=ann@here.test",
                changed(here.forward("SRS1=zzzz=one.test==abcd=AB=far.test=ann@two.test")));
        assertEquals("Ann@Far.test", changed(here.reverse("SRS0=vS/1=JT=Far.test=Ann@here.test")));
    }

    @Test
    void separatorsOfOthersAreKept() {
        Srs second = srs("second.test", "another secret");
        for (String first : List.of("SRS0+abcd=AB=far.test=ann@one.test", "SRS0-abcd=AB=far.test=ann@one.test")) {
            assertEquals(first, changed(second.reverse(changed(second.forward(first)))));
        }
        for (String strange : List.of("SRS1-x@one.test", "SRS0=@one.test", "SRS1=@one.test", "SRS1=a=b=-@one.test")) {
            assertEquals(strange, changed(second.reverse(changed(second.forward(strange)))));
        }
    }

    @Test
    void nobodyAndOurOwnStayAsTheyAre() {
        for (String own : List.of("", "root", "ann@HERE.test", "ann@Also.test")) {
            assertInstanceOf(SrsResult.Unchanged.class, here.forward(own), own);
        }
        for (String other : List.of("ann@here.test", "SRS0", "srs0@here.test", "SRS2=a=b=c=d@here.test", "")) {
            assertInstanceOf(SrsResult.Unchanged.class, here.reverse(other), other);
        }
    }

    @Test
    void caseThatOthersChangedCountsForNothing() {
        String forwarded = changed(here.forward("ann@far.test"));
        String local = forwarded.substring(0, forwarded.indexOf('@'));
        assertEquals("ann@far.test", changed(here.reverse(local.toLowerCase(Locale.ROOT) + "@here.test")));
        assertEquals("ANN@FAR.TEST", changed(here.reverse(local.toUpperCase(Locale.ROOT) + "@HERE.TEST")));
    }

    @Test
    void nothingThatWeDidNotMakeIsTakenBack() {
        String forwarded = changed(here.forward("ann@far.test"));
        assertRefused("hash", here.reverse(forwarded.replace("=ann@", "=bob@")));
        assertRefused("hash", here.reverse(forwarded.replace("=far.test", "=evil.test")));
        assertRefused("hash", srs("here.test", "another secret").reverse(forwarded));
        String hash = forwarded.substring(5, 9);
        for (String other : List.of("", "A", hash.substring(0, 3), hash + "A", "\u017f\u212a\u0130I")) {
            assertRefused("hash", here.reverse("SRS0=" + other + forwarded.substring(9)));
        }
        String twice = changed(here.forward("SRS0=abcd=AB=far.test=ann@one.test"));
        assertRefused("hash", here.reverse(twice.replace("one.test", "evil.test")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SRS0=", "SRS0=abcd", "SRS0=abcd=AB", "SRS0=abcd=AB=far.test", "SRS0=abcd=AB=far.test=",
                        "SRS0=abcd=AB==ann",
                "SRS0====", "SRS1=", "SRS1=abcd", "SRS1=abcd=one.test", "SRS1=abcd=one.test=", "SRS1=abcd=one.test=x",
                "SRS1=abcd===x"
            })
    void aBrokenFormIsRefused(String local) {
        assertRefused("it lacks", here.reverse(local + "@here.test"));
    }

    @Test
    void anAddressEndsAfterItsTime() {
        String forwarded = changed(here.forward("ann@far.test"));
        now = NOW.plus(Duration.ofDays(Srs.AGE_DAYS_USUAL));
        assertEquals("ann@far.test", changed(here.reverse(forwarded)));
        now = NOW.plus(Duration.ofDays(Srs.AGE_DAYS_USUAL + 1));
        assertRefused("older than 21 days", here.reverse(forwarded));
        now = NOW.minus(Duration.ofDays(1));
        assertRefused("older", here.reverse(forwarded));
    }

    @Test
    void theTimeIsTheAdministratorsWithinAYear() {
        Srs brief = new Srs("here.test", new Srs.Terms(List.of(SECRET), 1), _ -> false, () -> now);
        String forwarded = changed(brief.forward("ann@far.test"));
        now = NOW.plus(Duration.ofDays(2));
        assertRefused("older than 1 days", brief.reverse(forwarded));
        assertEquals("ann@far.test", changed(here.reverse(forwarded)));
        for (int days : List.of(0, 366)) {
            assertThrows(IllegalArgumentException.class, () -> new Srs.Terms(List.of(SECRET), days));
        }
    }

    @Test
    void daysComeRound() {
        Instant eve = Instant.EPOCH.plus(Duration.ofDays(1_024L * 20 - 1));
        now = eve;
        String forwarded = changed(here.forward("ann@far.test"));
        assertTrue(forwarded.contains("=77="), forwarded);
        now = eve.plus(Duration.ofDays(1));
        assertTrue(changed(here.forward("ann@far.test")).contains("=AA="));
        assertEquals("ann@far.test", changed(here.reverse(forwarded)));
    }

    @Test
    void theFirstSecretSignsAndEveryOneVerifies() {
        String old = changed(here.forward("ann@far.test"));
        Srs renewed = srs("here.test", "a newer secret", SECRET);
        assertEquals("ann@far.test", changed(renewed.reverse(old)));
        assertRefused("hash", here.reverse(changed(renewed.forward("ann@far.test"))));
        assertThrows(IllegalArgumentException.class, () -> srs("here.test"));
        assertThrows(IllegalArgumentException.class, () -> srs("here.test", SECRET, "short"));
    }

    @Test
    void aLocalPartThatGrowsTooLongIsRefusedInWords() {
        String host = "x".repeat(35) + ".test"; // SRS0=HHHH=TT= has 13, host 40, = 1
        assertEquals(64, changed(here.forward("a".repeat(10) + "@" + host)).indexOf('@'));
        assertRefused("65 bytes", here.forward("a".repeat(11) + "@" + host));
        assertRefused("no address", here.forward("@far.test"));
        assertRefused("no address", here.forward("ann@"));
        assertRefused("no address", here.forward("a".repeat(600) + "@far.test"));
        assertRefused("too long", here.reverse("SRS0=" + "a".repeat(600) + "@here.test"));
    }

    @Test
    void everyAddressComesBack() {
        Seeds.forAll(500, random -> {
            StringBuilder local = new StringBuilder();
            for (int i = random.nextInt(12); i >= 0; i--) {
                local.append("abcXYZ019=-+._@\" \u00e9".charAt(random.nextInt(18)));
            }
            String address = local + "@far.test";
            switch (here.forward(address)) {
                case SrsResult.Changed(var made) -> assertEquals(address, changed(here.reverse(made)));
                case SrsResult.Unchanged(var why) -> throw new AssertionError(why);
                case SrsResult.Refused(var why) -> throw new AssertionError(why);
            }
        });
    }
}
