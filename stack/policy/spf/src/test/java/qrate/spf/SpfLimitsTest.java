package qrate.spf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// RFC 7208 §4.6.4: what a stranger's records may cost.
class SpfLimitsTest {
    private SpfFixture dns;

    @BeforeEach
    void start() throws IOException {
        dns = SpfFixture.start();
        for (int i = 0; i < 12; i++) {
            dns.put("h" + i + ".test", "A", "192.0.2." + (100 + i));
        }
    }

    @AfterEach
    void stop() throws IOException {
        dns.close();
    }

    private static String terms(int count) {
        StringBuilder terms = new StringBuilder("v=spf1 ");
        for (int i = 0; i < count; i++) {
            terms.append("a:h").append(i).append(".test ");
        }
        return terms.toString();
    }

    private static String why(SpfResult result) {
        return assertInstanceOf(SpfResult.PermError.class, result).why();
    }

    @Test
    void tenTermsMayAskAndAnEleventhMayNot() {
        dns.txt("a.test", terms(10) + "-all").txt("b.test", terms(11) + "-all");
        assertEquals("fail", dns.mailFrom("192.0.2.1", "ann@a.test").word());
        assertEquals("more than 10 look-ups", why(dns.mailFrom("192.0.2.1", "ann@b.test")));
        assertEquals("pass", dns.mailFrom("192.0.2.109", "ann@b.test").word());
    }

    @Test
    void termsOfIncludedRecordsCountWithTheOthers() {
        dns.txt("a.test", "v=spf1 include:b.test " + terms(5).substring(7) + "-all")
                .txt("b.test", terms(4))
                .txt("c.test", "v=spf1 include:b.test include:b.test redirect=b.test");
        assertEquals("fail", dns.mailFrom("192.0.2.1", "ann@a.test").word());
        assertEquals("more than 10 look-ups", why(dns.mailFrom("192.0.2.1", "ann@c.test")));
    }

    @Test
    void theClientsNameCostsOneOfTheTenOnce() {
        dns.put("1.2.0.192.in-addr.arpa", "PTR", "me.test.").put("me.test", "A", "192.0.2.1");
        String twice = "-exists:%{p}.%{p1}.%{p} exists:%{p} -all";
        dns.put("me.test.test.me.test", "TXT", "\"no address\"")
                .txt("a.test", terms(7) + twice)
                .txt("b.test", terms(8) + twice);
        assertEquals("pass", dns.mailFrom("192.0.2.1", "ann@a.test").word());
        assertEquals("more than 10 look-ups", why(dns.mailFrom("192.0.2.1", "ann@b.test")));
    }

    @Test
    void elevenMailExchangersAreTooMany() {
        for (int i = 0; i < 11; i++) {
            dns.put("b.test", "MX", i + " h" + i + ".test.");
            if (i < 10) {
                dns.put("a.test", "MX", i + " h" + i + ".test.");
            }
        }
        dns.txt("a.test", "v=spf1 mx -all").txt("b.test", "v=spf1 mx -all");
        assertEquals("pass", dns.mailFrom("192.0.2.109", "ann@a.test").word());
        assertEquals("b.test has more than 10 MX records", why(dns.mailFrom("192.0.2.100", "ann@b.test")));
    }

    @Test
    void hostsOfMailExchangersWithoutAnAddressOfTheKindDoNotCount() {
        for (int i = 0; i < 5; i++) {
            dns.put("a.test", "MX", i + " h" + i + ".test.");
        }
        dns.txt("a.test", "v=spf1 mx ip6:2001:db8::/32 -all");
        assertEquals("pass", dns.mailFrom("2001:db8::1", "ann@a.test").word());
    }

    @Test
    void onlyTenNamesOfTheClientAreLookedAt() {
        for (int i = 0; i < 11; i++) {
            dns.put("1.2.0.192.in-addr.arpa", "PTR", "n" + i + ".a.test.").put("n" + i + ".a.test", "A", "192.0.2.9");
        }
        dns.txt("a.test", "v=spf1 ptr -all");
        assertEquals("fail", dns.mailFrom("192.0.2.1", "ann@a.test").word());
        assertEquals(
                10,
                dns.server.questions().stream()
                        .filter(q -> q.endsWith(".a.test. A"))
                        .count());
    }

    @Test
    void aThirdLookUpThatFindsNothingIsOneTooMany() {
        dns.txt("a.test", "v=spf1 a:n1.test a:n2.test -all")
                .txt("b.test", "v=spf1 a:n1.test exists:n2.test mx:n3.test ?all");
        assertEquals("fail", dns.mailFrom("192.0.2.1", "ann@a.test").word());
        assertEquals("more than 2 look-ups that find nothing", why(dns.mailFrom("192.0.2.1", "ann@b.test")));
    }

    @Test
    void twentySecondsAreOverForEverything() {
        dns.txt("a.test", "v=spf1 a:h1.test a:h2.test -all");
        InstantSource slow =
                () -> Instant.EPOCH.plusSeconds(dns.server.questions().size() * 11L);
        SpfResult result = dns.spf(slow).mailFrom(SpfFixture.client("192.0.2.1"), "ann@a.test");
        assertEquals(
                "it took more than 20 seconds",
                assertInstanceOf(SpfResult.TempError.class, result).why());
        assertEquals(2, dns.server.questions().size());
    }

    @Test
    void theTraceShowsEveryQuestionInTurn() {
        dns.txt("a.test", "v=spf1 a:n1.test mx -all").put("a.test", "MX", "1 h1.test.");
        SpfResult result = dns.mailFrom("192.0.2.1", "ann@a.test");
        assertEquals(
                List.of(
                        "a.test TXT: 1 record",
                        "n1.test A: no such name",
                        "a.test MX: 1 record",
                        "h1.test A: 1 record"),
                result.findings().lookups().stream().map(SpfLookup::toString).toList());
        assertEquals("-all", result.findings().mechanism());
        assertEquals("a.test", result.findings().source());
    }

    @Test
    void theTraceEndsSomewhere() {
        for (int i = 0; i < 10; i++) {
            dns.put("a.test", "MX", i + " h" + i + ".test.");
        }
        dns.txt("a.test", "v=spf1 " + "mx ".repeat(10) + "-all");
        SpfResult result = dns.mailFrom("192.0.2.1", "ann@a.test");
        assertEquals("fail", result.word());
        assertEquals(SpfLookups.TRACE_MAX, result.findings().lookups().size());
    }
}
