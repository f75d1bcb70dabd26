package qrate.directory;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import java.util.Optional;

/// The key by which an authenticator's signatures are checked: of one of the three algorithms that a site is to take
/// (Web Authentication Level 2 §5.8.5), ES256, Ed25519 and RS256.
record PasskeyKey(PublicKey key, String algorithm) {
    /// What is asked for, the first is liked best, as COSE numbers them (RFC 9053).
    static final String ALGORITHMS = "-7 -8 -257";

    /// Longest that is taken: of 4096 bits in RSA.
    static final int BYTES_MAX = 600;

    /// Longest signature.
    static final int SIGNATURE_BYTES_MAX = 512;

    private static final int RSA_BITS_MIN = 2048;
    private static final int RSA_BITS_MAX = 4096;
    private static final int RSA_EXPONENT_BITS_MAX = 32;
    private static final List<String> KINDS = List.of("EC", "Ed25519", "RSA");

    /// Reads a key; empty where it is none, or none that is strong enough.
    static Optional<PasskeyKey> parse(byte[] bytes) {
        if (bytes.length > BYTES_MAX) {
            return Optional.empty();
        }
        for (String kind : KINDS) {
            try {
                return of(KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(bytes)));
            } catch (GeneralSecurityException _) {
                // of another kind, perhaps
            }
        }
        return Optional.empty();
    }

    private static Optional<PasskeyKey> of(PublicKey key) throws GeneralSecurityException {
        return switch (key) {
            case ECPublicKey ec when isP256(ec.getParams()) -> Optional.of(new PasskeyKey(key, "SHA256withECDSA"));
            case RSAPublicKey rsa when isStrong(rsa) -> Optional.of(new PasskeyKey(key, "SHA256withRSA"));
            case ECPublicKey _, RSAPublicKey _ -> Optional.empty();
            default -> Optional.of(new PasskeyKey(key, "Ed25519"));
        };
    }

    private static boolean isP256(ECParameterSpec curve) throws GeneralSecurityException {
        AlgorithmParameters named = AlgorithmParameters.getInstance("EC");
        named.init(new ECGenParameterSpec("secp256r1"));
        ECParameterSpec wanted = named.getParameterSpec(ECParameterSpec.class);
        return wanted.getCurve().equals(curve.getCurve())
                && wanted.getGenerator().equals(curve.getGenerator())
                && wanted.getOrder().equals(curve.getOrder());
    }

    private static boolean isStrong(RSAPublicKey key) {
        int bits = key.getModulus().bitLength();
        BigInteger exponent = key.getPublicExponent();
        return bits >= RSA_BITS_MIN
                && bits <= RSA_BITS_MAX
                && exponent.testBit(0)
                && exponent.compareTo(BigInteger.TWO) > 0
                && exponent.bitLength() <= RSA_EXPONENT_BITS_MAX;
    }

    /// Whether a signature over bytes is this key's.
    boolean signed(byte[] bytes, byte[] signature) {
        if (signature.length > SIGNATURE_BYTES_MAX) {
            return false;
        }
        try {
            Signature check = Signature.getInstance(algorithm);
            check.initVerify(key);
            check.update(bytes);
            return check.verify(signature);
        } catch (GeneralSecurityException _) {
            return false; // no signature at all
        }
    }
}
