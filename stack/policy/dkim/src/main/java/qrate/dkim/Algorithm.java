package qrate.dkim;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;

/// How a hash is signed. What is signed is always a SHA-256 hash of 32 bytes: by RSA with PKCS #1 v1.5 (RFC
/// 6376 §3.3.1), by Ed25519 as the message (RFC 8463 §3).
public enum Algorithm {
    /// RSA, keys of 1024 to 4096 bits (RFC 8301 §3.2)
    RSA_SHA256("rsa-sha256", "rsa"),
    /// Ed25519 (RFC 8463)
    ED25519_SHA256("ed25519-sha256", "ed25519");

    /// Bits of the shortest RSA key whose signatures count (RFC 8301 §3.2).
    public static final int RSA_BITS_MIN = 1_024;

    /// Bits of the longest RSA key that is tried; others need not be (RFC 8301 §3.2).
    public static final int RSA_BITS_MAX = 4_096;

    /// A longer exponent makes checking as slow as signing; everybody's is 65,537.
    private static final int EXPONENT_BITS_MAX = 33;

    private static final int ED25519_BITS = 256;

    /// DigestInfo of SHA-256 (RFC 8017 §9.2).
    private static final byte[] DIGEST_INFO = {
        0x30,
        0x31,
        0x30,
        0x0d,
        0x06,
        0x09,
        0x60,
        (byte) 0x86,
        0x48,
        0x01,
        0x65,
        0x03,
        0x04,
        0x02,
        0x01,
        0x05,
        0x00,
        0x04,
        0x20
    };

    private final String tag;
    private final String kind;

    Algorithm(String tag, String kind) {
        this.tag = tag;
        this.kind = kind;
    }

    /// As `a=` has it.
    public String tag() {
        return tag;
    }

    /// The kind of key, as `k=` of a key record has it.
    public String kind() {
        return kind;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// Signs a hash: what the signer does with a private key.
    ///
    /// @param hash 32 bytes
    /// @return as many bytes as the key has, or 64
    /// @throws InvalidKeyException when the key is of another kind
    public byte[] sign(PrivateKey key, byte[] hash) throws InvalidKeyException {
        try {
            Signature signature = signature();
            signature.initSign(key);
            signature.update(input(hash));
            return signature.sign();
        } catch (NoSuchAlgorithmException | SignatureException e) {
            throw new InvalidKeyException("cannot sign with it", e);
        }
    }

    /// Whether a signature of a hash is that of a key; one of the wrong length is not.
    boolean verifies(PublicKey key, byte[] hash, byte[] claimed) {
        try {
            Signature signature = signature();
            signature.initVerify(key);
            signature.update(input(hash));
            return signature.verify(claimed);
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    private Signature signature() throws NoSuchAlgorithmException {
        return Signature.getInstance(
                switch (this) {
                    case RSA_SHA256 -> "NONEwithRSA";
                    case ED25519_SHA256 -> "Ed25519";
                });
    }

    private byte[] input(byte[] hash) {
        return switch (this) {
            case RSA_SHA256 -> KeyForms.joined(DIGEST_INFO, hash);
            case ED25519_SHA256 -> hash;
        };
    }

    /// Reads a public key as it stands in `p=`: RSA as SubjectPublicKeyInfo, as everybody has it, or as
    /// RSAPublicKey, as
    /// the text of RFC 6376 §3.6.1 says (erratum 3017); Ed25519 as its 32 bytes.
    ///
    /// @throws MalformedField when it is none
    PublicKey key(byte[] data) throws MalformedField {
        try {
            return switch (this) {
                case RSA_SHA256 -> rsa(data);
                case ED25519_SHA256 -> {
                    if (data.length != ED25519_BITS / Byte.SIZE) {
                        throw new MalformedField("the key in p= is no Ed25519 key of 32 bytes");
                    }
                    yield KeyFactory.getInstance("Ed25519")
                            .generatePublic(new X509EncodedKeySpec(KeyForms.ed25519(data)));
                }
            };
        } catch (GeneralSecurityException | ArithmeticException _) {
            throw new MalformedField("the key in p= is no " + kind + " key");
        }
    }

    private static PublicKey rsa(byte[] data) throws GeneralSecurityException {
        KeyFactory factory = KeyFactory.getInstance("RSA");
        try {
            return factory.generatePublic(new X509EncodedKeySpec(data));
        } catch (InvalidKeySpecException _) {
            return factory.generatePublic(new X509EncodedKeySpec(KeyForms.rsaPublicKey(data)));
        }
    }

    /// How long a key of this kind is, in bits.
    static int bits(PublicKey key) {
        return key instanceof RSAPublicKey rsa ? rsa.getModulus().bitLength() : ED25519_BITS;
    }

    /// Why a key must not be used, or nothing.
    static String unfit(PublicKey key) {
        if (!(key instanceof RSAPublicKey rsa)) {
            return "";
        }
        int bits = bits(key);
        BigInteger exponent = rsa.getPublicExponent();
        if (bits < RSA_BITS_MIN) {
            return "the RSA key has " + bits + " bits, less than " + RSA_BITS_MIN + " (RFC 8301)";
        }
        if (bits > RSA_BITS_MAX) {
            return "the RSA key has " + bits + " bits, more than " + RSA_BITS_MAX;
        }
        return exponent.bitLength() > EXPONENT_BITS_MAX ? "the exponent of the RSA key is too long" : "";
    }
}
