package qrate.arc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import qrate.dkim.Algorithm;
import qrate.dkim.Content;
import qrate.dkim.FieldText;
import qrate.dkim.HeaderHash;
import qrate.dkim.Inquiry;
import qrate.dkim.MalformedField;
import qrate.dkim.SignatureTags;
import qrate.dkim.SigningKey;
import qrate.message.Field;
import qrate.testkit.DnsServer;

class ArcTest {
    private static Hops hops;
    private static String one;
    private static String three;

    @BeforeAll
    static void open() throws IOException {
        hops = new Hops();
        one = hops.sealed(Hops.MESSAGE, 1);
        three = hops.sealed(hops.sealed(one, 2), 3);
    }

    @AfterAll
    static void close() throws IOException {
        hops.close();
    }

    @Test
    void aMessageWithoutSetsHasNoChain() {
        assertEquals(new Chain.None(), hops.chain(Hops.MESSAGE));
        assertEquals(new Chain.None(), hops.chain(""));
    }

    @Test
    void aChainTellsWhoSealedAndWhatTheySaw() {
        Chain.Pass pass = assertInstanceOf(Chain.Pass.class, hops.chain(three));
        assertEquals(
                List.of("h1.test", "h2.test", "h3.test"),
                pass.links().stream().map(Chain.Link::domain).toList());
        assertEquals(
                new Chain.Link(
                        1, "h1.test", "r", "h1.test", "h1.test; spf=pass smtp.mailfrom=a@example.test; arc=none"),
                pass.links().getFirst());
        assertFalse(pass.testing());
    }

    @Test
    void whatAnotherOfOursFoundIsToldOnlyWhereItFitsWhatIsThere() throws IOException {
        Content none = Hops.leaving(Hops.MESSAGE);
        Content some = Hops.leaving(three.replace("hello", "changed"));
        assertEquals(Optional.of(new Chain.None()), ArcVerifier.told(none, "none"));
        assertEquals(Optional.empty(), ArcVerifier.told(none, "pass"));
        assertEquals(Optional.empty(), ArcVerifier.told(none, "fail"));
        assertEquals(Optional.empty(), ArcVerifier.told(some, "none"));
        assertEquals(Optional.empty(), ArcVerifier.told(some, "policy"));
        Chain.Pass pass = assertInstanceOf(
                Chain.Pass.class, ArcVerifier.told(some, "pass").orElseThrow());
        assertEquals(3, pass.links().size());
        assertInstanceOf(Chain.Fail.class, ArcVerifier.told(some, "fail").orElseThrow());
        Content broken = Hops.leaving(three.replaceFirst("ARC-Seal: i=2", "X-Seal: i=2"));
        assertEquals(Optional.empty(), ArcVerifier.told(broken, "pass"));
    }

    @Test
    void aHopMayChangeTheMessageBeforeItSeals() throws IOException {
        String changed = one.replace("hello", "[list] hello") + "-- \nfooter\n";
        assertEquals("fail: the body is not as the last set left it", hops.told(changed));
        // who knows that the chain was good, and changes the message, says so with the seal
        Chain good = hops.chain(one);
        ArcSealer.Findings findings = new ArcSealer.Findings("h2.test", List.of());
        String fields = assertInstanceOf(
                        ArcSealer.Sealed.Done.class,
                        ArcSealer.seal(Hops.leaving(changed), good, findings, Hops.key(2), Hops::sign, Hops.NOW))
                .fields();
        assertEquals("pass", hops.told(fields + changed));
        assertTrue(fields.contains("i=2; h2.test; none\n"), fields);
    }

    @Test
    void aChangedMessageFails() {
        assertEquals("fail: the body is not as the last set left it", hops.told(three + "more\n"));
        assertEquals("fail: the message is not as the last set left it", hops.told(three.replace("hello", "hallo")));
        assertEquals("fail: the message is not as the last set left it", hops.told("From: eve@other.test\n" + three));
        assertEquals("pass", hops.told("Received: by h4.test\n" + three));
    }

    @Test
    void aChangedSetFails() {
        assertEquals(
                "fail: the seal of set 3 did not verify", hops.told(three.replace("i=1; h1.test;", "i=1; h9.test;")));
        int second = three.indexOf("ARC-Seal: i=2");
        String changed = three.substring(0, second) + three.substring(second).replaceFirst("t=17", "t=16");
        assertEquals("fail: the seal of set 3 did not verify", hops.told(changed));
    }

