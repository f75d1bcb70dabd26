package qrate.refusals;

import java.util.Locale;

/// Why a message was refused or put off.
public enum RefusalKind {
    /// SPF, DKIM or DMARC did not pass.
    AUTHENTICATION(true, true),
    /// The address or domain that sends has a bad name, or stands on a list.
    BLOCKED(true, true),
    /// The name of the address that sends, in DNS.
    PTR(true, true),
    /// Encryption is asked for, or did not work.
    TLS(true, true),
    /// Too much at once from here.
    RATE(true, false),
    /// Put off because it is the first time (greylisting): nothing is wrong.
    GREYLISTED(false, false),
    /// This one mailbox gets too much at the moment.
    BUSY(false, false),
    /// The mailbox has no room.
    FULL(false, false),
    /// There is no such mailbox, or no such domain.
    UNKNOWN(false, false),
    /// The mailbox is there, and takes nothing.
    INACTIVE(false, false),
    /// What the message says or carries, or how it is written.
    CONTENT(false, false),
    /// It is too large.
    SIZE(false, false),
    /// A rule of whoever it is for.
    POLICY(false, false),
    /// A fault over there.
    TROUBLE(false, false);

    private final boolean ours;
    private final boolean standing;

    RefusalKind(boolean ours, boolean standing) {
        this.ours = ours;
        this.standing = standing;
    }

    /// Whether it is for the postmaster here to mend, and not for whoever wrote the message.
    public boolean isOurs() {
        return ours;
    }

    /// Whether it meets all mail of the domain or host until something is done.
    public boolean isStanding() {
        return standing;
    }

    /// `authentication`.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
