package qrate.admin;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import qrate.core.State;
import qrate.directory.EditableDirectory;
import qrate.directory.Quota;
import qrate.maildir.MaildirQuota;

/// How much of what a mailbox may hold it holds.
///
/// @param used bytes, or messages where these are what is limited
/// @param most of them
/// @param bytes whether it is bytes
record MailboxUse(long used, long most, boolean bytes) {
    /// From so many percent on somebody should do something.
    static final int HIGH_PERCENT = 90;

    private static final int PERCENT = 100;

    /// That of a mailbox with a limit, by whichever it is nearer to; empty where there is none, or nobody can tell now.
    static Optional<MailboxUse> of(State state, EditableDirectory.Mailbox mailbox) {
        Quota quota = mailbox.quota();
        if (quota.equals(Quota.NONE)) {
            return Optional.empty();
        }
        try {
            MaildirQuota.Usage usage = usage(state, mailbox);
            MailboxUse size = new MailboxUse(usage.bytes(), quota.bytes(), true);
            MailboxUse count = new MailboxUse(usage.messages(), quota.messages(), false);
            return Optional.of(size.percent() >= count.percent() ? size : count);
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /// What a mailbox holds.
    static MaildirQuota.Usage usage(State state, EditableDirectory.Mailbox mailbox) throws IOException {
        Path maildir = state.maildirs().resolve(mailbox.home()).resolve("Maildir");
        return new MaildirQuota(maildir, InstantSource.system()).usage();
    }

    int percent() {
        return most == 0 ? 0 : (int) Math.min(PERCENT, used * PERCENT / most);
    }

    /// Whether it will soon take no more.
    boolean high() {
        return percent() >= HIGH_PERCENT;
    }
}
