package qrate.directory;

import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Stream;

/// What opens the pages once each when the second factor is lost: 16 letters of 56, as {@link Password#random} makes
/// them. Of 92 bits nobody guesses one, so that a fast hash keeps them.
///
/// @param texts the codes, as they are shown once
public record RecoveryCodes(List<String> texts) {
    /// How many there are.
    static final int COUNT = 10;

    private static final int GROUP = 4;

    /// Keeps a copy.
    public RecoveryCodes {
        texts = List.copyOf(texts);
    }

    /// New ones.
    public static RecoveryCodes make(SecureRandom random) {
        return new RecoveryCodes(Stream.generate(() ->
                        grouped(Password.random(random, Password.RANDOM_CHARS).text()))
                .limit(COUNT)
                .toList());
    }

    private static String grouped(String letters) {
        return letters.replaceAll("(.{" + GROUP + "})(?=.)", "$1-");
    }

    /// What is kept of each.
    List<String> digests() {
        return texts.stream().map(RecoveryCodes::digest).toList();
    }

    /// What is kept of one, however it is typed.
    static String digest(String typed) {
        return Tokens.sha256(typed.replace("-", "").replace(" ", ""));
    }

    @Override
    public String toString() {
        return "RecoveryCodes[not shown]";
    }
}
