package qrate.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.arc.Chain;
import qrate.milter.Milters;

class GateMarksTest {
    @TempDir
    Path folder;

    private GateFixture gate;

    @BeforeEach
    void start() throws IOException {
        gate = new GateFixture(folder);
    }

    @AfterEach
    void stop() throws IOException {
        gate.close();
    }

    @Test
    void whatWasFoundStandsOnTopInOneField() throws IOException {
        String message = GateFixture.signed(GateFixture.MESSAGE, "author.test");
        GateFixture.Heard heard = gate.shown(message);
        assertEquals(GateFixture.PASS, heard.verdict());
        assertTrue(heard.message().startsWith("""
                        Authentication-Results: mx.here.test;
                        \tspf=pass smtp.mailfrom=ann@author.test;
                        \tdkim=pass header.d=author.test header.i=@author.test header.s=k
                        \theader.a=rsa-sha256 header.b="""), heard.message());
        assertTrue(
                heard.message()
                        .contains(
                                ";\n\tdmarc=pass header.from=author.test policy.dmarc=reject\nReceived: by mx.here.test\nDKIM-"),
                heard.message());
        assertTrue(heard.message().endsWith(message));
    }

    @Test
    void withoutAnyFileNothingIsEverRefused() throws IOException {
        gate.client = "198.51.100.1";
        GateFixture.Heard heard = gate.shown(GateFixture.MESSAGE);
        assertEquals(GateFixture.PASS, heard.verdict());
        assertEquals("spf=fail dkim=none dmarc=fail", gate.words(GateFixture.MESSAGE));
        assertTrue(heard.message().contains("policy.dmarc=reject"), heard.message());
        assertEquals("", gate.logged());
    }

    @Test
    void fieldsInOurNameGoAndThoseOfOthersStay() throws IOException {
        String message = """
                Authentication-Results: other.test; dkim=pass
                authentication-results : MX.here.test; dmarc=pass
                Subject: first
                Authentication-Results: (ours) mx.here.test.; spf=pass
                Authentication-Results: third.test; spf=none
                AUTHENTICATION-RESULTS: "mx.here.test" 2; spf=pass
                From: ann@author.test

                body
                """;
        String left = gate.shown(message).message();
        assertTrue(left.startsWith("Authentication-Results: mx.here.test;\n\tspf=pass smtp."), left);
        assertTrue(left.endsWith("""
                Received: by mx.here.test
                Authentication-Results: other.test; dkim=pass
                Subject: first
                Authentication-Results: third.test; spf=none
                From: ann@author.test

                body
                """), left);
    }

    @Test
    void whoIsOursIsNotCheckedAndCannotSpeakInOurNameEither() throws IOException {
        String message = "Authentication-Results: mx.here.test; dmarc=pass\n" + GateFixture.MESSAGE;
        gate.control("dmarc", "refuse").control("spfbehavior", "3");
        gate.client = "198.51.100.1";
        for (Map<String, String> macros :
                List.of(Map.of("{auth_authen}", "ann@author.test"), Map.of(Milters.OURS, "relay"))) {
            gate.macros = macros;
            GateFixture.Heard heard = gate.shown(message);
            assertEquals(GateFixture.PASS, heard.verdict());
            assertEquals("Received: by mx.here.test\n" + GateFixture.MESSAGE, heard.message());
        }
        assertEquals(List.of(), gate.server.questions());
        gate.macros = Map.of("{client_addr}", "192.0.2.1");
        assertEquals("550 5.7.23", gate.shown(message).code());
    }

    @Test
    void eachSignatureIsToldAndOneThatIsAlignedIsEnough() throws IOException {
        gate.sender = "bounces@list.test";
        gate.publish("list.test", "v=spf1 ip4:192.0.2.1 -all");
        String both = GateFixture.signed(GateFixture.MESSAGE, "other.test", "author.test");
        assertEquals("spf=pass dkim=pass dkim=pass dmarc=pass", gate.words(both));
        String strange = GateFixture.signed(GateFixture.MESSAGE, "other.test");
        assertEquals("spf=pass dkim=pass dmarc=fail", gate.words(strange));
        String broken = GateFixture.signed(GateFixture.MESSAGE, "author.test").replace("Good day", "Bad day");
        assertEquals("spf=pass dkim=fail dmarc=fail", gate.words(broken));
    }

    @Test
    void aKeyOnTrialAndABodyThatIsNotSignedToItsEndVouchForNobody() throws IOException {
        gate.client = "198.51.100.1";
        gate.publish("k._domainkey.author.test", GateFixture.record() + "; t=y");
        String message = GateFixture.signed(GateFixture.MESSAGE, "author.test");
        assertEquals("spf=fail dkim=policy dmarc=fail", gate.words(message));
        gate.publish("k._domainkey.author.test", GateFixture.record());
        assertEquals("spf=fail dkim=pass dmarc=pass", gate.words(message));
    }

    @Test
    void aHeloNameIsToldWhereItsDomainSaysAnything() throws IOException {
        gate.publish("mail.client.test", "v=spf1 ip4:192.0.2.1 -all");
        String field = gate.judged(GateFixture.MESSAGE).fields().getFirst().value();
        assertTrue(field.contains("spf=pass smtp.helo=mail.client.test;"), field);
        assertTrue(field.indexOf("smtp.helo") < field.indexOf("smtp.mailfrom"), field);
        gate.sender = "";
        assertEquals("spf=pass dkim=none dmarc=fail", gate.words(GateFixture.MESSAGE));
    }

