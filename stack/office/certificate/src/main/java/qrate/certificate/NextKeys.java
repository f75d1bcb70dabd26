package qrate.certificate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The public halves of the keys that the next certificate will have: they can be published (TLSA) before it comes.
public final class NextKeys {
    private static final int FILE_BYTES_MAX = 16 << 10;
    private static final Pattern BLOCK = Pattern.compile("-----BEGIN PUBLIC KEY-----([^-]*)-----END PUBLIC KEY-----");

    private NextKeys() {}

    /// Where the public half of a kind is, beside the key itself.
    ///
    /// @param folder `acme`
    public static Path file(Path folder, Settings.Kind kind) {
        return folder.resolve("next-" + kind.name().toLowerCase(Locale.ROOT) + ".pub");
    }

    /// Those that there are.
    ///
    /// @param tls the folder
    /// @throws IOException when one cannot be read
    public static List<PublicKey> published(Path tls) throws IOException {
        List<PublicKey> all = new ArrayList<>();
        for (Settings.Kind kind : Settings.Kind.values()) {
            read(file(tls.resolve("acme"), kind), kind).ifPresent(all::add);
        }
        return all;
    }

    /// What a file holds; nothing when it is missing.
    ///
    /// @throws IOException when it cannot be read, or holds something else
    public static Optional<PublicKey> read(Path file, Settings.Kind kind) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            Matcher block = BLOCK.matcher(new String(in.readNBytes(FILE_BYTES_MAX), ISO_8859_1));
            if (!block.find()) {
                throw new IOException("tls/acme/" + file.getFileName() + ": no key in it");
            }
            byte[] der = Base64.getMimeDecoder().decode(block.group(1));
            return Optional.of(KeyFactory.getInstance(kind.algorithm()).generatePublic(new X509EncodedKeySpec(der)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("tls/acme/" + file.getFileName() + ": damaged: " + e.getMessage(), e);
        }
    }
}
