package qrate.vpopmail;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import qrate.directory.EditableDirectory;
import qrate.directory.Property;
import qrate.directory.Quota;

/// A line of vpopmail's `vpasswd`: `name:hash:uid:gid:gecos:home:quota`, and perhaps the password in clear, which is
/// not read.
///
/// @param name as it stands there: whether anyone may have it is not asked
/// @param flags vpopmail's, in the gid's place
/// @param gecos what its owner is called; vpopmail's own commands write the name once more where they are told nothing
/// @param home his folder, as it is called there
/// @param quota as vpopmail spells it
public record VpasswdLine(String name, String hash, long flags, String gecos, String home, String quota) {
    /// No POP3.
    private static final int NO_POP = 0x02;

    /// Takes no mail.
    private static final int BOUNCE_MAIL = 0x10;

    /// No SMTP AUTH.
    private static final int NO_SMTP = 0x800;

    /// May administer the domain.
    private static final int ADMIN = 0x1000;

    private static final int FIELDS = 8;
    private static final Pattern FLAGS = Pattern.compile("[0-9]{1,10}"); // of 32 bits

    /// Reads a line; empty when it is none.
    public static Optional<VpasswdLine> parse(String line) {
        String[] fields = line.split(":", FIELDS);
        boolean whole = fields.length >= FIELDS - 1
                && !fields[0].isEmpty()
                && FLAGS.matcher(fields[3]).matches();
        if (!whole) {
            return Optional.empty();
        }
        String quota = fields[6].isEmpty() ? Quota.NONE.toString() : fields[6];
        return Optional.of(
                new VpasswdLine(fields[0], fields[1], Long.parseLong(fields[3]), fields[4], fields[5], quota));
    }

    static VpasswdLine of(EditableDirectory.Mailbox mailbox, String hash, String home) {
        int flags = (mailbox.is(Property.POP) ? 0 : NO_POP)
                | (mailbox.is(Property.SMTP) ? 0 : NO_SMTP)
                | (mailbox.is(Property.POSTMASTER) ? ADMIN : 0);
        String name = mailbox.local();
        String gecos = mailbox.name().isEmpty() ? name : mailbox.name().replace(':', ' ');
        return new VpasswdLine(name, hash, flags, gecos, home, mailbox.quota().toString());
    }

    /// The same under another spelling of its name.
    public VpasswdLine named(String other) {
        return new VpasswdLine(other, hash, flags, gecos, home, quota);
    }

    /// Whether it refuses all mail, for which there is no flag here.
    public boolean refusesMail() {
        return (flags & BOUNCE_MAIL) != 0;
    }

    /// What the line says of a mailbox; flags that mean nothing here are left out.
    public Map<Property, Object> values(Quota limit) {
        return Map.of(
                Property.QUOTA,
                limit,
                Property.POP,
                (flags & NO_POP) == 0,
                Property.SMTP,
                (flags & NO_SMTP) == 0,
                Property.POSTMASTER,
                (flags & ADMIN) != 0 || name.equals(EditableDirectory.POSTMASTER),
                Property.NAME,
                displayName());
    }

    private String displayName() {
        String shown = gecos.replaceAll("\\p{Cntrl}", " ").strip();
        String cut = shown.substring(0, Math.min(shown.length(), Property.TEXT_CHARS_MAX));
        return cut.equalsIgnoreCase(name) ? "" : cut;
    }

    String behindName() {
        return hash + ":1:" + flags + ":" + gecos + ":" + home + ":" + quota;
    }

    String text() {
        return name + ":" + behindName();
    }

    @Override
    public String toString() {
        return "VpasswdLine[" + name + "]";
    }
}
