package qrate.directory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import qrate.core.JsonWriter;
import qrate.directory.Passkeys.Answer;
import qrate.directory.Passkeys.Challenge;
import qrate.directory.Passkeys.Made;
import qrate.directory.Passkeys.Site;

/// Keys of authenticators; the authenticator is a test's own.
class PasskeysTest extends OpenDirectory {
    private static final String ANN = "ann@example.test";
    private static final Site SITE = Site.of("mail.example.test");
    private static final Password PASSWORD = new Password.Clear("correct-horse-battery");
    private static final int FLAGS = 0x05; // somebody is there, and it is who it should be

    private final RecoveryCodes codes = RecoveryCodes.make(new SecureRandom());
    private KeyPair pair;
    private String id = "";

    @BeforeEach
    void people() throws IOException, GeneralSecurityException {
        domains.apply(new Edit.AddDomain("example.test", PASSWORD));
        domains.apply(new Edit.AddAliasDomain("example.test", "as.test"));
        domains.apply(new Edit.AddMailbox(ANN, PASSWORD));
        pair = pair("ES256");
        id = encode(new byte[] {1, 2, 3});
    }

    private static KeyPair pair(String kind) throws GeneralSecurityException {
        KeyPairGenerator generator = switch (kind) {
            case "ES256", "P-384" -> {
                KeyPairGenerator ec = KeyPairGenerator.getInstance("EC");
                ec.initialize(new ECGenParameterSpec(kind.equals("ES256") ? "secp256r1" : "secp384r1"));
                yield ec;
            }
            case "RS256", "RSA-1024" -> {
                KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
                rsa.initialize(kind.equals("RS256") ? 2048 : 1024);
                yield rsa;
            }
            default -> KeyPairGenerator.getInstance(kind);
        };
        return generator.generateKeyPair();
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] sha256(byte[] bytes) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    private static Challenge challenge() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return new Challenge(encode(random), Instant.now());
    }

    private static byte[] said(String type, Challenge challenge, String origin, boolean cross) {
        return ("{\"type\":" + JsonWriter.write(type) + ",\"challenge\":" + JsonWriter.write(challenge.text())
                        + ",\"origin\":" + JsonWriter.write(origin) + ",\"crossOrigin\":" + cross
                        + ",\"more\":{\"of\":[\"later\"]}}")
                .getBytes(UTF_8);
    }

    private byte[] authenticator(String site, int flags, int counter) throws GeneralSecurityException {
        byte[] named = Base64.getUrlDecoder().decode(id);
        boolean attested = (flags & 0x40) != 0;
        ByteBuffer bytes = ByteBuffer.allocate(37 + (attested ? 18 + named.length + 5 : 0))
                .put(sha256(site.getBytes(UTF_8)))
                .put((byte) flags)
                .putInt(counter);
        if (attested) {
            bytes.put(new byte[16]).putShort((short) named.length).put(named).put(new byte[5]);
        }
        return bytes.array();
    }

    private Optional<Passkey> made(Challenge challenge, String label) throws GeneralSecurityException {
        Made made = new Made(
                encode(said("webauthn.create", challenge, SITE.origin(), false)),
                encode(authenticator(SITE.name(), FLAGS | 0x40, 0)),
                encode(pair.getPublic().getEncoded()));
        return domains.passkeys().made(made, SITE, challenge, "handle", label);
    }

    private void add(String holder) throws IOException, GeneralSecurityException {
        Passkey passkey = made(challenge(), "telephone").orElseThrow();
        assertEquals(new Change.Done(), domains.apply(new Edit.AddPasskey(holder, passkey, codes)));
    }

    /// What a browser hands over, with each part as it should be.
    private final class Signing {
        Challenge challenge = challenge();
        String type = "webauthn.get";
        String origin = SITE.origin();
        String site = SITE.name();
        boolean cross;
        int flags = FLAGS;
        int counter;
        KeyPair by = pair;

        Answer answer() throws GeneralSecurityException {
            byte[] browser = said(type, challenge, origin, cross);
            byte[] device = authenticator(site, flags, counter);
            Signature signature = Signature.getInstance(
                    switch (by.getPrivate().getAlgorithm()) {
                        case "EC" -> "SHA256withECDSA";
                        case "RSA" -> "SHA256withRSA";
                        default -> "Ed25519";
                    });
            signature.initSign(by.getPrivate());
            signature.update(device);
            signature.update(sha256(browser));
            return new Answer(id, encode(browser), encode(device), encode(signature.sign()));
        }

        Optional<String> holder() throws IOException, GeneralSecurityException {
            return domains.passkeys().holder(answer(), SITE, challenge, true);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ES256", "RS256", "Ed25519"})
    void signsInWhoeverHasTheKey(String kind) throws IOException, GeneralSecurityException {
        pair = pair(kind);
        assertEquals(Optional.empty(), new Signing().holder(), "which nobody knows yet");
        add("Ann@as.test");
        assertEquals(Optional.of(ANN), new Signing().holder());
        assertTrue(domains.passkeys().of(ANN).getFirst().used().isAfter(Instant.EPOCH));
        assertEquals(List.of(id), domains.passkeys().ids(ANN, SITE));
        assertEquals(List.of(), domains.passkeys().ids(ANN, Site.of("other.example.test")));
        assertEquals("handle", domains.passkeys().handle(ANN, new SecureRandom()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"P-384", "RSA-1024", "Ed448", "X25519", "DSA"})
    void noOtherKeyIsTaken(String kind) throws GeneralSecurityException {
        pair = pair(kind);
        assertEquals(Optional.empty(), made(challenge(), "x"));
    }

    @Test
    void eachPartMustBeAsItShouldBe() throws IOException, GeneralSecurityException {
        add(ANN);
        Signing other = new Signing();
        other.type = "webauthn.create";
        assertEquals(Optional.empty(), other.holder());
        other = new Signing();
        other.origin = "https://mail.example.test.evil.test";
        assertEquals(Optional.empty(), other.holder());
        other = new Signing();
        other.origin = "http://mail.example.test";
        assertEquals(Optional.empty(), other.holder());
        other = new Signing();
        other.site = "evil.test";
        assertEquals(Optional.empty(), other.holder());
        other = new Signing();
        other.cross = true;
        assertEquals(Optional.empty(), other.holder());
        other = new Signing();
        other.by = pair("ES256");
        assertEquals(Optional.empty(), other.holder());
        other = new Signing();
        other.flags = 0x04;
        assertEquals(Optional.empty(), other.holder(), "nobody touched it");
        other = new Signing();
        other.flags = 0x01;
        assertEquals(Optional.empty(), other.holder(), "it did not make sure of who");
        assertEquals(
                Optional.of(ANN),
                domains.passkeys().holder(other.answer(), SITE, other.challenge, false),
                "which is enough beside the password");
        Signing right = new Signing();
        Answer answer = right.answer();
        assertEquals(Optional.empty(), domains.passkeys().holder(answer, SITE, challenge(), true), "another question");
        Site elsewhere = Site.of("evil.test");
        assertEquals(Optional.empty(), domains.passkeys().holder(answer, elsewhere, right.challenge, true));
        assertEquals(Optional.of(ANN), domains.passkeys().holder(answer, SITE, right.challenge, true));
        assertEquals(Optional.empty(), domains.passkeys().holder(answer, SITE, right.challenge, true), "once");
    }

    @Test
    void aQuestionIsOverAfterFiveMinutesAndNoneIsOfTomorrow() throws IOException, GeneralSecurityException {
        add(ANN);
        for (Duration off : List.of(Passkeys.ANSWER_WAIT_MAX.plusSeconds(2).negated(), Duration.ofHours(1))) {
            Signing late = new Signing();
            late.challenge = new Challenge(late.challenge.text(), Instant.now().plus(off));
            assertEquals(Optional.empty(), late.holder());
        }
    }

    @Test
    void oneThatCountsMustGoOnCounting() throws IOException, GeneralSecurityException {
        add(ANN);
        for (int counter : new int[] {5, 6, 0xffff_fff0}) {
            Signing next = new Signing();
            next.counter = counter;
            next.challenge = later(next.challenge, counter & 7);
            assertEquals(Optional.of(ANN), next.holder(), "counter " + counter);
        }
        for (int counter : new int[] {7, 0, 0xffff_fff0}) {
            Signing copied = new Signing();
            copied.counter = counter;
            assertEquals(Optional.empty(), copied.holder(), "counter " + counter);
        }
    }

    /// Not of the same millisecond as the one before.
    private static Challenge later(Challenge challenge, int by) throws IOException {
        Instant end = challenge.issued().plusMillis(by + 1L);
        while (Instant.now().isBefore(end)) {
            Thread.onSpinWait();
        }
        return new Challenge(challenge.text(), end);
    }

    @Test
    void theFirstOneAsksFromThenOnAndTheLastOneEndsIt() throws IOException, GeneralSecurityException {
        domains.as(ANN).signIns().begin("s1", "", Duration.ofHours(1));
        add(ANN);
        assertEquals(List.of(), domains.signIns().of(ANN));
        SecondFactors.Present present = domains.secondFactors().of(ANN).orElseThrow();
        assertFalse(present.program());
        assertEquals(RecoveryCodes.COUNT, present.codes());
        assertEquals(domains.passkeys().of(ANN), present.passkeys());
        assertEquals(present, domains.staff().secondFactor("ann@as.test").orElseThrow());
        assertEquals(
                SecondFactors.Tried.RIGHT,
                domains.secondFactors().attempt(ANN, codes.texts().getFirst()));
        assertEquals(SecondFactors.Tried.WRONG, domains.secondFactors().attempt(ANN, "000000"), "there is no program");
        assertInstanceOf(
                Change.Refused.class,
                domains.apply(new Edit.AddPasskey(
                        "postmaster@example.test", made(challenge(), "x").orElseThrow(), codes)),
                "it is somebody's already");
        id = encode(new byte[] {4});
        add(ANN);
        assertEquals(
                RecoveryCodes.COUNT - 1,
                domains.secondFactors().of(ANN).orElseThrow().codes(),
                "the codes are as before");
        domains.as(ANN).signIns().begin("s2", "", Duration.ofHours(1));
        for (Passkeys.Listed one : domains.passkeys().of(ANN)) {
            assertEquals(1, domains.signIns().of(ANN).size());
            assertEquals(new Change.Done(), domains.apply(new Edit.RemovePasskey(ANN, one.id())));
            assertInstanceOf(Change.Refused.class, domains.apply(new Edit.RemovePasskey(ANN, one.id())));
        }
        assertEquals(List.of(), domains.signIns().of(ANN));
        assertEquals(Optional.empty(), domains.secondFactors().of(ANN));
    }

    @Test
    void aProgramAndPasskeysStandBesideEachOther() throws IOException, GeneralSecurityException {
        add(ANN);
        Totp totp = Totp.make(new SecureRandom());
        domains.apply(new Edit.SetSecondFactor(ANN, totp, 0, codes));
        assertEquals(1, domains.passkeys().of(ANN).size());
        String passkey = domains.passkeys().of(ANN).getFirst().id();
        domains.apply(new Edit.RemovePasskey(ANN, passkey));
        assertTrue(domains.secondFactors().of(ANN).orElseThrow().program());
        add(ANN);
        domains.apply(new Edit.RemoveSecondFactor(ANN));
        assertEquals(List.of(), domains.passkeys().of(ANN), "all of it goes for who is locked out");
        add(ANN);
        domains.apply(new Edit.DeleteMailbox(ANN));
        assertEquals(List.of(), domains.passkeys().of(ANN));
    }

    @Test
    void newRecoveryCodesReplaceTheOldOnes() throws IOException, GeneralSecurityException {
        RecoveryCodes fresh = RecoveryCodes.make(new SecureRandom());
        assertInstanceOf(Change.Refused.class, domains.apply(new Edit.SetRecoveryCodes(ANN, fresh)));
        add(ANN);
        assertEquals(new Change.Done(), domains.apply(new Edit.SetRecoveryCodes("Ann@as.test", fresh)));
        assertEquals(
                SecondFactors.Tried.WRONG,
                domains.secondFactors().attempt(ANN, codes.texts().getFirst()));
        assertEquals(
                SecondFactors.Tried.RIGHT,
                domains.secondFactors().attempt(ANN, fresh.texts().getFirst()));
    }

    @Test
    void thereAreNoMoreThanTwentyAndEachHasALabel() throws IOException, GeneralSecurityException {
        for (String label : List.of("", " ", "a\nb", "x".repeat(101))) {
            assertInstanceOf(
                    Change.Refused.class,
                    domains.apply(
                            new Edit.AddPasskey(ANN, made(challenge(), label).orElseThrow(), codes)));
        }
        for (int i = 0; i < Passkeys.MAX; i++) {
            id = encode(new byte[] {7, (byte) i});
            add(ANN);
        }
        id = encode(new byte[] {8});
        assertInstanceOf(
                Change.Refused.class,
                domains.apply(new Edit.AddPasskey(ANN, made(challenge(), "x").orElseThrow(), codes)));
    }

    @ParameterizedTest
    @CsvSource({
        "Mail.Example.test, mail.example.test, https://mail.example.test",
        "mail.example.test:443, mail.example.test, https://mail.example.test",
        "mail.example.test:8443, mail.example.test, https://mail.example.test:8443",
        "localhost:8080, localhost, http://localhost:8080",
    })
    void theSiteIsTheOneThatTheBrowserHas(String host, String name, String origin) {
        assertEquals(new Site(name, origin), Site.of(host));
    }

    /// Whatever a browser may hand over: it is somebody's signature, or nobody's, and nothing is thrown.
    @Test
    void nothingThatIsHandedOverDoesHarm() throws IOException, GeneralSecurityException {
        add(ANN);
        Random random = new Random(17);
        Signing right = new Signing();
        List<String> whole = List.of(
                right.answer().said(),
                right.answer().authenticator(),
                right.answer().signature());
        for (int i = 0; i < 3000; i++) {
            Answer answer = new Answer(
                    random.nextInt(8) == 0 ? bent(random, id) : id,
                    bent(random, whole.get(0)),
                    bent(random, whole.get(1)),
                    bent(random, whole.get(2)));
            assertEquals(Optional.empty(), domains.passkeys().holder(answer, SITE, right.challenge, false));
            Made made = new Made(
                    bent(random, whole.get(0)),
                    bent(random, encode(authenticator(SITE.name(), FLAGS | 0x40, 0))),
                    bent(random, encode(pair.getPublic().getEncoded())));
            assertEquals(Optional.empty(), domains.passkeys().made(made, SITE, right.challenge, "h", "l"));
            byte[] bytes = new byte[random.nextInt(120)];
            random.nextBytes(bytes);
            AuthenticatorData.parse(bytes)
                    .ifPresent(data -> assertTrue(data.credential().length() <= 1364, data.toString()));
            assertEquals(Optional.empty(), PasskeyKey.parse(bytes));
        }
        String large = "A".repeat(10_000);
        assertEquals(
                Optional.empty(),
                domains.passkeys().holder(new Answer(id, large, large, large), SITE, right.challenge, false));
        assertEquals(Optional.of(ANN), domains.passkeys().holder(right.answer(), SITE, right.challenge, false));
    }

    /// A text with at least one other byte, cut, or longer.
    private static String bent(Random random, String text) {
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        int at = random.nextInt(bytes.length);
        return switch (random.nextInt(5)) {
            case 0 -> text.substring(0, random.nextInt(text.length()));
            case 1 -> "!" + text;
            default -> {
                bytes[at] ^= (byte) (1 << random.nextInt(8));
                yield encode(bytes);
            }
        };
    }
}
