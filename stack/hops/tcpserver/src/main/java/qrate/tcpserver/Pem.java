package qrate.tcpserver;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import qrate.core.DerValue;

/// Certificates and private keys as they come in PEM files (RFC 7468): with text around them, other things
/// between them, and line ends of any kind.
///
/// Keys are PKCS #8 (RFC 5208), PKCS #1 (`RSA PRIVATE KEY`, RFC 8017) or SEC 1 (`EC PRIVATE KEY`, RFC 5915);
/// the last two leave out what kind of key they are, which the certificate says.
final class Pem {
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final int LONG_LENGTH = 0x80;
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

    /// One part of a file.
    ///
    /// @param label what it says it is: `CERTIFICATE`
    /// @param body between its two lines
    private record Block(String label, String body) {
        byte[] der() throws IOException {
            StringBuilder base64 = new StringBuilder();
            // RFC 1421 has fields in front of the content
            body.lines().filter(line -> line.indexOf(':') < 0).forEach(base64::append);
            try {
                return Base64.getMimeDecoder().decode(base64.toString());
            } catch (IllegalArgumentException e) {
                throw new IOException("its " + label + " is damaged: " + e.getMessage(), e);
            }
        }
    }

    private Pem() {}

    private static List<Block> blocks(byte[] file) {
        String text = new String(file, StandardCharsets.ISO_8859_1);
        List<Block> found = new ArrayList<>();
        int at = text.indexOf(BEGIN);
        while (at >= 0) {
            int dashes = text.indexOf(DASHES, at + BEGIN.length());
            if (dashes < 0) {
                break;
            }
            String label = text.substring(at + BEGIN.length(), dashes);
            int end = text.indexOf(END + label + DASHES, dashes);
            if (end >= 0) {
                found.add(new Block(label, text.substring(dashes + DASHES.length(), end)));
            }
            at = text.indexOf(BEGIN, end < 0 ? dashes : end);
        }
        return found;
    }

    /// Whether there is a private key of any form in a file.
    static boolean hasKey(byte[] file) {
        return blocks(file).stream().anyMatch(block -> block.label.endsWith("PRIVATE KEY"));
    }

    /// The certificates of a file in their order; also one that stands there as bare DER.
    ///
    /// @throws IOException when there is none, or a damaged one
    static List<X509Certificate> certificates(byte[] file) throws IOException, GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> all = new ArrayList<>();
        for (Block block : blocks(file)) {
            if (block.label.equals("CERTIFICATE") || block.label.equals("X509 CERTIFICATE")) {
                all.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der())));
            }
        }
        if (all.isEmpty() && file.length > 0 && file[0] == SEQUENCE) {
            for (Certificate one : factory.generateCertificates(new ByteArrayInputStream(file))) {
                all.add((X509Certificate) one);
            }
        }
        if (all.isEmpty()) {
            throw new IOException("no certificate in it");
        }
        return all;
    }

    /// The private keys in a file that may belong to a certificate. There may be several: of the certificates
    /// of two kinds, and of the certificate before while a new one is put in its place.
    ///
    /// @param kind public key of the same kind: its algorithm and, for EC, its curve
    /// @return at least one
    /// @throws IOException when there is none that can be used, with the reason and what helps
    static List<PrivateKey> keys(byte[] file, PublicKey kind) throws IOException, GeneralSecurityException {
        List<PrivateKey> found = new ArrayList<>();
        IOException first = null;
        for (Block block : blocks(file)) {
            if (!block.label.endsWith("PRIVATE KEY")) {
                continue; // parameters, certificates, what a chain brings along
            }
            try {
                found.add(key(block, kind));
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        if (found.isEmpty()) {
            throw first == null ? new IOException("no private key in it") : first;
        }
        return found;
    }

    private static PrivateKey key(Block block, PublicKey kind) throws IOException, GeneralSecurityException {
        if (block.body.contains("ENCRYPTED") || block.label.startsWith("ENCRYPTED")) {
            throw new IOException("it is encrypted: nobody is there to type its passphrase; store it without one"
                    + " (openssl pkey -in OLD -out NEW)");
        }
        return switch (block.label) {
            case "PRIVATE KEY" -> decoded(block.der(), kind);
            case "RSA PRIVATE KEY", "EC PRIVATE KEY" -> {
                if (!block.label.startsWith(kind.getAlgorithm() + " ")) {
                    throw new IOException("does not belong to the certificate: it is of another kind");
                }
                yield decoded(wrapped(block.der(), kind), kind);
            }
            case "OPENSSH PRIVATE KEY" ->
                throw new IOException("it has the form of OpenSSH: convert it (ssh-keygen -p -m PKCS8 -f FILE)");
            default -> throw new IOException("its " + block.label + " has a form that is not known here");
        };
    }

    private static PrivateKey decoded(byte[] pkcs8, PublicKey kind) throws IOException, GeneralSecurityException {
        try {
            return KeyFactory.getInstance(kind.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (InvalidKeySpecException e) {
            throw new IOException("does not belong to the certificate: it is of another kind, or damaged", e);
        }
    }

    /// PKCS #8 around a key that does not say what it is.
    private static byte[] wrapped(byte[] key, PublicKey kind) throws IOException {
        return DerValue.of(SEQUENCE, VERSION_0, algorithm(kind.getEncoded()), DerValue.of(OCTET_STRING, key));
    }

    /// The first part of a public key (SubjectPublicKeyInfo, RFC 5280 §4.1.2.7), whole.
    private static byte[] algorithm(byte[] publicKey) throws IOException {
        int from = content(publicKey, 0);
        int inside = content(publicKey, from);
        return Arrays.copyOfRange(publicKey, from, inside + length(publicKey, from));
    }

    /// Where the content of the value that begins somewhere begins.
    private static int content(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        return at + 2 + (first < LONG_LENGTH ? 0 : first - LONG_LENGTH);
    }

    private static int length(byte[] der, int at) throws IOException {
        int first = der[at + 1] & 0xff;
        int length = first;
        if (first >= LONG_LENGTH) {
            length = 0;
            for (int i = at + 2; i < content(der, at); i++) {
                length = (length << Byte.SIZE) | (der[i] & 0xff);
            }
        }
        if (length < 0 || content(der, at) + length > der.length) {
            throw new IOException("the certificate's public key is damaged");
        }
        return length;
    }
}
