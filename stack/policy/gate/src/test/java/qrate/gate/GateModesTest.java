package qrate.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.milter.MilterVerdict;
import qrate.testkit.DnsServer;

class GateModesTest {
    private static final String STRANGER = "198.51.100.1";

    @TempDir
    Path folder;

    private GateFixture gate;

    @BeforeEach
    void start() throws IOException {
        gate = new GateFixture(folder);
        gate.client = STRANGER;
    }

    @AfterEach
    void stop() throws IOException {
        gate.close();
    }

    private String ruling(String message) throws IOException {
        Judgement judgement = gate.judged(message);
        return switch (judgement.ruling()) {
            case Ruling.Passed _ -> isSpam(judgement) ? "spam" : "pass";
            case Ruling.Quarantined _ -> "quarantine";
            case Ruling.Refused(var code, var lines) ->
                code + " " + lines.getFirst().split(" ", 2)[0];
        };
    }

    private static boolean isSpam(Judgement judgement) {
        return judgement.fields().stream()
                .anyMatch(field -> field.name().equals("x-spam-status")
                        && field.value().startsWith("Yes, neither SPF nor DKIM vouches for author.test"));
    }

    @Test
    void eachLevelOfSpfRefusesWhatQmailsPatchDoes() throws IOException {
        gate.control("dmarc", "off");
        gate.publish("soft.test", "v=spf1 ~all")
                .publish("neutral.test", "v=spf1 ?all")
                .publish("none.test", "nothing")
                .publish("wrong.test", "v=spf1 nonsense:x -all")
                .publish("pass.test", "v=spf1 +all");
        gate.server.put("slow.test", "A", "192.0.2.9").fault("slow.test", DnsServer.Fault.SERVFAIL);
        List<String> domains = List.of(
                "slow.test", "author.test", "soft.test", "neutral.test", "none.test", "wrong.test", "pass.test");
        List<Integer> from = List.of(2, 3, 4, 5, 6, 6, 7);
        for (int level = 0; level <= 6; level++) {
            gate.control("spfbehavior", "" + level);
            for (String domain : domains) {
                gate.sender = "ann@" + domain;
                String refusal = domain.equals("slow.test") ? "451 4.7.24" : "550 5.7.23";
                boolean refused = level >= from.get(domains.indexOf(domain));
                assertEquals(refused ? refusal : "pass", ruling(GateFixture.MESSAGE), domain + " at level " + level);
            }
        }
    }

    @Test
    void aRefusalBySpfNamesTheDomainAndWhatToDoBeforeTheMessageIsSent() throws IOException {
        gate.control("spfbehavior", "3").control("spfexp", "see https://here.test/?i=%{i}");
        assertEquals(
                new MilterVerdict.Refuse(
                        550,
                        List.of(
                                "5.7.23 author.test does not let 198.51.100.1 send for it, by -all of author.test (SPF)",
                                "5.7.23 Send by a server of author.test, or have its SPF record name yours",
                                "5.7.23 see https://here.test/?i=198.51.100.1")),
                gate.shown(GateFixture.MESSAGE).verdict());
        gate.publish("author.test", "v=spf1 -all exp=why.author.test").publish("why.author.test", "not you, %{i}");
        MilterVerdict.Refuse refusal =
                (MilterVerdict.Refuse) gate.shown(GateFixture.MESSAGE).verdict();
        assertEquals(
                "5.7.23 author.test explains: not you, 198.51.100.1",
                refusal.lines().getLast());
        assertTrue(gate.logged().contains("gate: 198.51.100.1: refused: 550 5.7.23 author.test does not"));
    }

    @Test
    void dmarcIsDoneAsFarAsControlSays() throws IOException {
        List<String> modes = List.of("off", "mark", "junk", "quarantine", "refuse-junk", "refuse");
        List<String> policies = List.of("none", "quarantine", "reject");
        String[][] expected = {
            {"pass", "pass", "pass"},
            {"pass", "pass", "pass"},
            {"pass", "spam", "spam"},
            {"pass", "quarantine", "quarantine"},
            {"pass", "spam", "550 5.7.26"},
            {"pass", "quarantine", "550 5.7.26"}
        };
        for (String mode : modes) {
            gate.control("dmarc", mode);
            for (String policy : policies) {
                gate.publish("_dmarc.author.test", "v=DMARC1; p=" + policy);
                String what = expected[modes.indexOf(mode)][policies.indexOf(policy)];
                assertEquals(what, ruling(GateFixture.MESSAGE), mode + " " + policy);
                assertEquals("pass", ruling(GateFixture.signed(GateFixture.MESSAGE, "author.test")));
            }
        }
    }

    @Test
    void aRefusalByDmarcNamesTheAuthorAndWhatToDo() throws IOException {
        gate.control("dmarc", "refuse");
        assertEquals(
                new MilterVerdict.Refuse(
                        550,
                        List.of(
                                "5.7.26 neither SPF nor DKIM vouches for author.test; the DMARC policy of author.test is"
                                        + " reject",
                                "5.7.26 Sign with DKIM as author.test, or have its SPF record name 198.51.100.1 and use its"
                                        + " domain as sender")),
                gate.shown(GateFixture.MESSAGE).verdict());
        gate.control("dmarc", "quarantine");
        GateFixture.Heard heard = gate.shown(GateFixture.MESSAGE);
        assertEquals(
                new MilterVerdict.Quarantine(
                        "neither SPF nor DKIM vouches for author.test; the DMARC policy of author.test is reject"),
                heard.verdict());
        assertTrue(heard.message().contains("policy.dmarc=reject"), heard.message());
    }

