package qrate.core;

import java.io.IOException;
import java.util.Locale;

/// What becomes of spam for a domain here: lines of `control/spam`, as `example.org:junk`, and `:junk` for all that no
/// line names. The first line about a domain counts.
///
/// Spam is what a filter of ours says is spam ({@link Client#spam}).
public enum SpamRule {
    /// It is delivered like other mail.
    MARK,
    /// It goes into a folder of its own in the mailbox.
    JUNK,
    /// It is refused, where each of its recipients wants that; else as {@link #JUNK}.
    REFUSE;

    private static final String FILE = "spam";

    /// The rule of a domain.
    ///
    /// @throws IOException when the file cannot be read, or its line makes no sense
    public static SpamRule of(Control control, String domain) throws IOException {
        String name = DomainName.ascii(domain);
        SpamRule others = MARK;
        boolean found = false;
        for (String line : control.lines(FILE)) {
            int colon = line.lastIndexOf(':');
            String whose =
                    colon < 0 ? line : DomainName.ascii(line.substring(0, colon).strip());
            if (whose.equals(name) && !name.isEmpty()) {
                return named(line, colon);
            }
            if (whose.isEmpty() && !found) {
                others = named(line, colon);
                found = true;
            }
        }
        return others;
    }

    private static SpamRule named(String line, int colon) throws IOException {
        String word = line.substring(colon + 1).strip();
        for (SpamRule one : values()) {
            if (colon >= 0 && one.name().toLowerCase(Locale.ROOT).equals(word)) {
                return one;
            }
        }
        throw new IOException("control/spam: " + line + ": not domain:mark, domain:junk or domain:refuse");
    }
}
