package qrate.dmarc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.dmarc.Zone.dkim;
import static qrate.dmarc.Zone.forged;
import static qrate.dmarc.Zone.mail;
import static qrate.dmarc.Zone.spf;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import qrate.dmarc.DmarcOutcome.Result;
import qrate.testkit.DnsServer;
import qrate.testkit.Seeds;

/// RFC 9989 §4.10 and the examples of its appendix B.3.
class TreeWalkTest {
    private static final String NONE = "v=DMARC1; p=none";
    private static final String REJECT = "v=DMARC1; p=reject";

    @Test
    void asksForEachNameUpToTheLastLabel() {
        assertEquals(
                List.of("a.mail.example.com", "mail.example.com", "example.com", "com"),
                TreeWalk.names("a.mail.example.com"));
        assertEquals(List.of("com"), TreeWalk.names("com"));
    }

    @Test
    void aLongNameIsCutToSevenLabelsAfterTheFirstQuestion() {
        assertEquals(
                List.of(
                        "a.b.c.d.e.f.g.h.i.j.mail.example.com",
                        "g.h.i.j.mail.example.com",
                        "h.i.j.mail.example.com",
                        "i.j.mail.example.com",
                        "j.mail.example.com",
                        "mail.example.com",
                        "example.com",
                        "com"),
                TreeWalk.names("a.b.c.d.e.f.g.h.i.j.mail.example.com"));
        assertEquals(8, TreeWalk.names("1.2.3.4.5.6.7.8").size());
        assertEquals(7, TreeWalk.names("2.3.4.5.6.7.8").size());
    }

    @Test
    void noNameLeadsToMoreThanEightQuestions() {
        Seeds.forAll(200, random -> {
            StringBuilder name = new StringBuilder("x");
            for (int i = random.nextInt(120); i > 0; i--) {
                name.append(".l").append(random.nextInt(10));
            }
            List<String> names = TreeWalk.names(name.toString());
            assertTrue(names.size() <= TreeWalk.QUERIES_MAX, name.toString());
            assertEquals(names.size(), Set.copyOf(names).size());
            names.forEach(one -> assertTrue(DomainNames.isWithin(name.toString(), one), one));
        });
    }

    /// Appendix B.3.1.
    @Test
    void simpleExample() throws Exception {
        try (Zone zone = new Zone()) {
            zone.policy("example.com", REJECT).policy("signing.example.com", NONE);
            DmarcOutcome outcome = zone.dmarc()
                    .evaluate(mail(
                            "example.com",
                            spf(AuthResult.PASS, "example.com"),
                            dkim(AuthResult.PASS, "signing.example.com")));
            assertEquals(Result.PASS, outcome.result());
            assertTrue(outcome.aligned().spf());
            assertEquals(Set.of("signing.example.com"), outcome.aligned().dkim());
            assertEquals("example.com", outcome.published().orElseThrow().domain());
            assertEquals(Optional.of("example.com"), zone.dmarc().organization("signing.example.com"));
        }
    }

    /// Appendix B.3.2.
    @Test
    void deepExample() throws Exception {
        try (Zone zone = new Zone()) {
            zone.policy("example.com", REJECT).policy("signing.example.com", NONE);
            String author = "a.b.c.d.e.f.g.h.i.j.k.example.com";
            DmarcOutcome outcome = zone.dmarc().evaluate(forged(author));
            assertEquals("example.com", outcome.published().orElseThrow().domain());
            assertEquals(
                    List.of(
                            "_dmarc.a.b.c.d.e.f.g.h.i.j.k.example.com",
                            "_dmarc.g.h.i.j.k.example.com",
                            "_dmarc.h.i.j.k.example.com",
                            "_dmarc.i.j.k.example.com",
                            "_dmarc.j.k.example.com",
                            "_dmarc.k.example.com",
                            "_dmarc.example.com",
                            "_dmarc.com"),
                    zone.asked());
            for (Evidence evidence : List.of(
                    mail(author, spf(AuthResult.PASS, "example.com")),
                    mail(author, spf(AuthResult.NONE, "x.example"), dkim(AuthResult.PASS, "signing.example.com")))) {
                assertEquals(Result.PASS, zone.dmarc().evaluate(evidence).result());
            }
        }
    }

    /// Appendix B.3.3.
    @Test
    void exampleWithAPublicSuffix() throws Exception {
        try (Zone zone = new Zone()) {
            zone.policy("bank.example", "v=DMARC1; p=reject; psd=y").policy("giant.bank.example", REJECT);
            Dmarc dmarc = zone.dmarc();
            assertEquals(Optional.of("giant.bank.example"), dmarc.organization("giant.bank.example"));
            assertEquals(Optional.of("giant.bank.example"), dmarc.organization("mail.giant.bank.example"));
            assertEquals(Optional.of("mega.bank.example"), dmarc.organization("mail.mega.bank.example"));
            DmarcOutcome outcome = dmarc.evaluate(mail(
                    "giant.bank.example",
                    spf(AuthResult.PASS, "mail.giant.bank.example"),
                    dkim(AuthResult.PASS, "mail.mega.bank.example")));
            assertEquals(Result.PASS, outcome.result());
            assertTrue(outcome.aligned().spf());
            assertEquals(Set.of(), outcome.aligned().dkim());
            assertEquals("giant.bank.example", outcome.published().orElseThrow().domain());
            assertEquals(
                    Result.FAIL,
                    dmarc.evaluate(mail(
                                    "giant.bank.example",
                                    spf(AuthResult.NONE, "x.example"),
                                    dkim(AuthResult.PASS, "mail.mega.bank.example")))
                            .result());
            assertTrue(!zone.asked().contains("_dmarc.example"), "the walk ends at psd=y");
        }
    }

