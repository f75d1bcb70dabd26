package qrate.dkim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import qrate.testkit.DnsServer;

class VerifierTest {
    private static final String TAGS = "v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.test; s=r1";

    private static Post post;

    @BeforeAll
    static void open() throws IOException {
        post = new Post();
    }

    @AfterAll
    static void close() throws IOException {
        post.close();
    }

    private static String told(String tags) {
        return post.told(Post.forged(tags, Post.MESSAGE));
    }

    @Test
    void aMessageWithoutASignatureHasNoResult() {
        assertEquals(List.of(), post.results(Post.MESSAGE));
        assertEquals(List.of(), post.results(""));
    }

    @Test
    void aGoodSignatureTellsWhoseItIsAndHowLongItsKeyIs() throws IOException {
        DkimResult.Pass pass = assertInstanceOf(DkimResult.Pass.class, post.result(Post.signed(Post.MESSAGE)));
        assertEquals(2_048, pass.bits());
        assertEquals(0, pass.uncovered());
        assertEquals("example.test", pass.claimed().d());
        assertEquals("@example.test", pass.claimed().i());
        assertEquals("r1", pass.claimed().s());
        assertEquals("rsa-sha256", pass.claimed().a());
        assertEquals(8, pass.claimed().b().length());
        assertEquals(List.of("r1._domainkey.example.test TXT: 1 found"), post.trace);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"simple", "relaxed", "simple/simple", "simple/relaxed", "relaxed/simple", "RELAXED/Relaxed"})
    void everyCanonicalizationIsKnown(String c) {
        assertEquals("pass", told(TAGS.replace("relaxed/relaxed", c)));
    }

    @Test
    void withoutCBothAreSimple() {
        assertEquals("pass", told(TAGS.replace("c=relaxed/relaxed; ", "")));
    }

    @Test
    void aChangedBodyFailsBeforeAnyKeyIsAskedFor() throws IOException {
        assertEquals(
                "fail: body hash did not verify",
                post.told(Post.signed(Post.MESSAGE).replace("Good", "Bad")));
        assertEquals(List.of(), post.trace);
    }

    @Test
    void aChangedHeaderFails() throws IOException {
        String signed = Post.signed(Post.MESSAGE);
        assertEquals("fail: signature did not verify", post.told(signed.replace("hello", "hallo")));
        assertEquals("fail: signature did not verify", post.told(signed.replace("t=17", "t=16")));
        assertEquals("pass", post.told(signed.replace("Subject: hello", "SUBJECT:\t hello ")));
    }

    @Test
    void aFieldThatIsAddedToThoseSignedOnceMoreFails() throws IOException {
        String signed = Post.signed(Post.MESSAGE);
        assertEquals("fail: signature did not verify", post.told("From: eve@other.test\n" + signed));
        assertEquals("fail: signature did not verify", post.told("Reply-To: eve@other.test\n" + signed));
        assertEquals("pass", post.told("X-Other: 1\n" + signed));
    }

    /// RFC 6376 §5.4.2.
    @Test
    void ofSeveralFieldsOfOneNameTheLastIsTakenFirst() {
        String message = "X: 1\nX: 2\n" + Post.MESSAGE;
        String forged = Post.forged(TAGS + "; h=from:X", message);
        assertEquals("pass", post.told(forged.replace("X: 1", "X: 9")));
        assertEquals("fail: signature did not verify", post.told(forged.replace("X: 2", "X: 9")));
    }

    /// RFC 6376 §5.4: `h=` with DKIM-Signature means others.
    @Test
    void aSignatureOfSignaturesDoesNotMeanItself() throws IOException {
        String inner = Post.signed(Post.MESSAGE);
        String outer = Post.forged(TAGS + "; h=from:dkim-signature:dkim-signature", inner);
        assertEquals(List.of("pass", "pass"), post.words(Post.bytes(outer)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"v", "a", "b", "bh", "d", "h", "s"})
    void everyRequiredTagMustBeThere(String tag) {
        String signed = Post.forged(TAGS, Post.MESSAGE);
        assertEquals(
                "neutral",
                post.result(signed.replaceFirst("([ ;])" + tag + "=", "$1zz" + tag + "="))
                        .word());
    }

    @Test
    void anotherVersionIsNotKnown() {
        assertEquals("neutral: its version is not known", told(TAGS.replace("v=1", "v=2")));
        assertEquals("neutral: its version is not known", told(TAGS.replace("v=1", "v=0.5")));
    }

    @Test
    void tagsThatAreNotKnownArePassedOver() {
        assertEquals("pass", told(TAGS + "; zz=1; r=y; z=From:x|To:y"));
    }

    @Test
    void aTagThatStandsTwiceSpoilsTheSignature() {
        assertEquals(
                "neutral: a tag that stands twice",
                post.told(Post.forged(TAGS, Post.MESSAGE).replace("; b=", "; s=r1; b=")));
    }

    @Test
    void aSignatureThatDoesNotCoverFromIsNone() {
        assertEquals("neutral: From is not signed", told(TAGS + "; h=to:subject"));
        assertEquals("pass", told(TAGS + "; h=to:FROM"));
    }

    /// RFC 6376 §6.1.1.
    @Test
    void theIdentityMustBeOfTheDomainOrBelowIt() {
        assertEquals("pass", told(TAGS + "; i=@example.test"));
        assertEquals("pass", told(TAGS + "; i=ann=40x@Mail.Example.TEST"));
        String wrong = "neutral: i= is not of the domain in d=";
        assertEquals(wrong, told(TAGS + "; i=@badexample.test"));
        assertEquals(wrong, told(TAGS + "; i=@example.test.other.test"));
        assertEquals(wrong, told(TAGS + "; i=@test.com"));
        assertEquals("neutral: i= has no @", told(TAGS + "; i=example.test"));
    }

    @Test
    void aTopLevelDomainSignsNothing() {
        assertEquals("neutral: d= is a top-level domain", told(TAGS.replace("d=example.test", "d=test")));
    }

    /// RFC 8616.
    @Test
    void domainsMayBeWrittenInUnicode() {
        post.publish("r1._domainkey.xn--bcher-kva.test", Post.record(Post.RSA));
        assertEquals("pass", told(TAGS.replace("example.test", "b\u00c3\u00bccher.test")));
    }

    @Test
    void onlyDnsIsAskedForKeys() {
        assertEquals("pass", told(TAGS + "; q=other/way:dns/txt"));
        assertEquals("neutral: q= has no way that is known", told(TAGS + "; q=other/way"));
    }

    @Test
    void historicAndUnknownAlgorithmsCountNoMore() {
        String signed = Post.forged(TAGS, Post.MESSAGE);
        assertEquals("policy: rsa-sha1 counts no more (RFC 8301)", post.told(signed.replace("rsa-sha256", "rsa-sha1")));
        assertEquals(
                "neutral: the algorithm in a= is not known", post.told(signed.replace("rsa-sha256", "rsa-sha512")));
    }

    @Test
    void timesAreLookedAtWithSomeDrift() {
        long now = Post.NOW.getEpochSecond();
        assertEquals("pass", told(TAGS + "; t=" + (now + 200)));
        assertEquals("permerror: it was made in the future", told(TAGS + "; t=" + (now + 400)));
        assertEquals("pass", told(TAGS + "; t=" + (now - 900) + "; x=" + (now - 200)));
        assertEquals("permerror: it has expired", told(TAGS + "; t=" + (now - 900) + "; x=" + (now - 400)));
        assertEquals("permerror: x= is not later than t=", told(TAGS + "; t=" + now + "; x=" + now));
        assertEquals("permerror: t= is no number", told(TAGS + "; t=yesterday"));
        assertEquals("permerror: t= is no number of 1 to 12 digits", told(TAGS + "; t=1234567890123"));
    }

    @Test
    void whatStandsBehindTheSignedLengthIsTold() {
        String body = "Good day.\r\n";
        String hash = Base64.getEncoder().encodeToString(Algorithm.sha256().digest(Post.bytes(body.substring(0, 4))));
        String message = "From: a@example.test\n\n" + body;
        DkimResult.Pass pass =
                assertInstanceOf(DkimResult.Pass.class, post.result(Post.forged(TAGS + "; l=4; bh=" + hash, message)));
        assertEquals(body.length() - 4, pass.uncovered());
        assertEquals(
                "fail: l= is more than the body has", post.told(Post.forged(TAGS + "; l=99; bh=" + hash, message)));
        assertEquals(
                "fail: l= is more than the body has",
                post.told(Post.forged(TAGS + "; l=" + "9".repeat(76) + "; bh=" + hash, message)));
        assertEquals(
                "neutral: l= is no number of 1 to 76 digits",
                post.told(Post.forged(TAGS + "; l=" + "9".repeat(77) + "; bh=" + hash, message)));
    }

    @Test
    void brokenBase64SpoilsTheSignature() {
        String signed = Post.forged(TAGS, Post.MESSAGE);
        assertEquals("neutral: b= is no Base64", post.told(signed.replace("; b=", "; b=!")));
        assertEquals("neutral: bh= is no Base64", post.told(signed.replace("; bh=", "; bh=A")));
        assertEquals("neutral: bh= is no SHA-256 hash", post.told(signed.replace("; bh=", "; bh=AAAA")));
        assertEquals("fail: signature did not verify", post.told(signed.replace("; b=", "; b=AAAA")));
    }

    @Test
    void blanksWithinASignatureDoNotMatter() throws IOException {
        String signed = Post.signed(Post.MESSAGE);
        int b = signed.indexOf(" b=") + 3;
        assertEquals("pass", post.told(signed.substring(0, b) + "\n\t " + signed.substring(b)));
    }

    /// RFC 6376 §3.5: the empty `b=` may be followed by others.
    @Test
    void theSignatureNeedNotStandLast() {
        String tags = "v=1; a=rsa-sha256; d=example.test; s=r1; h=from";
        String signed = Post.forged(tags, Post.MESSAGE);
        assertEquals("pass", post.told(signed));
        assertEquals("fail: signature did not verify", post.told(signed.replace("\r\nFrom", "; \r\nFrom")));
    }

    @Test
    void aNameWithoutAKeyIsForEver() {
        assertEquals("permerror: no key for signature", told(TAGS.replace("s=r1", "s=none")));
        post.dns.put("empty._domainkey.example.test", "A", "192.0.2.1");
        assertEquals("permerror: no key for signature", told(TAGS.replace("s=r1", "s=empty")));
        assertEquals(List.of("empty._domainkey.example.test TXT: no such record"), post.trace);
    }

    @Test
    void aFailureOfDnsIsForNow() {
        post.dns.fault("away._domainkey.example.test", DnsServer.Fault.SERVFAIL);
        assertEquals(
                "temperror",
                post.result(Post.forged(TAGS.replace("s=r1", "s=away"), Post.MESSAGE))
                        .word());
        assertTrue(
                post.trace.getFirst().startsWith("away._domainkey.example.test TXT: failed: "), post.trace.toString());
    }

    @Test
    void eachNameIsAskedForOnce() throws IOException {
        String twice = Post.fields(Post.MESSAGE, List.of(Post.RSA_KEY, Post.RSA_KEY)) + Post.MESSAGE;
        assertEquals(List.of("pass", "pass"), post.words(Post.bytes(twice)));
        assertEquals(1, post.trace.size());
    }

    @Test
    void signaturesThatBeginAlikeAreToldApart() {
        String signed = Post.forged(TAGS, Post.MESSAGE);
        String other = signed.substring(0, signed.indexOf("\r\n") + 2);
        int at = other.indexOf("; b=") + 4 + 20;
        String changed = other.substring(0, at) + (other.charAt(at) == 'A' ? 'B' : 'A') + other.substring(at + 1);
        List<DkimResult> results = post.results(changed + signed);
        assertEquals(
                List.of("fail", "pass"), results.stream().map(DkimResult::word).toList());
        assertEquals(21, results.getFirst().claimed().b().length());
    }

    @Test
    void whenTheTimeIsOverNothingIsChecked() throws IOException {
        try (Post late = new Post()) {
            late.limits = new Limits(10, 6, 70, Duration.ZERO, Duration.ofMinutes(5));
            DkimResult result = late.result(Post.signed(Post.MESSAGE));
            assertEquals(
                    "temperror: the key cannot be looked up: it took too long for one message",
                    result.word() + ": " + result.reason());
        }
    }

    @Test
    void noMoreKeysAreTriedThanTheLimit() throws IOException {
        try (Post few = new Post()) {
            few.limits = new Limits(10, 6, 1, Duration.ofSeconds(20), Duration.ofMinutes(5));
            String twice = Post.fields(Post.MESSAGE, Post.BOTH) + Post.MESSAGE;
            assertEquals(List.of("pass", "policy"), few.words(Post.bytes(twice)));
        }
    }

    @Test
    void noMoreBodiesAreHashedThanTheLimit() throws IOException {
        try (Post few = new Post()) {
            few.limits = new Limits(10, 1, 9, Duration.ofSeconds(20), Duration.ofMinutes(5));
            String relaxed = Post.forged(TAGS, Post.MESSAGE);
            String both = Post.forged(TAGS.replace("relaxed/relaxed", "simple"), relaxed);
            assertEquals(List.of("pass", "policy"), few.words(Post.bytes(both)));
        }
    }
}
