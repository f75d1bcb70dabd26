package qrate.spf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.testkit.DnsServer;

/// Explanations (RFC 7208 §6.2), our own rules, guesses, and the two identities.
class SpfPolicyTest {
    private static final SpfPolicy PLAIN = SpfPolicy.of("mx.here.test");

    private SpfFixture dns;

    @BeforeEach
    void start() throws IOException {
        dns = SpfFixture.start();
        dns.policy(PLAIN.withExplanation("ask postmaster about %{s} from %{c}"));
    }

    @AfterEach
    void stop() throws IOException {
        dns.close();
    }

    private static SpfResult.Fail failed(SpfResult result) {
        return assertInstanceOf(SpfResult.Fail.class, result, result.reason());
    }

    private SpfResult.Fail failed(String explanation) {
        dns.only("exp.test", explanation).only("a.test", "v=spf1 -all exp=exp.test");
        return failed(dns.mailFrom("192.0.2.1", "ann@a.test"));
    }

    private void assertOurs(SpfResult.Fail fail) {
        assertEquals("ask postmaster about ann@a.test from 192.0.2.1", fail.explanation());
        assertFalse(fail.published());
    }

    @Test
    void aDomainExplainsItself() {
        SpfResult.Fail fail = failed("see http://a.test/?from=%{S}&ip=%{c}&by=%{r}%_now");
        assertEquals("see http://a.test/?from=ann%40a.test&ip=192.0.2.1&by=mx.here.test now", fail.explanation());
        assertTrue(fail.published());
    }

    @Test
    void anExplanationThatGoesWrongIsOursAndChangesNoResult() {
        assertOurs(failed("%{x}"));
        assertOurs(failed("100%"));
        assertOurs(failed("b\u00fccher"));
        assertOurs(failed("a\r\nb"));
        assertOurs(failed("   "));
        assertOurs(failed("x".repeat(Spf.EXPLANATION_CHARS_MAX + 1)));
        assertOurs(failed("%{s}".repeat(400)));
        assertEquals(
                Spf.EXPLANATION_CHARS_MAX, failed("x".repeat(450)).explanation().length());
        dns.txt("exp.test", "a second one");
        assertOurs(failed(dns.mailFrom("192.0.2.1", "ann@a.test")));
        dns.server.remove("exp.test");
        assertOurs(failed(dns.mailFrom("192.0.2.1", "ann@a.test")));
        dns.server.fault("exp.test", DnsServer.Fault.SERVFAIL);
        assertOurs(failed(dns.mailFrom("192.0.2.1", "ann@a.test")));
    }

    @Test
    void theExplanationIsThatOfTheRecordThatDecided() {
        dns.txt("one.test", "one").txt("two.test", "two of %{d} for %{o}");
        dns.txt("a.test", "v=spf1 redirect=b.test exp=one.test").txt("b.test", "v=spf1 -all exp=two.test");
        dns.txt("c.test", "v=spf1 include:b.test -all").txt("d.test", "v=spf1 -include:e.test exp=one.test");
        dns.txt("e.test", "v=spf1 +all exp=two.test");
        assertEquals(
                "two of b.test for a.test",
                failed(dns.mailFrom("192.0.2.1", "ann@a.test")).explanation());
        assertFalse(failed(dns.mailFrom("192.0.2.1", "ann@c.test")).published());
        assertEquals("one", failed(dns.mailFrom("192.0.2.1", "ann@d.test")).explanation());
    }

    @Test
    void anExplanationIsAskedForAfterEverythingElseAndCostsNothing() {
        dns.txt("a.test", "v=spf1 a:n1.test a:n2.test -all exp=n3.test")
                .txt("b.test", "v=spf1 ip4:192.0.2.1 -all exp=n3.test");
        assertOurs(failed(dns.mailFrom("192.0.2.1", "ann@a.test")));
        int asked = dns.server.questions().size();
        assertEquals("pass", dns.mailFrom("192.0.2.1", "ann@b.test").word());
        assertEquals(asked + 1, dns.server.questions().size());
    }

    @Test
    void aLocalPartInUnicodeMatchesNothingAndExplainsNothing() {
        dns.txt("a.test", "v=spf1 exists:%{l}.b.test -all exp=exp.test").txt("exp.test", "no, %{l}");
        assertFalse(failed(dns.mailFrom("192.0.2.1", "b\u00fccher@a.test")).published());
        assertEquals(2, dns.server.questions().size()); // a.test, exp.test
    }

    @Test
    void aDomainInUnicodeIsAskedByItsALabels() {
        dns.txt("xn--bcher-kva.test", "v=spf1 exists:%{d} -all").put("xn--bcher-kva.test", "A", "192.0.2.1");
        SpfResult result = dns.mailFrom("192.0.2.1", "ann@B\u00fccher.test.");
        assertEquals("pass", result.word());
        assertEquals("xn--bcher-kva.test", result.findings().subject().domain());
        assertEquals("ann@xn--bcher-kva.test", result.findings().subject().sender());
    }

