package qrate.vpopmail;

import java.util.Optional;

/// A line of vpopmail's `vpasswd`: `name:hash:uid:gid:gecos:home:quota`, and perhaps the password in clear, which is
/// not
/// read.
///
/// @param flags vpopmail's, in the gid's place
record VpasswdLine(String name, String hash, int flags, String home, String quota) {
    /// No POP3.
    static final int NO_POP = 0x02;

    /// No SMTP AUTH.
    static final int NO_SMTP = 0x800;

    /// May administer the domain.
    static final int ADMIN = 0x1000;

    private static final int FIELDS = 8;
    private static final int FLAGS_DIGITS_MAX = 9;

    /// Reads a line; empty when it is none.
    static Optional<VpasswdLine> parse(String line) {
        String[] fields = line.split(":", FIELDS);
        boolean whole = fields.length >= FIELDS - 1
                && !fields[0].isEmpty()
                && fields[3].matches("[0-9]{1," + FLAGS_DIGITS_MAX + "}");
        if (!whole) {
            return Optional.empty();
        }
        String quota = fields[6].isEmpty() ? Quota.NONE.toString() : fields[6];
        return Optional.of(new VpasswdLine(fields[0], fields[1], Integer.parseInt(fields[3]), fields[5], quota));
    }

    static VpasswdLine of(Vpopmail.Mailbox mailbox, String hash, String home) {
        int flags = (mailbox.pop() ? 0 : NO_POP) | (mailbox.smtp() ? 0 : NO_SMTP) | (mailbox.postmaster() ? ADMIN : 0);
        String name = mailbox.address().substring(0, mailbox.address().lastIndexOf('@'));
        return new VpasswdLine(name, hash, flags, home, mailbox.quota().toString());
    }

    /// A mailbox as the line says; flags that mean nothing here are left out.
    Vpopmail.Mailbox applied(Vpopmail.Mailbox mailbox, Quota limit) {
        return new Vpopmail.Mailbox(
                mailbox.address(),
                limit,
                (flags & NO_POP) == 0,
                (flags & NO_SMTP) == 0,
                (flags & ADMIN) != 0 || name.equals("postmaster"),
                mailbox.keep());
    }

    String behindName() {
        return hash + ":1:" + flags + ":" + name + ":" + home + ":" + quota;
    }

    String text() {
        return name + ":" + behindName();
    }

    @Override
    public String toString() {
        return "VpasswdLine[" + name + "]";
    }
}
