package qrate.certificate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import qrate.core.DurableFile;

/// A key, and its certificate with those of the CAs above it.
///
/// @param chain this host's own certificate first
public record Pair(PrivateKey key, List<X509Certificate> chain) {
    /// Most keys of the certificate before that stay in `key.pem`.
    static final int KEYS_KEPT_MAX = 2;

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----[^-]*-----END \\1-----");

    /// Puts pairs into `key.pem` and `cert.pem`, durably.
    ///
    /// First the new keys come into `key.pem`, in front of those that are there; then the certificates into
    /// `cert.pem`. Whoever reads `cert.pem` and then `key.pem`, at any moment and after a crash at any, finds
    /// the key of what it has read. The key before stays until the next time.
    ///
    /// @param pairs those of clients' first choice first
    public static void install(Path tls, List<Pair> pairs) throws IOException {
        try {
            StringBuilder keys = new StringBuilder();
            StringBuilder certificates = new StringBuilder();
            for (Pair pair : pairs) {
                keys.append(pem("PRIVATE KEY", pair.key.getEncoded()));
                for (X509Certificate one : pair.chain) {
                    certificates.append(pem("CERTIFICATE", one.getEncoded()));
                }
            }
            Path key = tls.resolve("key.pem");
            // a key may stand in cert.pem alone
            keys.append(before(Files.exists(key) ? key : tls.resolve("cert.pem")));
            DurableFile.write(key, keys.toString().getBytes(US_ASCII));
            DurableFile.write(tls.resolve("cert.pem"), certificates.toString().getBytes(US_ASCII), "rw-r--r--");
        } catch (GeneralSecurityException e) {
            throw new IOException("the new certificate cannot be written: " + e.getMessage(), e);
        }
    }

    private static String before(Path file) throws IOException {
        if (!Files.exists(file)) {
            return "";
        }
        try (InputStream in = Files.newInputStream(file)) {
            return KEY.matcher(new String(in.readNBytes(Installed.FILE_BYTES_MAX), ISO_8859_1))
                    .results()
                    .limit(KEYS_KEPT_MAX)
                    .map(found -> found.group() + "\n")
                    .collect(Collectors.joining());
        }
    }

    private static String pem(String label, byte[] der) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n";
    }
}
