package qrate.local.plan;

import java.nio.file.Path;
import java.util.List;
import qrate.core.Verdict;
import qrate.maildir.MaildirQuota;
import qrate.snapshots.Vacation;

/// One thing that a delivery comes to, decided and not yet done.
public sealed interface Deed {
    /// Which Maildir, and how.
    ///
    /// @param make whether it is made if missing
    record Box(Path maildir, boolean make, MaildirQuota.Limit limit) {}

    /// A Maildir gets the message.
    record Keep(Deed.Box box) implements Deed {}

    /// An mbox file gets it.
    record Append(Path mbox) implements Deed {}

    /// A program decides, and says so by its exit code.
    record Run(String command) implements Deed {}

    /// Others get it.
    record SendOn(List<String> to) implements Deed {}

    /// A sender is answered, since the owner of a mailbox is away; it decides nothing else.
    ///
    /// @param address of the mailbox
    /// @param home its folder
    record Answer(String address, Path home, Vacation vacation) implements Deed {}

    /// That is all: what stands behind it is not done.
    ///
    /// @param warning for the log; empty when the verdict says it all
    record Refuse(Verdict verdict, String warning) implements Deed {}
}
