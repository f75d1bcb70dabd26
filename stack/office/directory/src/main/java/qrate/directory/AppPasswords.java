package qrate.directory;

import java.time.Instant;

/// Passwords of single programs of a mailbox's owner: his telephone may have one that it alone knows, which ends with
/// it.
public final class AppPasswords {
    /// Most that one mailbox may have: a login is compared with each.
    public static final int MAX = 20;

    /// Longest label, in characters.
    public static final int LABEL_CHARS_MAX = 100;

    private AppPasswords() {}

    /// One that somebody wants.
    ///
    /// @param label what it is for
    /// @param pop whether it opens POP3
    /// @param smtp whether it opens submission
    public record Wish(String label, boolean pop, boolean smtp) {
        /// Its doors in words.
        public String doors() {
            return pop && smtp ? "POP3 and SMTP" : pop ? "POP3" : "SMTP";
        }
    }

    /// One that is there, without itself.
    ///
    /// @param id names it
    /// @param used when last, to the hour; {@link Instant#EPOCH} for never
    public record Listed(String id, Wish wish, Instant created, Instant used) {}
}