    @Test
    void ourRulesComeBeforeAllRedirectAndTheEnd() {
        dns.policy(PLAIN.withRules("ip4:192.0.2.7 include:trusted.test").withExplanation("no"))
                .txt("trusted.test", "v=spf1 ip4:192.0.2.8 -all")
                .txt("a.test", "v=spf1 ip4:192.0.2.1 -all")
                .txt("b.test", "v=spf1 redirect=a.test")
                .txt("c.test", "v=spf1 ip4:192.0.2.1")
                .txt("d.test", "v=spf1 -ip4:192.0.2.7 -all")
                .txt("e.test", "v=spf1 nonsense");
        for (String domain : new String[] {"a.test", "b.test", "c.test", "absent.test"}) {
            for (String client : new String[] {"192.0.2.7", "192.0.2.8"}) {
                SpfResult result = dns.mailFrom(client, "ann@" + domain);
                assertEquals("pass", result.word(), domain);
                assertEquals(SpfFindings.Authority.RULES, result.findings().authority());
            }
        }
        assertEquals("fail", dns.mailFrom("192.0.2.9", "ann@a.test").word());
        assertEquals("fail", dns.mailFrom("192.0.2.9", "ann@b.test").word());
        assertEquals("neutral", dns.mailFrom("192.0.2.9", "ann@c.test").word());
        assertEquals("none", dns.mailFrom("192.0.2.9", "ann@absent.test").word());
        assertEquals("fail", dns.mailFrom("192.0.2.7", "ann@d.test").word());
        assertEquals("permerror", dns.mailFrom("192.0.2.7", "ann@e.test").word());
        assertEquals("none", dns.mailFrom("192.0.2.7", "ann@nolabels").word());
        assertEquals(
                SpfFindings.Authority.DOMAIN,
                dns.mailFrom("192.0.2.1", "ann@a.test").findings().authority());
    }

    @Test
    void aRuleOfOursThatCannotBeEvaluatedBreaksNothing() {
        dns.policy(PLAIN.withRules("v=spf1 include:broken.test include:absent.test a:n1.test a:n2.test a:n3.test"))
                .txt("a.test", "v=spf1 a:m1.test a:m2.test -all");
        dns.server.fault("broken.test", DnsServer.Fault.SERVFAIL);
        assertEquals("fail", dns.mailFrom("192.0.2.1", "ann@a.test").word());
    }

    @Test
    void aGuessStandsForWhatIsNotPublished() {
        dns.policy(PLAIN.withGuess("a/24 mx/24 ptr ?all"))
                .put("a.test", "A", "192.0.2.1")
                .txt("b.test", "v=spf1 -all")
                .put("b.test", "A", "192.0.2.1");
        SpfResult guessed = dns.mailFrom("192.0.2.99", "ann@a.test");
        assertEquals("pass", guessed.word());
        assertEquals(SpfFindings.Authority.GUESS, guessed.findings().authority());
        assertEquals("neutral", dns.mailFrom("203.0.113.1", "ann@a.test").word());
        assertEquals("fail", dns.mailFrom("192.0.2.99", "ann@b.test").word());
        assertEquals("none", dns.mailFrom("192.0.2.99", "ann@nolabels").word());
    }

    @Test
    void whatOperatorsWriteWronglyIsSaid() {
        for (String terms : new String[] {"a mx nonsense", "v=spf1 a/99"}) {
            assertTrue(assertThrows(IllegalArgumentException.class, () -> PLAIN.withRules(terms))
                    .getMessage()
                    .startsWith("'"));
            assertThrows(IllegalArgumentException.class, () -> PLAIN.withGuess(terms));
        }
        assertThrows(IllegalArgumentException.class, () -> PLAIN.withExplanation("100%"));
    }

    @Test
    void theHeloNameIsAnIdentityOfItsOwn() {
        dns.txt("mail.client.test", "v=spf1 exists:%{s}.%{o}.x.test -all")
                .put("postmaster@mail.client.test.mail.client.test.x.test", "A", "192.0.2.1");
        SpfResult result = dns.spf(InstantSource.system()).helo(SpfFixture.client("192.0.2.1"));
        assertEquals("pass", result.word());
        assertEquals("smtp.helo", result.findings().subject().identity().property());
        assertEquals("mail.client.test", result.findings().subject().value());
        SpfResult path = dns.mailFrom("192.0.2.1", "");
        assertEquals("pass", path.word());
        assertEquals("smtp.mailfrom", path.findings().subject().identity().property());
        assertEquals("postmaster@mail.client.test", path.findings().subject().value());
    }
}
