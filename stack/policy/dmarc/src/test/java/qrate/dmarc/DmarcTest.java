package qrate.dmarc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.dmarc.Zone.author;
import static qrate.dmarc.Zone.dkim;
import static qrate.dmarc.Zone.forged;
import static qrate.dmarc.Zone.mail;
import static qrate.dmarc.Zone.spf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.dmarc.DmarcOutcome.Result;
import qrate.message.Field;
import qrate.testkit.DnsServer;

/// RFC 9989 §4.4, §4.10.1, §5.3 and the examples of its appendix B.1.
class DmarcTest {
    private Zone zone;

    @BeforeEach
    void start() throws IOException {
        zone = new Zone();
    }

    @AfterEach
    void stop() throws IOException {
        zone.close();
    }

    private Result result(Evidence evidence) {
        return zone.dmarc().evaluate(evidence).result();
    }

    private DmarcOutcome.Wish wish(String author) {
        return zone.dmarc().evaluate(forged(author)).wish();
    }

    @Test
    void theSameDomainPassesWithOneQuestion() {
        zone.policy("example.com", "v=DMARC1; p=reject");
        assertEquals(Result.PASS, result(mail("example.com", spf(AuthResult.PASS, "Example.COM"))));
        assertEquals(
                Result.PASS,
                result(mail(
                        "example.com", spf(AuthResult.FAIL, "evil.example"), dkim(AuthResult.PASS, "example.com"))));
        assertEquals(List.of("_dmarc.example.com", "_dmarc.example.com"), zone.asked());
    }

    @Test
    void relaxedAlignmentTakesParentsAndChildrenOfOneOrganization() {
        zone.policy("example.com", "v=DMARC1; p=reject");
        assertEquals(Result.PASS, result(mail("example.com", spf(AuthResult.PASS, "child.example.com"))));
        assertEquals(
                Result.PASS,
                result(mail(
                        "child.example.com", spf(AuthResult.NONE, "x.example"), dkim(AuthResult.PASS, "example.com"))));
        assertEquals(Result.PASS, result(mail("a.example.com", spf(AuthResult.PASS, "b.example.com"))));
        assertEquals(Result.FAIL, result(mail("child.example.com", spf(AuthResult.PASS, "example.net"))));
        assertEquals(Result.FAIL, result(mail("example.com", spf(AuthResult.PASS, "notexample.com"))));
    }

    @Test
    void strictAlignmentTakesTheSameDomainAlone() {
        zone.policy("example.com", "v=DMARC1; p=reject; aspf=s");
        assertEquals(Result.FAIL, result(mail("example.com", spf(AuthResult.PASS, "child.example.com"))));
        DmarcOutcome outcome = zone.dmarc()
                .evaluate(mail(
                        "example.com",
                        spf(AuthResult.PASS, "child.example.com"),
                        dkim(AuthResult.PASS, "child.example.com")));
        assertEquals(Result.PASS, outcome.result());
        assertEquals(new DmarcOutcome.Aligned(false, Set.of("child.example.com")), outcome.aligned());
    }

    @Test
    void onlyAPassVouches() {
        zone.policy("example.com", "v=DMARC1; p=reject");
        for (AuthResult other : List.of(
                AuthResult.NONE,
                AuthResult.FAIL,
                AuthResult.SOFTFAIL,
                AuthResult.POLICY,
                AuthResult.NEUTRAL,
                AuthResult.PERMERROR)) {
            assertEquals(
                    Result.FAIL,
                    result(mail("example.com", spf(other, "example.com"), dkim(other, "example.com"))),
                    other.word());
        }
    }

    @Test
    void anyAlignedSignatureSuffices() {
        zone.policy("example.com", "v=DMARC1; p=reject");
        assertEquals(
                Result.PASS,
                result(mail(
                        "example.com",
                        spf(AuthResult.FAIL, "lists.example"),
                        dkim(AuthResult.FAIL, "example.com"),
                        dkim(AuthResult.PASS, "lists.example"),
                        dkim(AuthResult.PASS, "mail.example.com"))));
    }

