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
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import qrate.certificate.NextKeys;
import qrate.certificate.Settings;
import qrate.core.DurableFile;

/// Keys: that of the account, and those of the next certificate, in files that their owner alone reads.
final class Keys {
    private static final int FILE_BYTES_MAX = 16 << 10;
    private static final int RSA_BITS = 2048;
    private static final String CURVE = "secp256r1";

    private Keys() {}

    /// The account's key, made when it is missing. The file holds both halves, `PRIVATE KEY` and `PUBLIC KEY`
    /// (RFC 7468).
    static KeyPair of(Path file) throws IOException {
        try {
            return Files.exists(file) ? read(file, Settings.Kind.ECDSA) : made(file, Settings.Kind.ECDSA);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(
                    "tls/acme/account.pem: damaged (" + e.getMessage() + "): remove it for a new account", e);
        }
    }

    /// The key of the next certificate, made when it is missing or damaged. Its public half stands beside it for
    /// everybody, so that it can be published before the certificate comes (RFC 7671 §8.4).
    ///
    /// @param folder `acme`
    static KeyPair next(Path folder, Settings.Kind kind) throws IOException {
        Path file = hidden(folder, kind);
        try {
            KeyPair key = Files.exists(file) ? undamaged(file, kind) : made(file, kind);
            Path shown = NextKeys.file(folder, kind);
            byte[] text = block("PUBLIC KEY", key.getPublic().getEncoded()).getBytes(US_ASCII);
            if (!Files.exists(shown) || !Arrays.equals(Files.readAllBytes(shown), text)) {
                DurableFile.write(shown, text, "rw-r--r--");
            }
            return key;
        } catch (GeneralSecurityException e) {
            throw new IOException("no key can be made: " + e.getMessage(), e);
        }
    }

    /// What was the next key is in use now, and there is another next one.
    static void used(Path folder, Settings.Kind kind) throws IOException {
        Files.deleteIfExists(hidden(folder, kind));
        next(folder, kind);
    }

    private static Path hidden(Path folder, Settings.Kind kind) {
        return folder.resolve("next-" + kind.name().toLowerCase(Locale.ROOT) + ".pem");
    }

    private static KeyPair undamaged(Path file, Settings.Kind kind) throws IOException, GeneralSecurityException {
        try {
            return read(file, kind);
        } catch (GeneralSecurityException | IllegalArgumentException _) {
            return made(file, kind); // a certificate matters more than what was published
        }
    }

    private static KeyPair made(Path file, Settings.Kind kind) throws IOException, GeneralSecurityException {
        KeyPair made = make(kind);
        String text = block("PRIVATE KEY", made.getPrivate().getEncoded())
                + block("PUBLIC KEY", made.getPublic().getEncoded());
        DurableFile.write(file, text.getBytes(US_ASCII), "rw-------");
        return made;
    }

    private static KeyPair make(Settings.Kind kind) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind.algorithm());
        switch (kind) {
            case ECDSA -> generator.initialize(new ECGenParameterSpec(CURVE));
            case RSA -> generator.initialize(RSA_BITS);
        }
        return generator.generateKeyPair();
    }

    private static KeyPair read(Path file, Settings.Kind kind) throws IOException, GeneralSecurityException {
        String text;
        try (InputStream in = Files.newInputStream(file)) {
            text = new String(in.readNBytes(FILE_BYTES_MAX), US_ASCII);
        }
        KeyFactory factory = KeyFactory.getInstance(kind.algorithm());
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
