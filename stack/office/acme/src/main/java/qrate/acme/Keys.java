package qrate.acme;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import qrate.certificate.Settings;
import qrate.core.DurableFile;

/// Keys: that of the account, in a file that its owner alone reads, and new ones for certificates.
final class Keys {
    private static final int FILE_BYTES_MAX = 16 << 10;
    private static final int RSA_BITS = 2048;
    private static final String CURVE = "secp256r1";

    private Keys() {}

    /// The account's key, made when it is missing. The file holds both halves, `PRIVATE KEY` and `PUBLIC KEY`
    /// (RFC 7468).
    static KeyPair of(Path file) throws IOException {
        try {
            if (Files.exists(file)) {
                return read(file);
            }
            KeyPair made = make(Settings.Kind.ECDSA);
            String text = block("PRIVATE KEY", made.getPrivate().getEncoded())
                    + block("PUBLIC KEY", made.getPublic().getEncoded());
            DurableFile.write(file, text.getBytes(US_ASCII), "rw-------");
            return made;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(
                    "tls/acme/account.pem: damaged (" + e.getMessage() + "): remove it for a new account", e);
        }
    }

    /// A new key for a certificate.
    static KeyPair make(Settings.Kind kind) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind.algorithm());
        switch (kind) {
            case ECDSA -> generator.initialize(new ECGenParameterSpec(CURVE));
            case RSA -> generator.initialize(RSA_BITS);
        }
        return generator.generateKeyPair();
    }

    private static KeyPair read(Path file) throws IOException, GeneralSecurityException {
        String text;
        try (InputStream in = Files.newInputStream(file)) {
            text = new String(in.readNBytes(FILE_BYTES_MAX), US_ASCII);
        }
        KeyFactory factory = KeyFactory.getInstance(Settings.Kind.ECDSA.algorithm());
        return new KeyPair(
                factory.generatePublic(new X509EncodedKeySpec(bytes(text, "PUBLIC KEY"))),
                factory.generatePrivate(new PKCS8EncodedKeySpec(bytes(text, "PRIVATE KEY"))));
    }

    private static byte[] bytes(String text, String label) {
        Matcher found = Pattern.compile("-----BEGIN " + label + "-----([^-]*)-----END " + label + "-----")
                .matcher(text);
        if (!found.find()) {
            throw new IllegalArgumentException("there is no " + label + " in it");
        }
        return Base64.getMimeDecoder().decode(found.group(1));
    }

    private static String block(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
    }
}