    @Test
    void whatDnsDoesNotTellIsPutOffOnlyByTheStrictestMode() throws IOException {
        gate.server.fault("_dmarc.author.test", DnsServer.Fault.SERVFAIL);
        for (String mode : List.of("mark", "quarantine")) {
            gate.control("dmarc", mode);
            assertEquals("pass", ruling(GateFixture.MESSAGE));
            assertEquals("spf=fail dkim=none dmarc=temperror", gate.words(GateFixture.MESSAGE));
        }
        gate.control("dmarc", "refuse");
        assertEquals("451 4.7.26", ruling(GateFixture.MESSAGE));
        gate.server.mend().fault("k._domainkey.author.test", DnsServer.Fault.SERVFAIL);
        assertEquals("451 4.7.26", ruling(GateFixture.signed(GateFixture.MESSAGE, "author.test")));
        gate.server.mend().fault("k._domainkey.other.test", DnsServer.Fault.SERVFAIL);
        assertEquals("550 5.7.26", ruling(GateFixture.signed(GateFixture.MESSAGE, "other.test")));
    }

    @Test
    void aFromThatNobodyCanReadHidesNobody() throws IOException {
        String odd = GateFixture.MESSAGE.replace("From: Ann <ann@author.test>", "From: the bank");
        String none = GateFixture.MESSAGE.replace("From: Ann <ann@author.test>\n", "");
        for (String message : List.of(odd, none)) {
            gate.control("dmarc", "mark");
            assertEquals("pass", ruling(message));
            gate.control("dmarc", "quarantine");
            assertEquals("quarantine", ruling(message));
            gate.control("dmarc", "refuse");
            assertEquals("550 5.7.26", ruling(message));
        }
    }

    @Test
    void aDomainHereMayBeStricterAndForSeveralTheMildestHolds() throws IOException {
        gate.control(
                "policydomains", "# a comment", "Strict.test spf=3", "b\u00fccher.test  spf=2 dmarc=refuse", "x y");
        gate.recipients = List.of("bob@STRICT.test");
        assertEquals("550 5.7.23", ruling(GateFixture.MESSAGE));
        gate.recipients = List.of("bob@strict.test", "eve@here.test");
        assertEquals("pass", ruling(GateFixture.MESSAGE));
        gate.recipients = List.of("bob@xn--bcher-kva.test");
        assertEquals("550 5.7.26", ruling(GateFixture.MESSAGE));
        gate.recipients = List.of("bob@xn--bcher-kva.test", "bob@strict.test");
        assertEquals("pass", ruling(GateFixture.MESSAGE));
    }

    @Test
    void someAreLetPassWhateverADomainWants() throws IOException {
        gate.control("dmarc", "refuse");
        for (String line : List.of("198.51.100.0/22", "198.51.100.1", "author.test", ".test")) {
            gate.control("dmarcexceptions", line);
            assertEquals("pass", ruling(GateFixture.MESSAGE), line);
        }
        for (String line : List.of("198.51.101.0/24", "198.51.100.1/33", "2001:db8::/0", ".author.test", "thor.test")) {
            gate.control("dmarcexceptions", line);
            assertEquals("550 5.7.26", ruling(GateFixture.MESSAGE), line);
        }
    }

    @Test
    void aListIsLetPassOnlyWhereItsDomainVouchesForTheMessage() throws IOException {
        gate.control("dmarc", "refuse").control("dmarcexceptions", "<talk.other.test>");
        String message = "List-Id: Talk <Talk.other.test>\n" + GateFixture.MESSAGE;
        assertEquals("550 5.7.26", ruling(message));
        assertEquals("pass", ruling(GateFixture.signed(message, "other.test")));
        gate.sender = "talk-bounces@other.test";
        gate.publish("other.test", "v=spf1 ip4:198.51.100.1 -all");
        assertEquals("pass", ruling(message));
        assertEquals("550 5.7.26", ruling(message.replace("Talk.other", "talk.third")));
    }

    @Test
    void aFileThatMakesNoSensePutsMailOffAndTheLogSaysWhich() throws IOException {
        gate.control("dmarc", "reject");
        assertEquals("451 4.7.1", gate.shown(GateFixture.MESSAGE).code());
        assertTrue(
                gate.logged().contains("control/dmarc: dmarc is off, mark, junk, quarantine, refuse-junk or refuse"),
                gate.logged());
        gate.control("dmarc", "mark").control("spfrules", "nonsense:");
        assertTrue(assertThrows(IOException.class, () -> ruling(GateFixture.MESSAGE))
                .getMessage()
                .startsWith("control/spfrules: "));
        gate.control("spfrules", "").control("policydomains", "here.test spf=9");
        assertTrue(assertThrows(IOException.class, () -> ruling(GateFixture.MESSAGE))
                .getMessage()
                .startsWith("control/policydomains: here.test spf=9: "));
    }
}
