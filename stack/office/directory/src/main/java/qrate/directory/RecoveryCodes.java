package qrate.directory;

import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// What opens the pages once each when the second factor is lost: 16 letters of 32, in small letters as phones write
/// them. Of 80 bits nobody guesses one, so that a fast hash keeps them.
///
/// @param texts the codes, as they are shown once
public record RecoveryCodes(List<String> texts) {
    /// How many there are.
    static final int COUNT = 10;

    /// Letters of one, but for the hyphens between them.
    static final int CHARS = 16;

    /// Letters and digits that cannot be mistaken for each other.
    private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";

    private static final int GROUP = 4;

    /// Keeps a copy.
    public RecoveryCodes {
        texts = List.copyOf(texts);
    }

    /// New ones.
    public static RecoveryCodes make(SecureRandom random) {
        return new RecoveryCodes(Stream.generate(() -> one(random)).limit(COUNT).toList());
    }

    private static String one(SecureRandom random) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < CHARS; i++) {
            text.append(i > 0 && i % GROUP == 0 ? "-" : "").append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    /// What is kept of each.
    List<String> digests() {
        return texts.stream().map(RecoveryCodes::digest).toList();
    }

    /// What is kept of one, however it is typed.
    static String digest(String typed) {
        return Tokens.sha256(typed.replace("-", "").replace(" ", "").toLowerCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return "RecoveryCodes[not shown]";
    }
}
