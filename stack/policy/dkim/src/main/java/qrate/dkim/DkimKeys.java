package qrate.dkim;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;

/// Makes keys, reads and writes their files, and says what is published of them (RFC 6376 §3.3.3, §3.6.1,
/// RFC 8463 §4).
public final class DkimKeys {
    /// Bits of a new RSA key (RFC 8301 §3.2).
    public static final int RSA_BITS = 2_048;

    private static final int ED25519_BYTES = 32;
    private static final int SELECTOR_CHARS_MAX = 63;
    private static final String LABEL = "PRIVATE KEY";
    private static final String RSA_LABEL = "RSA PRIVATE KEY";

    private DkimKeys() {}

    /// A new key.
    public static PrivateKey generate(Algorithm algorithm, SecureRandom random) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind(algorithm));
        switch (algorithm) {
            case RSA_SHA256 -> generator.initialize(RSA_BITS, random);
            case ED25519_SHA256 -> generator.initialize(NamedParameterSpec.ED25519, random);
        }
        return generator.generateKeyPair().getPrivate();
    }

    private static String kind(Algorithm algorithm) {
        return switch (algorithm) {
            case RSA_SHA256 -> "RSA";
            case ED25519_SHA256 -> "Ed25519";
        };
    }

    /// What a key signs with.
    ///
    /// @throws InvalidKeyException when it is of neither kind
    public static Algorithm algorithm(PrivateKey key) throws InvalidKeyException {
        return switch (key) {
            case RSAPrivateCrtKey _ -> Algorithm.RSA_SHA256;
            case EdECPrivateKey _ -> Algorithm.ED25519_SHA256;
            default -> throw new InvalidKeyException("neither an RSA nor an Ed25519 key");
        };
    }

    /// A key as its file holds it: PKCS #8 in PEM (RFC 7468 §10).
    public static String pem(PrivateKey key) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
        return "-----BEGIN " + LABEL + "-----\n" + base64 + "\n-----END " + LABEL + "-----\n";
    }

    /// Reads the first key of a file: PKCS #8, or PKCS #1 for RSA (opendkim-genkey(8) writes either).
    ///
    /// @throws InvalidKeyException when there is none that can be used
    public static PrivateKey read(String pem) throws InvalidKeyException {
        byte[] rsa = block(pem, RSA_LABEL);
        byte[] pkcs8 = rsa.length == 0 ? block(pem, LABEL) : KeyForms.rsaPrivateKey(rsa);
        for (Algorithm algorithm : Algorithm.values()) {
            try {
                PrivateKey key = decoded(algorithm, pkcs8);
                algorithm(key); // an RSA key without its primes is none that can be published
                return key;
            } catch (GeneralSecurityException _) {
                // maybe of the other kind
            }
        }
        throw new InvalidKeyException("no RSA or Ed25519 key in it, PKCS #8 or PKCS #1, without a passphrase");
    }

    /// A key of its encoded form ({@link PrivateKey#getEncoded}).
    ///
    /// @param pkcs8 PKCS #8
    public static PrivateKey decoded(Algorithm algorithm, byte[] pkcs8) throws GeneralSecurityException {
        return KeyFactory.getInstance(kind(algorithm)).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    private static byte[] block(String pem, String label) throws InvalidKeyException {
        String begin = "-----BEGIN " + label + "-----";
        int found = pem.indexOf(begin);
        int from = found + begin.length();
        int to = pem.indexOf("-----END " + label + "-----", from);
        if (found < 0 || to < 0) {
            return new byte[0];
        }
        try {
            return Base64.getMimeDecoder().decode(pem.substring(from, to));
        } catch (IllegalArgumentException e) {
            throw new InvalidKeyException("its Base64 is damaged", e);
        }
    }

    /// What stands in DNS of a key, in TXT at `SELECTOR._domainkey.DOMAIN`; the zone's writer cuts it into
    /// strings of 255 bytes.
    ///
    /// @throws GeneralSecurityException when it is of neither kind
    public static String record(PrivateKey key) throws GeneralSecurityException {
        Algorithm algorithm = algorithm(key);
        byte[] encoded = publicKey(key).getEncoded();
        byte[] published = switch (algorithm) {
            case RSA_SHA256 -> encoded;
            case ED25519_SHA256 -> Arrays.copyOfRange(encoded, encoded.length - ED25519_BYTES, encoded.length);
        };
        String base64 = Base64.getEncoder().encodeToString(published);
        return "v=DKIM1; k=" + algorithm.kind() + "; p=" + base64;
    }

    /// A key's public half.
    static PublicKey publicKey(PrivateKey key) throws GeneralSecurityException {
        return switch (key) {
            case RSAPrivateCrtKey rsa -> {
                BigInteger modulus = rsa.getModulus();
                yield KeyFactory.getInstance("RSA")
                        .generatePublic(new RSAPublicKeySpec(modulus, rsa.getPublicExponent()));
            }
            case EdECPrivateKey ed -> {
                byte[] secret = ed.getBytes().orElseThrow(() -> new InvalidKeyException("its bytes are not told"));
                KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
                generator.initialize(NamedParameterSpec.ED25519, new Told(secret));
                yield generator.generateKeyPair().getPublic();
            }
            default -> throw new InvalidKeyException("neither an RSA nor an Ed25519 key");
        };
    }

    /// Chance that says what it was told: the JDK derives a public key of Ed25519 only for keys that it
    /// makes.
    private static final class Told extends SecureRandom {
        private static final long serialVersionUID = 1;

        private final byte[] bytes;

        Told(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        @Override
        public void nextBytes(byte[] out) {
            System.arraycopy(bytes, 0, out, 0, out.length);
        }
    }

    /// Whether a text can be the selector of a key of ours: one label of letters, digits and hyphens, lower
    /// case.
    public static boolean isSelector(String text) {
        return text.length() <= SELECTOR_CHARS_MAX
                && !text.isEmpty()
                && !text.startsWith("-")
                && !text.endsWith("-")
                && text.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
    }
}
