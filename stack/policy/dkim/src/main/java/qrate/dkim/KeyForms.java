package qrate.dkim;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import qrate.core.DerValue;

/// Wraps keys into the forms that the JDK reads (RFC 5280 §4.1.2.7, RFC 5208).
final class KeyForms {
    private static final int SEQUENCE = 0x30;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

    /// rsaEncryption, with NULL (RFC 8017 §A.1)
    private static final byte[] RSA = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };

    /// id-Ed25519 (RFC 8410 §3)
    private static final byte[] ED25519 = {0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70};

    private KeyForms() {}

    /// SubjectPublicKeyInfo around the 32 bytes of a key.
    static byte[] ed25519(byte[] key) {
        return DerValue.of(SEQUENCE, ED25519, DerValue.of(BIT_STRING, new byte[1], key));
    }

    /// SubjectPublicKeyInfo around an RSAPublicKey.
    static byte[] rsaPublicKey(byte[] key) {
        return DerValue.of(SEQUENCE, RSA, DerValue.of(BIT_STRING, new byte[1], key));
    }

    /// PKCS #8 around an RSAPrivateKey, PKCS #1.
    static byte[] rsaPrivateKey(byte[] key) {
        return DerValue.of(SEQUENCE, VERSION_0, RSA, DerValue.of(OCTET_STRING, key));
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }
}