    @Test
    void aChainIsToldAndBelievedByNobody() throws IOException {
        gate.client = "198.51.100.1";
        String message = GateFixture.sealed(GateFixture.MESSAGE, new Chain.None(), "other.test", "dmarc=pass");
        Judgement judgement = gate.judged(message);
        assertEquals("spf=fail dkim=none arc=pass dmarc=fail", GateFixture.words(judgement));
        String field = judgement.fields().getFirst().value();
        assertTrue(field.contains("arc=pass reason=\"sealed by other.test\" smtp.remote-ip=198.51.100.1"), field);
        assertTrue(gate.words(message.replace("Good", "Bad")).contains("arc=fail"));
    }

    @Test
    void ourOwnRulesAndGuessesAreNobodysWordForDmarc() throws IOException {
        gate.client = "198.51.100.1";
        gate.control("spfrules", "ip4:198.51.100.0/24").control("spfguess", "ip4:198.51.100.0/24 -all");
        assertEquals("spf=policy dkim=none dmarc=fail", gate.words(GateFixture.MESSAGE));
        gate.control("spfrules", "ip4:203.0.113.1");
        gate.publish("author.test", "nothing of SPF");
        assertEquals("spf=none dkim=none dmarc=fail", gate.words(GateFixture.MESSAGE));
    }

    @Test
    void receivedSpfIsWrittenOnlyWhereControlSaysSo() throws IOException {
        assertEquals(1, gate.judged(GateFixture.MESSAGE).fields().size());
        gate.control("receivedspf", "yes");
        String left = gate.shown(GateFixture.MESSAGE).message();
        int received = left.indexOf("\nReceived-SPF: pass (mx.here.test: author.test lets 192.0.2.1 send for it");
        assertTrue(received > 0 && received < left.indexOf("\nReceived: by"), left);
    }

    @Test
    void whatIsOffIsNeitherAskedNorTold() throws IOException {
        gate.control("dmarc", "off").control("dkimverify", "off");
        assertEquals("spf=pass", gate.words(GateFixture.signed(GateFixture.MESSAGE, "author.test")));
        gate.control("spfbehavior", "0").control("dmarc", "refuse").control("dkimverify", "mark");
        gate.client = "198.51.100.1";
        assertEquals("dkim=none", gate.words(GateFixture.MESSAGE));
        gate.control("dkimverify", "off");
        int asked = gate.server.questions().size();
        assertEquals(
                "Received: by mx.here.test\n" + GateFixture.MESSAGE,
                gate.shown(GateFixture.MESSAGE).message());
        assertEquals(asked, gate.server.questions().size());
    }

    @Test
    void strangersTextsMakeNoFieldsAndNoResults() throws IOException {
        gate.sender = "\"x; dmarc=pass\u00e9\"@author.test";
        gate.helo = "mx.here.test; dkim=pass (";
        String left = gate.shown(GateFixture.MESSAGE.replace("From: Ann", "From: \"mx; dmarc=pass\""))
                .message();
        assertTrue(left.contains("\n\tdmarc=pass header.from=author.test policy.dmarc=reject\n"), left);
        assertEquals(1, left.split("Authentication-Results:", -1).length - 1);
        assertFalse(left.contains("\n\tdkim=pass"), left);
    }

    /// For explain: the same judgement without any SMTP server.
    @Test
    void everyLookUpIsToldAndWhatItLedTo() throws IOException {
        List<String> looks = looks(GateFixture.signed(GateFixture.MESSAGE, "author.test"));
        assertEquals("gate: holds to spfbehavior 1, dmarc mark", looks.getFirst());
        assertTrue(looks.contains("spf: author.test TXT: 1 record"), looks.toString());
        assertTrue(looks.contains("spf: pass (smtp.mailfrom=ann@author.test)"), looks.toString());
        assertTrue(looks.stream().anyMatch(line -> line.startsWith("spf: none (smtp.helo=mail.client.test)")));
        assertTrue(looks.contains("dkim: k._domainkey.author.test TXT: 1 found"), looks.toString());
        assertTrue(looks.stream().anyMatch(line -> line.startsWith("dkim: pass (header.d=author.test ")));
        assertTrue(looks.contains("arc: none (smtp.remote-ip=192.0.2.1)"), looks.toString());
        assertTrue(looks.stream().anyMatch(line -> line.startsWith("dmarc: _dmarc.author.test")), looks.toString());
        assertEquals("dmarc: pass (header.from=author.test policy.dmarc=reject)", looks.getLast());
    }

    @Test
    void whatIsRefusedBeforeItsContentIsLookedAtNoFurther() throws IOException {
        gate.control("spfbehavior", "3").client = "198.51.100.1";
        Judgement judgement = gate.judged(GateFixture.MESSAGE);
        assertTrue(judgement.ruling() instanceof Ruling.Refused, judgement.toString());
        assertEquals(
                "gate: holds to spfbehavior 3, dmarc mark",
                looks(GateFixture.MESSAGE).getFirst());
        assertTrue(looks(GateFixture.MESSAGE).stream().noneMatch(line -> line.startsWith("dkim: ")));
    }

    private List<String> looks(String message) throws IOException {
        return gate.judged(message).looks().stream()
                .map(look -> look.part() + ": " + look.text())
                .toList();
    }
}
