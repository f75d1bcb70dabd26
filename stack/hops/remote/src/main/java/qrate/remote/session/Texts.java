package qrate.remote.session;

/// Bounds on what is kept of a stranger's words.
final class Texts {
    private Texts() {}

    /// The text, or its beginning.
    static String bounded(String text) {
        return text.length() <= RemoteSessions.REPLY_CHARS_MAX
                ? text
                : text.substring(0, RemoteSessions.REPLY_CHARS_MAX) + " [cut]";
    }
}