    /// RFC 8617 §5.2, step 3.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ARC-Seal: i=1; | X-Seal: i=1; | a set that has not one of each field",
                "ARC-Authentication-Results: i=2; | X: i=2; | a set that has not one of each field",
                "ARC-Message-Signature: i=3; | ARC-Message-Signature: i=2; | a set that has not one of each field",
                "ARC-Seal: i=2; | ARC-Seal: i=4; | a set that has not one of each field",
                "ARC-Seal: i=2; | ARC-Seal: i=0; | an instance that is not 1 to 50",
                "ARC-Seal: i=2; | ARC-Seal: i=51; | an instance that is not 1 to 50",
                "ARC-Seal: i=2; | ARC-Seal: | an instance that is not 1 to 50",
                "ARC-Seal: i=2; | ARC-Seal: i=two; | i= is no number",
                "ARC-Authentication-Results: i=2; | ARC-Authentication-Results: | a tag without a name and =",
                "cv=none; | cv=pass; | a seal whose cv= does not fit its place",
                "cv=pass; | cv=none; | a seal whose cv= does not fit its place",
                "cv=pass; | cv=maybe; | a seal whose cv= does not fit its place",
                "cv=none; | cv=none; h=from; | a seal with h=",
                "h=From:From: | h=From:ARC-Seal: | a signature of seals",
                "h=From:From: | h=To: | From is not signed",
                "cv=none; | cv=none; cv=none; | a tag that stands twice",
                "cv=none; | zz=none; | the required tag cv= is missing or empty",
                "cv=none; | cv=fail; | a seal whose cv= does not fit its place"
            })
    void aChainWithoutStructureFails(String from, String to, String why) {
        assertTrue(three.contains(from), three);
        assertEquals("fail: " + why, hops.told(three.replaceFirst(from, to)));
    }

    @Test
    void aChainWithAGapFails() {
        String first = three.substring(three.indexOf("ARC-Seal: i=1"), three.indexOf("From: Ann"));
        assertEquals("fail: instances that are not one behind the other", hops.told(three.replace(first, "")));
    }

    @Test
    void aFieldThatStandsTwiceFails() {
        String results =
                three.substring(three.indexOf("ARC-Authentication-Results: i=2"), three.indexOf("ARC-Seal: i=1"));
        assertEquals("fail: a set that has not one of each field", hops.told(results + three));
    }

    @Test
    void aSignatureOfAPartOfTheBodyFails() throws IOException {
        String own = signedBy("l=4; bh=" + bodyHash("Good"));
        assertEquals("fail: the last set does not cover the whole body", hops.told(own));
        assertEquals("pass", hops.told(signedBy("l=11; bh=" + bodyHash("Good day.\r\n"))));
    }

    @Test
    void aSignatureOfTheMessageMayEnd() throws IOException {
        String bh = "; bh=" + bodyHash("Good day.\r\n");
        long now = Hops.NOW.getEpochSecond();
        assertEquals("fail: it has expired", hops.told(signedBy("t=1; x=" + (now - 999) + bh)));
        assertEquals("pass", hops.told(signedBy("t=1; x=" + (now + 1) + bh)));
    }

    private static String bodyHash(String body) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(body.getBytes(ISO_8859_1));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The message with a first set whose signature has any tags.
    private static String signedBy(String tags) throws IOException {
        SigningKey key = Hops.key(1);
        Content content = Hops.leaving(Hops.MESSAGE);
        String results = "ARC-Authentication-Results: i=1; h1.test; none\n";
        String head =
                "ARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/relaxed; d=h1.test; s=r; h=From; " + tags + "; b=";
        List<Field> from = HeaderHash.selected(content, List.of("From"), -1);
        String message = FieldText.signed(head, Hops.sign(key, HeaderHash.of(from, true, head)));
        List<Field> set = List.of(new Field(results, 0, true), new Field(message, 0, true));
        String seal = "ARC-Seal: i=1; a=rsa-sha256; cv=none; d=h1.test; s=r; b=";
        return FieldText.signed(seal, Hops.sign(key, HeaderHash.of(set, true, seal)))
                + message
                + results
                + Hops.MESSAGE;
    }

    @Test
    void sealsByEd25519CountToo() throws IOException {
        SigningKey key = new SigningKey("h1.test", "e", Algorithm.ED25519_SHA256);
        String fields = assertInstanceOf(ArcSealer.Sealed.Done.class, hops.sealing(Hops.MESSAGE, key))
                .fields();
        assertEquals("pass", hops.told(fields + Hops.MESSAGE));
    }

    /// RFC 8617 §4.2.1.
    @Test
    void fiftySetsAreAChainAndNoMoreAreAdded() throws IOException {
        String message = Hops.MESSAGE;
        for (int i = 0; i < 50; i++) {
            message = hops.sealed(message, 1 + i % Hops.COUNT);
        }
        assertEquals(
                50,
                assertInstanceOf(Chain.Pass.class, hops.chain(message)).links().size());
        assertEquals(new ArcSealer.Sealed.Refused("there are 50 sets already"), hops.sealing(message, Hops.key(1)));
        assertEquals("fail: more than 50 sets", hops.told("ARC-Seal: i=1\n" + message));
    }

    /// RFC 8617 §5.1.2: its own set alone is sealed.
    @Test
    void aChainThatFailedIsSealedAsSuchOnce() throws IOException, MalformedField {
        String broken = three + "more\n";
        String fields = assertInstanceOf(ArcSealer.Sealed.Done.class, hops.sealing(broken, Hops.key(4)))
                .fields();
        assertTrue(fields.startsWith("ARC-Seal: i=4; a=rsa-sha256; cv=fail; d=h4.test;"), fields);
        int message = fields.indexOf("ARC-Message-Signature:");
        int results = fields.indexOf("ARC-Authentication-Results:");
        SignatureTags seal = SignatureTags.of(fields.substring(0, message));
        List<Field> own = List.of(
                new Field(fields.substring(results), 0, true), new Field(fields.substring(message, results), 0, true));
        byte[] hash = HeaderHash.of(own, true, seal.list().unsigned());
        assertInstanceOf(
                Inquiry.Check.Good.class,
                hops.inquiry()
                        .check(
                                Algorithm.RSA_SHA256,
                                new Inquiry.KeyName("h4.test", "r", "h4.test"),
                                hash,
                                seal.signature()));
        assertEquals("fail: the last seal says that the chain failed before", hops.told(fields + broken));
        assertEquals(
                new ArcSealer.Sealed.Refused("the last seal says that the chain has failed"),
                hops.sealing(fields + broken, Hops.key(5)));
    }

    @Test
    void whatCannotBeSealedIsSaid() throws IOException {
        assertEquals(
                new ArcSealer.Sealed.Refused("sets that cannot be read: an instance that is not 1 to 50"),
                hops.sealing("ARC-Seal: i=0\n" + Hops.MESSAGE, Hops.key(1)));
        ArcSealer.Findings findings = new ArcSealer.Findings("h1.test", List.of());
        assertEquals(
                new ArcSealer.Sealed.Refused("the chain that was checked is not that of this message"),
                ArcSealer.seal(Hops.leaving(three), hops.chain(one), findings, Hops.key(4), Hops::sign, Hops.NOW));
        assertEquals(
                new ArcSealer.Sealed.Refused("the header is too long to be sealed, or none"),
                hops.sealing("X: " + "x".repeat(300 << 10) + "\n" + Hops.MESSAGE, Hops.key(1)));
    }

    @Test
    void resultsCannotBringFieldsOfTheirOwn() {
        List<String> two = List.of("spf=pass\nBcc: all@example.test");
        assertThrows(IllegalArgumentException.class, () -> new ArcSealer.Findings("h1.test", two));
        List<String> none = List.of();
        assertThrows(IllegalArgumentException.class, () -> new ArcSealer.Findings("h1.test\r\nX: y", none));
    }

    @Test
    void aFailureOfDnsIsTold() throws IOException {
        try (Hops others = new Hops()) {
            others.dns.fault("r._domainkey.h1.test", DnsServer.Fault.SERVFAIL);
            assertTrue(others.told(one).endsWith("(for now)"), others.told(one));
        }
        try (Hops others = new Hops()) {
            others.dns.remove("r._domainkey.h2.test");
            assertEquals("fail: no key for signature", others.told(three));
        }
    }

    @Test
    void aSetIsBelievedIfItAndAllBehindItAreTrusted() {
        Chain.Pass pass = assertInstanceOf(Chain.Pass.class, hops.chain(three));
        assertEquals(Optional.empty(), pass.believed(Set.of()));
        assertEquals(Optional.empty(), pass.believed(Set.of("h1.test", "h2.test")));
        assertEquals(
                3, pass.believed(Set.of("h1.test", "h3.test")).orElseThrow().instance());
        assertEquals(
                1,
                pass.believed(Set.of("h1.test", "h2.test", "h3.test"))
                        .orElseThrow()
                        .instance());
    }

    @Test
    void linesOfASetAreShort() {
        one.lines().forEach(line -> assertTrue(line.length() < 78, line));
    }

    /// RFC 8617 §4.1.2.
    @Test
    void theSignatureCoversTheMessageAndNeitherSealsNorResults() throws IOException, MalformedField {
        String signed = "Authentication-Results: h1.test; none\nDKIM-Signature: v=1; d=x.test\n" + one;
        String fields = assertInstanceOf(ArcSealer.Sealed.Done.class, hops.sealing(signed, Hops.key(2)))
                .fields();
        int message = fields.indexOf("ARC-Message-Signature:");
        SignatureTags tags = SignatureTags.of(fields.substring(message, fields.indexOf("ARC-Authentication-Results:")));
        List<String> names =
                tags.names().stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        assertTrue(names.containsAll(List.of("from", "subject", "dkim-signature")), names.toString());
        assertFalse(
                names.stream().anyMatch(name -> name.startsWith("arc-") || name.equals("authentication-results")),
                names.toString());
        assertEquals(Optional.empty(), tags.list().value("v"));
        String seal = fields.substring(0, message);
        assertFalse(seal.contains(" h=") || seal.contains(" bh="), seal);
    }
}
