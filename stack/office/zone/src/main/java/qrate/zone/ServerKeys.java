package qrate.zone;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import qrate.certificate.Installed;
import qrate.certificate.NextKeys;

/// The public keys that the doors show, and those that they will show after the next renewal.
///
/// @param hashes SHA-256 of each SubjectPublicKeyInfo, in lower-case hex: TLSA 3 1 1 (RFC 6698 §2.1)
public record ServerKeys(List<String> hashes) {
    public ServerKeys {
        hashes = List.copyOf(hashes);
    }

    /// @param tls the folder
    /// @return none when there is no certificate
    /// @throws IOException when a file cannot be read
    public static ServerKeys in(Path tls) throws IOException {
        List<PublicKey> now = Installed.in(tls).stream()
                .flatMap(installed -> installed.own().stream())
                .map(one -> one.getPublicKey())
                .toList();
        return new ServerKeys(Stream.concat(now.stream(), NextKeys.published(tls).stream())
                .map(ServerKeys::hash)
                .distinct()
                .toList());
    }

    private static String hash(PublicKey key) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
