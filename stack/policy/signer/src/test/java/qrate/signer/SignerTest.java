package qrate.signer;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Control;
import qrate.core.ExchangeDoor;
import qrate.core.Log;
import qrate.dkim.Algorithm;
import qrate.dkim.DkimKeys;
import qrate.dkim.SigningKey;
import qrate.signer.HeldKey.State;
import qrate.testkit.Seeds;

class SignerTest {
    private static final String DOMAIN = "example.test";

    /// Longer than a machine that runs tests stands still.
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @TempDir
    Path folder;

    private Instant now = Instant.parse("2026-11-30T12:00:00Z");
    private Duration life = Duration.ZERO;

    private KeyFolder keys() {
        InstantSource clock = () -> now;
        KeyFolder.Rules rules = new KeyFolder.Rules(domain -> domain.equals(DOMAIN), () -> life);
        return new KeyFolder(folder.resolve("keys"), rules, clock, new SecureRandom(), Log.silent());
    }

    private static List<State> states(List<HeldKey> keys) {
        return keys.stream().map(HeldKey::state).toList();
    }

    private static void seen(KeyHolder holder, List<HeldKey> keys) throws IOException {
        for (HeldKey key : keys) {
            holder.seen(key.key(), true);
        }
    }

    @Test
    void aDomainGetsAPairThatDoesNotSignBeforeSomebodySawItsRecords() throws IOException {
        List<HeldKey> first = keys().keys(DOMAIN);
        assertEquals(List.of(State.WAITS, State.WAITS), states(first));
        assertEquals(Algorithm.RSA_SHA256, first.getFirst().key().algorithm());
        assertEquals("r20261130._domainkey.example.test", first.getFirst().place());
        assertTrue(first.getFirst().record().startsWith("v=DKIM1; k=rsa; p="), first.toString());
        assertTrue(first.getLast().record().startsWith("v=DKIM1; k=ed25519; p="), first.toString());
        seen(keys(), first.subList(0, 1));
        List<HeldKey> then = keys().keys(DOMAIN);
        assertEquals(List.of(State.SIGNS, State.WAITS), states(then));
        assertEquals(first.getFirst().key(), then.getFirst().key());
    }

    @Test
    void aRecordIsKnownAgainInWhateverFormItIsPublished() throws IOException {
        HeldKey key = keys().keys(DOMAIN).getFirst();
        String p = key.record().substring(key.record().indexOf("p="));
        assertTrue(key.isPublishedBy(key.record()));
        assertTrue(key.isPublishedBy("k=rsa; t=y ; " + p.substring(0, 50) + " \t" + p.substring(50) + " ;"));
        assertFalse(key.isPublishedBy("v=DKIM1; k=rsa; p="));
        assertFalse(key.isPublishedBy("v=DKIM1; k=rsa; " + p.substring(0, 60)));
        assertFalse(key.isPublishedBy(""));
        assertFalse(key.isPublishedBy("=;".repeat(10_000)));
    }

    @Test
    void aDomainOfOthersHasNone() throws IOException {
        assertEquals(List.of(), keys().keys("elsewhere.test"));
        assertEquals(List.of(), keys().rotate("elsewhere.test"));
        assertFalse(Files.exists(folder.resolve("keys/elsewhere.test")));
    }

    @Test
    void theNextPairSignsOnceItIsSeenAndTheOneBeforeRestsAWeek() throws IOException {
        KeyFolder keys = keys();
        List<HeldKey> first = keys.keys(DOMAIN);
        seen(keys, first);
        now = now.plus(Duration.ofDays(1));
        List<HeldKey> both = keys.rotate(DOMAIN);
        assertEquals(List.of(State.SIGNS, State.SIGNS, State.WAITS, State.WAITS), states(both));
        assertEquals(both, keys.rotate(DOMAIN), "one that waits is enough");
        seen(keys, both);
        List<HeldKey> after = keys.keys(DOMAIN);
        assertEquals(List.of(State.SIGNS, State.SIGNS, State.RESTS, State.RESTS), states(after));
        assertEquals("r20261201", after.getFirst().key().selector());
        now = now.plus(KeyFolder.REST).plusSeconds(60);
        List<HeldKey> end = keys.keys(DOMAIN);
        assertEquals(after.subList(0, 2), end);
        SigningKey gone = first.getFirst().key();
        assertThrows(IOException.class, () -> keys.sign(gone, new byte[32]));
    }

