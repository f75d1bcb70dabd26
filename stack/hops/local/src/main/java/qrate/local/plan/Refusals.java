package qrate.local.plan;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Locale;
import qrate.core.Verdict;

/// What a sender hears when there is no delivery, in the same words whether it is tried or only foreseen.
public final class Refusals {
    private Refusals() {}

    /// Nobody has the address.
    public static Verdict noMailbox() {
        return new Verdict.Never("Sorry, no mailbox here by that name. (#5.1.1)");
    }

    /// It looks like one of our reverse-paths.
    ///
    /// @param why it is none that mail comes back by
    static Verdict notReturned(String why) {
        return new Verdict.Never(why.substring(0, 1).toUpperCase(Locale.ROOT) + why.substring(1) + ". (#5.1.1)");
    }

    /// It was here before.
    public static Verdict looping() {
        return new Verdict.Never("This message is looping: it already has my Delivered-To line. (#5.4.6)");
    }

    /// There is no room in the mailbox.
    public static Verdict full() {
        return new Verdict.Never("Mailbox is over its quota. (#5.2.2)");
    }

    /// @param maildir its name on the disk
    public static Verdict undelivered(String maildir, IOException e) {
        return trouble("Unable to deliver to " + maildir, e);
    }

    /// What it means to the sender that something cannot be sent on to an address.
    public static Verdict unsendable(IllegalArgumentException e) {
        return new Verdict.Later("Unable to forward message: an address is " + e.getMessage() + ". (#4.3.5)");
    }

    /// What a broken file system means to the sender: wait.
    public static Verdict trouble(String what, IOException e) {
        String why = e instanceof FileSystemException f && f.getReason() != null
                ? f.getReason()
                : e.getClass().getSimpleName() + (e.getMessage() == null ? "" : " " + e.getMessage());
        boolean full = why.contains("No space left") || why.contains("quota exceeded");
        return new Verdict.Later(what + ": " + why + (full ? ". (#4.3.1)" : ". (#4.2.0)"));
    }
}
