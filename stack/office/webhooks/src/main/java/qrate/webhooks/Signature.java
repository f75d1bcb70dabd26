package qrate.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import qrate.core.Control;

/// What shows that a message is ours: HMAC-SHA256 (RFC 2104) over the time of sending, a dot and the body, by a secret
/// that both sides know.
final class Signature {
    /// Shortest secret, in characters.
    static final int SECRET_CHARS_MIN = 16;

    static final String FILE = "webhooksecret";

    private static final int SECRET_BYTES_MAX = 4096;
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    Signature(String secret) {
        this.key = new SecretKeySpec(secret.getBytes(UTF_8), ALGORITHM);
    }

    /// With the secret in `control/webhooksecret`.
    ///
    /// @throws IOException when there is none that can be used; it is in no message
    static Signature of(Control control) throws IOException {
        Path file = control.folder().resolve(FILE);
        try {
            Set<PosixFilePermission> open = Files.getPosixFilePermissions(file);
            if (open.contains(PosixFilePermission.OTHERS_READ) || open.contains(PosixFilePermission.OTHERS_WRITE)) {
                throw new IOException("control/webhooksecret: everybody may read it: chmod o-rwx it");
            }
            if (Files.size(file) > SECRET_BYTES_MAX) {
                throw new IOException("control/webhooksecret: longer than " + SECRET_BYTES_MAX + " bytes");
            }
            String secret = Files.readString(file, UTF_8).strip();
            if (secret.length() < SECRET_CHARS_MIN) {
                throw new IOException("control/webhooksecret: shorter than " + SECRET_CHARS_MIN + " characters");
            }
            return new Signature(secret);
        } catch (NoSuchFileException _) {
            throw new IOException("control/webhooksecret: missing: what messages are signed with");
        }
    }

    /// In hexadecimal.
    String of(long seconds, String body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return HexFormat.of().formatHex(mac.doFinal((seconds + "." + body).getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has HMAC-SHA256", e);
        }
    }
}
