package qrate.dkim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class DkimKeysTest {
    @Test
    void aKeyIsReadAsItWasWritten() throws GeneralSecurityException {
        for (PrivateKey key : List.of(Post.RSA, Post.ED25519)) {
            String pem = DkimKeys.pem(key);
            assertTrue(pem.startsWith("-----BEGIN PRIVATE KEY-----\n"), pem);
            PrivateKey again = DkimKeys.read("a comment\n" + pem.replace("\n", "\r\n"));
            assertArrayEquals(key.getEncoded(), again.getEncoded());
            assertEquals(DkimKeys.record(key), DkimKeys.record(again));
        }
        assertEquals(Algorithm.RSA_SHA256, DkimKeys.algorithm(Post.RSA));
        assertEquals(Algorithm.ED25519_SHA256, DkimKeys.algorithm(Post.ED25519));
    }

    @Test
    void pkcs1IsReadToo() throws GeneralSecurityException {
        byte[] pkcs8 = Post.RSA.getEncoded();
        byte[] pkcs1 = Arrays.copyOfRange(pkcs8, 26, pkcs8.length); // behind version, algorithm and two lengths
        String pem = "-----BEGIN RSA PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pkcs1) + "\n-----END RSA PRIVATE KEY-----\n";
        assertArrayEquals(pkcs8, DkimKeys.read(pem).getEncoded());
    }

    @Test
    void whatIsNoKeyIsRefused() throws GeneralSecurityException {
        PrivateKey other = KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate();
        for (String pem : List.of(
                "",
                "-----BEGIN PRIVATE KEY-----\n",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
                "-----END PRIVATE KEY----------BEGIN PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\nA\n-----END PRIVATE KEY-----\n",
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
                DkimKeys.pem(other))) {
            assertThrows(InvalidKeyException.class, () -> DkimKeys.read(pem), pem);
        }
        assertThrows(InvalidKeyException.class, () -> DkimKeys.record(other));
    }

    @Test
    void aKeyOfTheWrongKindSignsNothing() {
        assertThrows(InvalidKeyException.class, () -> Algorithm.RSA_SHA256.sign(Post.ED25519, new byte[32]));
        assertThrows(InvalidKeyException.class, () -> Algorithm.ED25519_SHA256.sign(Post.RSA, new byte[32]));
    }

    @Test
    void aRecordSaysWhatIsNeededAndNoMore() {
        assertTrue(Post.record(Post.RSA).matches("v=DKIM1; k=rsa; p=[A-Za-z0-9+/=]{392}"));
        assertTrue(Post.record(Post.ED25519).matches("v=DKIM1; k=ed25519; p=[A-Za-z0-9+/=]{44}"));
    }

    @Test
    void selectorsAreLabelsOfHosts() {
        List.of("a", "qrate-2026", "2026a", "x".repeat(63))
                .forEach(good -> assertTrue(DkimKeys.isSelector(good), good));
        List.of("", "-a", "a-", "a.b", "a_b", "A", "\u00e4", "a b", "x".repeat(64))
                .forEach(bad -> assertFalse(DkimKeys.isSelector(bad), bad));
    }
}
