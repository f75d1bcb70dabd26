package qrate.core;

/// How an attempt ended: qmail's K, Z and D (qmail-lspawn(8), qmail-rspawn(8), QMQP).
///
/// Texts are one line or several, and come from other hosts at times: whoever logs them escapes them.
public sealed interface Verdict {
    /// What the other side or this one said about it; may be empty, never null.
    String text();

    /// `K`, `Z` or `D`.
    default char code() {
        return switch (this) {
            case Delivered _ -> 'K';
            case Later _ -> 'Z';
            case Never _ -> 'D';
        };
    }

    /// The verdict for a code and its text.
    ///
    /// @throws IllegalArgumentException when the code is not K, Z or D
    static Verdict of(char code, String text) {
        return switch (code) {
            case 'K' -> new Delivered(text);
            case 'Z' -> new Later(text);
            case 'D' -> new Never(text);
            default -> throw new IllegalArgumentException("no verdict has the code " + (int) code);
        };
    }

    /// Success: responsibility has been taken, durably.
    record Delivered(String text) implements Verdict {}

    /// Temporary failure: try again later.
    record Later(String text) implements Verdict {}

    /// Permanent failure: do not try again, bounce.
    record Never(String text) implements Verdict {}
}