    @Test
    void aKeyWhoseRecordIsGoneFromDnsSignsNoLonger() throws IOException {
        KeyFolder keys = keys();
        seen(keys, keys.keys(DOMAIN));
        keys.seen(keys.keys(DOMAIN).getFirst().key(), false);
        assertEquals(List.of(State.SIGNS, State.WAITS), states(keys.keys(DOMAIN)));
    }

    @Test
    void aPairIsMadeByItselfWhenItsLifeIsOver() throws IOException {
        life = Duration.ofDays(180);
        KeyFolder keys = keys();
        seen(keys, keys.keys(DOMAIN));
        now = now.plus(life).minusSeconds(60);
        assertEquals(2, keys.keys(DOMAIN).size());
        now = now.plusSeconds(120);
        assertEquals(List.of(State.SIGNS, State.SIGNS, State.WAITS, State.WAITS), states(keys.keys(DOMAIN)));
        assertEquals(4, keys.keys(DOMAIN).size(), "and one is enough");
    }

    @Test
    void twoPairsOfOneDayHaveNamesOfTheirOwn() throws IOException {
        KeyFolder keys = keys();
        seen(keys, keys.keys(DOMAIN));
        assertEquals("r20261130-2", keys.rotate(DOMAIN).get(2).key().selector());
    }

    @Test
    void aDomainHasOnlySoManyKeys() throws IOException {
        KeyFolder keys = keys();
        for (int made = 0; made < KeyFolder.KEYS_MAX; made += 2) {
            seen(keys, keys.rotate(DOMAIN));
        }
        assertThrows(IOException.class, () -> keys.rotate(DOMAIN));
    }

