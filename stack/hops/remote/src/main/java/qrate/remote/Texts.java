package qrate.remote;

/// Bounds on what is kept of a stranger's words.
final class Texts {
    /// Kept of one reply, in characters.
    static final int REPLY_CHARS_MAX = 6_000;

    private Texts() {}

    /// The text, or its beginning.
    static String bounded(String text) {
        return text.length() <= REPLY_CHARS_MAX ? text : text.substring(0, REPLY_CHARS_MAX) + " [cut]";
    }
}
