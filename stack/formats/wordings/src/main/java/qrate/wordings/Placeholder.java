package qrate.wordings;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What a text can have put in: `{address}`.
public enum Placeholder {
    /// The mailbox, or the subscriber, that it is about.
    ADDRESS("ann@example.test"),
    /// An address as part of a command to a list.
    FOLDED("ann=example.test"),
    /// Address of the client that asked for something.
    FROM("192.0.2.9"),
    /// This host by the name that it has in notices; of a list its domain.
    HOST("example.test"),
    /// Most that a mailbox may hold.
    LIMIT("500 MB"),
    /// A link that sets another password.
    LINK("https://mail.example.test/forgotten/new?key=abcdefghijklmnopqrstuvwxyz234567"),
    /// A list's name in front of its domain.
    LIST("team"),
    /// How full a mailbox is.
    PERCENT("92"),
    /// Where an answer to a list goes.
    REPLY("team-sc.1764500000.abcdefghijklmnopqrst-ann=example.test@example.test"),
    /// Who wrote the message that a notice is about.
    SENDER("ann@example.test"),
    /// When something ends.
    UNTIL("2030-01-01 12:00 UTC"),
    /// What a mailbox holds.
    USED("460 MB");

    private final String example;

    Placeholder(String example) {
        this.example = example;
    }

    /// As texts have it, without its braces.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// What a preview shows there.
    public String example() {
        return example;
    }

    /// One by its word; empty for none.
    static Optional<Placeholder> of(String word) {
        return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst();
    }
}