    @Test
    void keysAreReadableByNobodyElse() throws IOException {
        keys().keys(DOMAIN);
        Path file = folder.resolve("keys/example.test/r20261130.pem");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())));
    }

    @Test
    void aKeyOfAnotherProgramSignsUnderItsFilesName() throws Exception {
        KeyFolder keys = keys();
        keys.keys(DOMAIN);
        Path own = folder.resolve("keys/example.test/r20261130.pem");
        Files.move(own, own.resolveSibling("mail.pem"));
        assertTrue(keys().keys(DOMAIN).stream()
                .anyMatch(key -> key.key().selector().equals("mail")));
    }

    @Test
    void aKeyInAnothersPlaceSignsOnceItsDomainIsReadAgain() throws Exception {
        KeyFolder keys = keys();
        List<HeldKey> first = keys.keys(DOMAIN);
        SigningKey ed = first.getLast().key();
        byte[] before = keys.sign(ed, new byte[32]);
        assertArrayEquals(before, keys.sign(ed, new byte[32]));
        PrivateKey other = DkimKeys.generate(Algorithm.ED25519_SHA256, new SecureRandom());
        Files.writeString(folder.resolve("keys/example.test/e20261130.pem"), DkimKeys.pem(other), US_ASCII);
        keys.seen(ed, true); // from here on it is read again
        assertEquals(DkimKeys.record(other), keys.keys(DOMAIN).getFirst().record());
        assertArrayEquals(ed.algorithm().sign(other, new byte[32]), keys.sign(ed, new byte[32]));
    }

    @Test
    void moreKeysThanAreHeldReadySignAsTheyAre() throws IOException {
        KeyFolder keys = new KeyFolder(
                folder.resolve("keys"),
                new KeyFolder.Rules(_ -> true, () -> life),
                () -> now,
                new SecureRandom(),
                Log.silent());
        Path first = folder.resolve("keys/d0.test");
        keys.keys("d0.test");
        for (int i = 1; i <= KeyFolder.READY_MAX; i++) {
            Path home = Files.createDirectories(folder.resolve("keys/d" + i + ".test"));
            for (String name : List.of("r20261130.pem", "e20261130.pem")) {
                Files.copy(first.resolve(name), home.resolve(name));
            }
        }
        for (int round = 0; round < 2; round++) {
            byte[] expected = keys.sign(new SigningKey("d0.test", "e20261130", Algorithm.ED25519_SHA256), new byte[32]);
            for (int i = 1; i <= KeyFolder.READY_MAX; i++) {
                SigningKey ed = new SigningKey("d" + i + ".test", "e20261130", Algorithm.ED25519_SHA256);
                assertArrayEquals(expected, keys.sign(ed, new byte[32]));
            }
        }
    }

    @Test
    void aDamagedKeyIsNamedAndNothingTakesItsPlace() throws IOException {
        keys().keys(DOMAIN);
        Path file = folder.resolve("keys/example.test/r20261130.pem");
        Files.writeString(file, "torn", US_ASCII);
        IOException e = assertThrows(IOException.class, () -> keys().keys(DOMAIN));
        assertTrue(e.getMessage().contains("r20261130.pem"), e.getMessage());
    }

    @Test
    void aHostOfADomainHereGetsKeysOnlyWhenSomebodyAsksForThem() throws IOException {
        Path files = Files.createDirectories(folder.resolve("control"));
        Files.writeString(files.resolve("me"), "mail.example.test\n");
        Files.writeString(files.resolve("locals"), "mail.example.test\nalone.test\nsub.example.test\n");
        Files.writeString(files.resolve("virtualdomains"), "example.test:example.test\nsub.example.test:x\n");
        InstantSource clock = () -> now;
        KeyFolder.Rules rules = new KeyFolder.Rules(new SignerDoor.Delivered(new Control(files, clock)), () -> life);
        KeyFolder keys = new KeyFolder(folder.resolve("keys"), rules, clock, new SecureRandom(), Log.silent());
        assertEquals(List.of(), keys.keys("mail.example.test"));
        assertEquals(List.of(), keys.keys("elsewhere.test"));
        for (String domain : List.of(DOMAIN, "alone.test", "sub.example.test")) {
            assertEquals(2, keys.keys(domain).size(), domain);
        }
        assertEquals(2, keys.rotate("mail.example.test").size());
        assertEquals(2, keys.keys("mail.example.test").size(), "what it has goes on");
    }

    @Test
    void theDoorAnswersAsTheFolderDoes() throws IOException {
        Path socket = folder.resolve(SignerDoor.SOCKET);
        KeyFolder keys = keys();
        SignerClient client = new SignerClient(socket, PATIENCE);
        assertFalse(client.answers());
        try (ExchangeDoor _ = SignerDoor.start(keys, socket, PATIENCE, Log.silent())) {
            assertTrue(client.answers());
            List<HeldKey> all = client.keys(DOMAIN);
            assertEquals(keys.keys(DOMAIN), all);
            seen(client, all);
            assertEquals(List.of(State.SIGNS, State.SIGNS), states(client.keys(DOMAIN)));
            byte[] hash = new byte[32];
            new Random(1).nextBytes(hash);
            for (HeldKey key : all) {
                assertArrayEquals(
                        keys.sign(key.key(), hash), client.sign(key.key(), hash), "both kinds are deterministic");
            }
            assertEquals(4, client.rotate(DOMAIN).size());
            assertEquals(List.of(), client.keys("elsewhere.test"));
            SigningKey none = new SigningKey(DOMAIN, "none", Algorithm.RSA_SHA256);
            IOException e = assertThrows(IOException.class, () -> client.sign(none, hash));
            assertTrue(e.getMessage().contains("no key none of example.test"), e.getMessage());
            assertThrows(IOException.class, () -> client.sign(all.getFirst().key(), new byte[31]));
        }
    }

    @Test
    void nonsenseAtTheDoorIsAnsweredOrDroppedAndTouchesNoFile() throws IOException {
        Path socket = folder.resolve(SignerDoor.SOCKET);
        List<String> pieces =
                List.of("sign", "keys", "seen", "../..", "/etc", "a/b", DOMAIN, "..", "yes", "RSA_SHA256", "\0", "");
        try (ExchangeDoor _ = SignerDoor.start(keys(), socket, Log.silent())) {
            Seeds.forAll(300, random -> {
                StringBuilder question = new StringBuilder();
                for (int n = random.nextInt(12); n >= 0; n--) {
                    question.append(pieces.get(random.nextInt(pieces.size())));
                    question.append(random.nextInt(3) > 0 ? "\0" : "");
                }
                byte[] answer = assertDoesNotThrow(() -> ExchangeDoor.ask(
                        socket,
                        question.toString().getBytes(US_ASCII),
                        SignerClient.ANSWER_BYTES_MAX,
                        SignerClient.ANSWER_WAIT_MAX));
                assertTrue(answer.length == 0 || answer[0] == '?' || answer[0] == '+', question.toString());
            });
            assertNotEquals(List.of(), new SignerClient(socket).keys(DOMAIN), "still there");
        }
        try (var all = Files.list(folder.resolve("keys"))) {
            assertEquals(
                    List.of(DOMAIN), all.map(p -> p.getFileName().toString()).toList());
        }
    }
}