    @Test
    void theFewestLabelsWinWhereNothingIsSaidOfSuffixes() throws Exception {
        try (Zone zone = new Zone()) {
            zone.policy("mail.example.com", NONE).policy("example.com", REJECT);
            assertEquals(Optional.of("example.com"), zone.dmarc().organization("a.mail.example.com"));
            assertEquals(
                    "example.com",
                    zone.dmarc()
                            .evaluate(forged("a.mail.example.com"))
                            .published()
                            .orElseThrow()
                            .domain());
        }
    }

    @Test
    void anOrganizationBelowAnotherSaysSoWithPsdN() throws Exception {
        try (Zone zone = new Zone()) {
            zone.policy("mail.example.com", "v=DMARC1; p=none; psd=n").policy("example.com", REJECT);
            assertEquals(Optional.of("mail.example.com"), zone.dmarc().organization("a.mail.example.com"));
            assertEquals(List.of("_dmarc.a.mail.example.com", "_dmarc.mail.example.com"), zone.asked());
            assertEquals(
                    Result.FAIL,
                    zone.dmarc()
                            .evaluate(mail("mail.example.com", spf(AuthResult.PASS, "example.com")))
                            .result());
        }
    }

    @Test
    void aSuffixsOwnPolicyHoldsWhereTheOrganizationHasNone() throws Exception {
        try (Zone zone = new Zone()) {
            zone.policy("com", "v=DMARC1; p=none; sp=quarantine; np=reject; psd=y");
            zone.server.put("a.mail.example.com", "A", "192.0.2.1");
            assertEquals(Optional.of("example.com"), zone.dmarc().organization("a.mail.example.com"));
            DmarcOutcome outcome = zone.dmarc().evaluate(forged("a.mail.example.com"));
            assertEquals("com", outcome.published().orElseThrow().domain());
            assertEquals(Disposition.QUARANTINE, outcome.wish().disposition());
            assertEquals(
                    Disposition.REJECT,
                    zone.dmarc().evaluate(forged("no.example.com")).wish().disposition());
        }
    }

    @Test
    void aSuffixThatSendsMailIsItsOwnOrganization() throws Exception {
        try (Zone zone = new Zone()) {
            zone.policy("bank.example", "v=DMARC1; p=reject; psd=y");
            assertEquals(Optional.of("bank.example"), zone.dmarc().organization("bank.example"));
            DmarcOutcome outcome = zone.dmarc().evaluate(forged("bank.example"));
            assertEquals(Disposition.REJECT, outcome.wish().disposition());
            assertEquals(
                    Result.FAIL,
                    zone.dmarc()
                            .evaluate(mail("bank.example", spf(AuthResult.PASS, "mega.bank.example")))
                            .result());
        }
    }

    @Test
    void theLabelBelowASuffixIsTakenFromTheNameAndNotFromTheWalk() throws Exception {
        try (Zone zone = new Zone()) {
            zone.policy("4.5.6.7.8.9.10.11", "v=DMARC1; p=none; psd=y").policy("5.6.7.8.9.10.11", "v=DMARC1; psd=y");
            assertEquals(Optional.of("4.5.6.7.8.9.10.11"), zone.dmarc().organization("1.2.3.4.5.6.7.8.9.10.11"));
        }
    }

    @Test
    void severalRecordsAtANameAreNone() throws Exception {
        try (Zone zone = new Zone()) {
            zone.policy("mail.example.com", REJECT)
                    .policy("mail.example.com", NONE)
                    .policy("example.com", REJECT);
            zone.policy("mail.example.com", "something else");
            assertEquals(
                    "example.com",
                    zone.dmarc()
                            .evaluate(forged("mail.example.com"))
                            .published()
                            .orElseThrow()
                            .domain());
        }
    }

    @Test
    void recordsOfOtherKindsBesideAreDiscarded() throws Exception {
        try (Zone zone = new Zone()) {
            zone.policy("example.com", "v=spf1 -all")
                    .policy("example.com", REJECT)
                    .policy("example.com", "v=dmarc1;");
            assertEquals(
                    Disposition.REJECT,
                    zone.dmarc().evaluate(forged("example.com")).wish().disposition());
        }
    }

    @Test
    void withoutAnyRecordADomainIsItsOwnOrganization() throws Exception {
        try (Zone zone = new Zone()) {
            assertEquals(Optional.of("a.example.com"), zone.dmarc().organization("A.Example.com."));
            assertEquals(Optional.empty(), zone.dmarc().organization("no domain"));
        }
    }

    @Test
    void aWalkThatFailsOnTheWayTellsNothing() throws Exception {
        try (Zone zone = new Zone()) {
            zone.policy("example.com", REJECT);
            zone.server.fault("_dmarc.com", DnsServer.Fault.SERVFAIL);
            assertEquals(Optional.empty(), zone.dmarc().organization("example.com"));
        }
    }

    @Test
    void theTraceSaysWhatWasFoundAtEachNameAndEscapesIt() throws Exception {
        try (Zone zone = new Zone()) {
            zone.policy("example.com", "v=DMARC1; p=reject; x=\\027[31m");
            DmarcOutcome outcome = zone.dmarc().evaluate(forged("mail.example.com"));
            assertEquals(
                    List.of(
                            "_dmarc.mail.example.com: no record",
                            "_dmarc.example.com: v=DMARC1; p=reject; x=\\x1b[31m",
                            "_dmarc.com: no record",
                            "SPF fail for evil.example"),
                    outcome.trace());
        }
    }
}