    @Test
    void heloStandsInForANullReversePathOnly() {
        zone.policy("example.com", "v=DMARC1; p=reject");
        assertEquals(Result.PASS, result(mail("example.com", new Evidence.Spf(AuthResult.PASS, "", "mx.example.com"))));
        assertEquals(
                Result.FAIL,
                result(mail("example.com", new Evidence.Spf(AuthResult.PASS, "other.example", "mx.example.com"))));
        assertEquals(Result.FAIL, result(mail("example.com", new Evidence.Spf(AuthResult.PASS, "", "[192.0.2.1]"))));
    }

    @Test
    void withoutARecordDmarcIsNotApplied() {
        DmarcOutcome outcome = zone.dmarc().evaluate(mail("example.com", spf(AuthResult.PASS, "example.com")));
        assertEquals(Result.NONE, outcome.result());
        assertEquals(Disposition.NONE, outcome.wish().disposition());
        assertTrue(outcome.published().isEmpty());
    }

    @Test
    void theAuthorsOwnRecordSpeaksByPAndTheOrganizationsBySpAndNp() {
        zone.policy("example.com", "v=DMARC1; p=none; sp=quarantine; np=reject")
                .policy("own.example.com", "v=DMARC1; p=reject; sp=none");
        zone.server.put("there.example.com", "MX", "10 mx.example.com.");
        assertEquals(Disposition.NONE, wish("example.com").disposition());
        assertEquals(Disposition.REJECT, wish("own.example.com").disposition());
        assertEquals(Disposition.QUARANTINE, wish("there.example.com").disposition());
        assertEquals(Disposition.REJECT, wish("nowhere.example.com").disposition());
    }

    @Test
    void anAliasThatLeadsNowhereExists() {
        zone.policy("example.com", "v=DMARC1; p=none; np=reject");
        zone.server.put("old.example.com", "CNAME", "gone.example.net.");
        assertEquals(Disposition.NONE, wish("old.example.com").disposition());
    }

    @Test
    void nobodyAsksWhetherADomainExistsWhereItDoesNotMatter() {
        zone.policy("example.com", "v=DMARC1; p=reject; sp=quarantine");
        assertEquals(Disposition.QUARANTINE, wish("nowhere.example.com").disposition());
        assertTrue(zone.server.questions().stream().allMatch(q -> q.endsWith(" TXT")));
    }

    @Test
    void inTestModeAPolicyIsOneStepMilder() {
        zone.policy("a.example", "v=DMARC1; p=reject; t=y");
        zone.policy("b.example", "v=DMARC1; p=quarantine; t=y");
        zone.policy("c.example", "v=DMARC1; p=none; t=y");
        List<PolicyOverride> test = List.of(new PolicyOverride(PolicyOverride.Kind.POLICY_TEST_MODE, "t=y"));
        assertEquals(new DmarcOutcome.Wish(Disposition.REJECT, Disposition.QUARANTINE, test), wish("a.example"));
        assertEquals(new DmarcOutcome.Wish(Disposition.QUARANTINE, Disposition.NONE, test), wish("b.example"));
        assertEquals(new DmarcOutcome.Wish(Disposition.NONE, Disposition.NONE, List.of()), wish("c.example"));
    }

    @Test
    void aRefusalNamesDmarcAndTheDomain() {
        zone.policy("example.com", "v=DMARC1; p=reject");
        assertEquals(
                "neither SPF nor DKIM vouches for mail.example.com; the DMARC policy of example.com is reject",
                zone.dmarc().evaluate(forged("mail.example.com")).reason());
    }

