package qrate.dkim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the record at a selector may say (RFC 6376 §3.6.1, RFC 8301, RFC 8463 §4).
class KeyRecordTest {
    private static final String TAGS = "v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.test; i=@sub.example.test; s=";
    private static final String P = Post.record(Post.RSA).replace("v=DKIM1; k=rsa; ", "");

    private static Post post;
    private static int count;

    @BeforeAll
    static void open() throws IOException {
        post = new Post();
    }

    @AfterAll
    static void close() throws IOException {
        post.close();
    }

    private static DkimResult result(String... records) {
        String selector = "k" + ++count;
        for (String record : records) {
            post.publish(selector + "._domainkey.example.test", record);
        }
        return post.result(Post.forged(TAGS + selector, Post.MESSAGE));
    }

    private static String told(String... records) {
        DkimResult result = result(records);
        return result.reason().isEmpty() ? result.word() : result.word() + ": " + result.reason();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "v=DKIM1; ",
                "v=DKIM1;k=rsa;h=sha1:sha256;s=email;n=a note;",
                "k=RSA; s=*; g=*; zz=1; ",
                "v=DKIM1; t=; ",
                " v = DKIM1 ; h = SHA256 ; s = other : * ; "
            })
    void thatIsAKey(String tags) {
        assertEquals("pass", told(tags + P));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v=DKIM2; P | key syntax error: its version is not known",
                "P; v=DKIM1 | key syntax error: its version is not known",
                "v=DKIM1; k=rsa | key syntax error: the required tag p= is missing",
                "v=DKIM1; P; P | key syntax error: a tag that stands twice",
                "v=DKIM1; nonsense; P | key syntax error: a tag without a name and =",
                "v=DKIM1; p= | the key is revoked",
                "v=DKIM1; p=%%% | key syntax error: p= is no Base64",
                "v=DKIM1; p=AAAA | the key in p= is no rsa key",
                "v=DKIM1; k=ed25519; P | the key is of another kind than the signature",
                "v=DKIM1; k=other; P | the key is of another kind than the signature",
                "v=DKIM1; h=sha1; P | the key is not for SHA-256",
                "v=DKIM1; s=tlsrpt; P | the key is not for mail",
                "v=DKIM1; t=s; P | the key is not for domains below its own (t=s)",
                "v=DKIM1; t=y:S; P | the key is not for domains below its own (t=s)",
                "v=spf1 -all | key syntax error: its version is not known"
            })
    void thatIsNoKeyForIt(String record, String why) {
        assertEquals("permerror: " + why, told(record.replace("P", P).replace("S" + P, "SP")));
    }

    @Test
    void aKeyOnTrialSaysSo() {
        assertEquals(
                true,
                assertInstanceOf(DkimResult.Pass.class, result("t=y; " + P)).testing());
        assertEquals(false, assertInstanceOf(DkimResult.Pass.class, result(P)).testing());
    }

    @Test
    void ofSeveralRecordsOneThatConfirmsIsEnough() {
        assertEquals("pass", told("v=spf1 -all", "p=", P));
        assertEquals("permerror: the key is revoked", told("p=", "v=DKIM2; " + P));
    }

    @Test
    void aRecordTooLongIsNotRead() {
        assertEquals(
                "permerror: key syntax error: it is longer than 4096 bytes", told("n=" + "x".repeat(4_200) + "; " + P));
    }

    private static String rsa(int bits, BigInteger exponent) {
        try {
            BigInteger modulus = BigInteger.ONE.shiftLeft(bits - 1).add(BigInteger.valueOf(12_345));
            byte[] key = KeyFactory.getInstance("RSA")
                    .generatePublic(new RSAPublicKeySpec(modulus, exponent))
                    .getEncoded();
            return "p=" + Base64.getEncoder().encodeToString(key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// RFC 8301 §3.2.
    @Test
    void keysTooShortAndTooLongDoNotCount() {
        BigInteger usual = BigInteger.valueOf(65_537);
        assertEquals("policy: the RSA key has 512 bits, less than 1024 (RFC 8301)", told(rsa(512, usual)));
        assertEquals("policy: the RSA key has 1023 bits, less than 1024 (RFC 8301)", told(rsa(1_023, usual)));
        assertEquals("policy: the RSA key has 4097 bits, more than 4096", told(rsa(4_097, usual)));
        assertEquals("policy: the RSA key has 16384 bits, more than 4096", told(rsa(16_384, usual)));
        assertEquals("fail: signature did not verify", told(rsa(1_024, usual)));
        assertEquals("fail: signature did not verify", told(rsa(4_096, usual)));
        assertEquals(
                "policy: the exponent of the RSA key is too long",
                told(rsa(2_048, BigInteger.ONE.shiftLeft(2_000).add(BigInteger.ONE))));
    }

    /// As the text of RFC 6376 §3.6.1 has it, against everybody's habit (erratum 3017).
    @Test
    void anRsaKeyMayStandWithoutTheNameOfItsKind() {
        byte[] whole = Base64.getDecoder().decode(P.substring(2));
        String bare = Base64.getEncoder().encodeToString(Arrays.copyOfRange(whole, 24, whole.length));
        assertEquals("pass", told("k=rsa; p=" + bare));
    }

    @Test
    void anEd25519KeyHas32Bytes() throws IOException {
        String signed = Post.fields(Post.MESSAGE, List.of(Post.ED25519_KEY)) + Post.MESSAGE;
        assertEquals("pass", post.told(signed));
        post.publish(
                "e3._domainkey.example.test",
                "k=ed25519; p=" + Base64.getEncoder().encodeToString(new byte[31]));
        assertEquals(
                "permerror: the key in p= is no Ed25519 key of 32 bytes", post.told(signed.replace("s=e1", "s=e3")));
    }
}
