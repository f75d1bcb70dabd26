package qrate.directory;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/// The secret of a link that sets a forgotten password: 192 random bits, which nobody guesses, so that a fast hash
/// keeps
/// them.
///
/// @param text as the link has it
public record ResetKey(String text) {
    private static final int BYTES = 24;

    /// Letters of one: Base64 without padding (RFC 4648 §5).
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{32}");

    /// A new one.
    public static ResetKey make(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new ResetKey(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /// The one that somebody came with; empty for what can be none.
    public static Optional<ResetKey> of(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new ResetKey(text)) : Optional.empty();
    }

    /// What is kept of it.
    String digest() {
        return Tokens.sha256(text);
    }

    @Override
    public String toString() {
        return "ResetKey[not shown]";
    }
}