    @Test
    void aLocalExceptionIsAskedOnlyWhereSomethingWouldBeDone() {
        zone.policy("example.com", "v=DMARC1; p=reject").policy("mild.example", "v=DMARC1; p=none");
        PolicyOverride list = new PolicyOverride(PolicyOverride.Kind.MAILING_LIST, "dev@lists.example");
        DmarcOutcome outcome = zone.dmarc(list).evaluate(forged("example.com"));
        assertEquals(Result.FAIL, outcome.result());
        assertEquals(new DmarcOutcome.Wish(Disposition.REJECT, Disposition.NONE, List.of(list)), outcome.wish());
        assertEquals(
                List.of(),
                zone.dmarc(list).evaluate(forged("mild.example")).wish().overrides());
        assertEquals(
                List.of(),
                zone.dmarc(list)
                        .evaluate(mail("example.com", spf(AuthResult.PASS, "example.com")))
                        .wish()
                        .overrides());
    }

    @Test
    void aPolicyThatMakesNoSenseIsPermerrorUnlessSomebodyIsToldOfIt() {
        zone.policy("a.example", "v=DMARC1; p=bounce");
        zone.policy("b.example", "v=DMARC1; p=bounce; rua=mailto:d@b.example");
        assertEquals(Result.PERMERROR, result(forged("a.example")));
        assertEquals(Result.FAIL, result(forged("b.example")));
        assertEquals(Disposition.NONE, wish("a.example").disposition());
        assertEquals(Disposition.NONE, wish("b.example").disposition());
    }

    @Test
    void whatDnsCannotTellIsTemperrorAndAsksForNothing() {
        zone.policy("example.com", "v=DMARC1; p=reject; np=none").policy("ok.example", "v=DMARC1; p=reject");
        zone.server.fault("_dmarc.broken.example", DnsServer.Fault.SERVFAIL);
        zone.server.fault("_dmarc.mail.example.com", DnsServer.Fault.SERVFAIL);
        zone.server.fault("maybe.example.com", DnsServer.Fault.SERVFAIL);
        zone.server.fault("_dmarc.out.ok.example", DnsServer.Fault.SERVFAIL);
        List<Evidence> cases = List.of(
                forged("broken.example"),
                forged("a.broken.example"),
                forged("mail.example.com"),
                forged("maybe.example.com"),
                mail("ok.example", spf(AuthResult.PASS, "out.ok.example")));
        for (Evidence evidence : cases) {
            DmarcOutcome outcome = zone.dmarc().evaluate(evidence);
            assertEquals(Result.TEMPERROR, outcome.result(), outcome.trace().toString());
            assertEquals(Disposition.NONE, outcome.wish().disposition());
            assertTrue(outcome.reason().contains("DMARC"));
        }
    }

    @Test
    void aCheckThatCouldNotBeMadeCountsOnlyWhereItMightVouch() {
        zone.policy("example.com", "v=DMARC1; p=reject");
        assertEquals(Result.TEMPERROR, result(mail("example.com", spf(AuthResult.TEMPERROR, "example.com"))));
        assertEquals(
                Result.TEMPERROR,
                result(mail(
                        "example.com",
                        spf(AuthResult.FAIL, "x.example"),
                        dkim(AuthResult.TEMPERROR, "a.example.com"))));
        assertEquals(Result.FAIL, result(mail("example.com", spf(AuthResult.TEMPERROR, "evil.example"))));
        assertEquals(
                Result.PASS,
                result(mail(
                        "example.com",
                        spf(AuthResult.TEMPERROR, "example.com"),
                        dkim(AuthResult.PASS, "example.com"))));
    }

    @Test
    void aFailureElsewhereDoesNotUndoAPass() {
        zone.policy("example.com", "v=DMARC1; p=reject");
        zone.server.fault("_dmarc.com", DnsServer.Fault.SERVFAIL);
        assertEquals(
                Result.PASS,
                result(mail(
                        "example.com", spf(AuthResult.PASS, "a.example.com"), dkim(AuthResult.PASS, "example.com"))));
    }

    @Test
    void anInternationalDomainIsComparedInAscii() {
        zone.policy("xn--bcher-kva.example", "v=DMARC1; p=reject");
        DmarcOutcome outcome = zone.dmarc()
                .evaluate(mail("BÜCHER.example", spf(AuthResult.FAIL, ""), dkim(AuthResult.PASS, "bücher.example")));
        assertEquals(Result.PASS, outcome.result());
        assertEquals("xn--bcher-kva.example", outcome.author());
    }

    @Test
    void ofSeveralAuthorsTheStrictestAnswerHolds() {
        zone.policy("a.example", "v=DMARC1; p=quarantine").policy("b.example", "v=DMARC1; p=reject");
        Evidence.Spf spf = spf(AuthResult.PASS, "a.example");
        Evidence one = new Evidence(List.of(author("x@a.example, y@b.example")), spf, List.of());
        Evidence two = new Evidence(List.of(author("y@b.example"), author("x@a.example")), spf, List.of());
        Evidence same = new Evidence(List.of(author("x@a.example, y@A.EXAMPLE")), spf, List.of());
        assertEquals(Disposition.REJECT, zone.dmarc().evaluate(one).wish().disposition());
        assertEquals(Disposition.REJECT, zone.dmarc().evaluate(two).wish().disposition());
        assertEquals(Result.PASS, result(same));
        Evidence none = new Evidence(List.of(author("x@a.example, y@other.example")), spf, List.of());
        assertEquals(Result.NONE, result(none), "one of them is not vouched for");
    }

    @Test
    void withoutAnAuthorDomainTheDoorDecides() {
        String many = "a@a.x, a@b.x, a@c.x, a@d.x, a@e.x, a@f.x";
        for (List<Field> from : List.of(
                List.<Field>of(),
                List.of(author("")),
                List.of(author("Ann")),
                List.of(author("<ann>")),
                List.of(author("nobody:;")),
                List.of(author("ann@[192.0.2.1]")),
                List.of(author("ann@example.com"), author("<>")),
                List.of(author("ann@example.com, bob@-..x")),
                List.of(author("ann@example.com\u202e")),
                List.of(author(many)))) {
            DmarcOutcome outcome = zone.dmarc().evaluate(new Evidence(from, spf(AuthResult.PASS, "a.x"), List.of()));
            assertEquals(Result.PERMERROR, outcome.result(), from.toString());
            assertTrue(outcome.reason().contains("DMARC"));
        }
        assertEquals(List.of(), zone.asked());
    }

    @Test
    void aNameThatLooksLikeAnAddressIsNoAuthor() {
        assertEquals(
                List.of("evil.example"),
                AuthorDomains.of(List.of(author("\"a@bank.example\" <b@evil.example>")))
                        .all());
        assertEquals(
                List.of("evil.example"),
                AuthorDomains.of(List.of(author("a@bank.example <b@evil.example>")))
                        .all());
        assertEquals(
                List.of("example.com"),
                AuthorDomains.of(List.of(author("Dr. Ann (x@y.z) <ann@example.com>")))
                        .all());
    }

    @Test
    void theNumberOfQuestionsIsBoundedWhateverIsSigned() {
        zone.policy("example.com", "v=DMARC1; p=reject");
        List<Evidence.Dkim> signatures = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            signatures.add(dkim(AuthResult.PASS, "a.b.c.d.e" + i + ".psd.example.com"));
            signatures.add(dkim(AuthResult.PASS, "elsewhere" + i + ".example"));
        }
        zone.policy("psd.example.com", "v=DMARC1; psd=y");
        Evidence evidence = new Evidence(List.of(author("ann@example.com")), spf(AuthResult.NONE, ""), signatures);
        assertEquals(Result.FAIL, result(evidence));
        assertTrue(
                zone.asked().size() <= TreeWalk.QUERIES_MAX * (1 + Dmarc.IDENTIFIERS_MAX),
                "" + zone.asked().size());
        assertEquals(zone.asked().size(), Set.copyOf(zone.asked()).size(), "no name twice");
    }
}
