package qrate.smtpd;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Keeps the From field of a message while it comes in, and tells which addresses stand in it (RFC 5322 §3.6.2).
final class FromHeader {
    /// Longest From field that is looked at, in bytes; nobody has names that long.
    static final int FIELD_BYTES_MAX = 8192;

    private static final int FIRST_BYTES = 128;
    private static final byte[] NAME = "from".getBytes(StandardCharsets.US_ASCII);

    private byte[] kept = {};
    private int length;
    private int fields;
    private boolean header = true;
    private boolean lineEmpty = true;
    private boolean keeping;
    private boolean undecided = true;
    private boolean tooLong;
    private int named;

    /// Takes a piece of a line.
    void text(byte[] bytes, int offset, int count) {
        for (int i = offset; header && i < offset + count; i++) {
            take(bytes[i]);
            if (!keeping && !undecided) {
                lineEmpty = false;
                return; // the rest of this line is nothing to us
            }
        }
    }

    private void take(byte b) {
        if (lineEmpty) {
            lineEmpty = false;
            named = 0;
            boolean folded = b == ' ' || b == '\t';
            undecided = !folded;
            keeping &= folded;
        }
        if (undecided) {
            decide(b);
        } else if (keeping) {
            keep(b);
        }
    }

    /// Whether this line begins with `From`, blanks and a colon.
    private void decide(byte b) {
        int lower = b >= 'A' && b <= 'Z' ? b + 32 : b;
        if (named < NAME.length && lower == NAME[named]) {
            named++;
        } else if (named == NAME.length && b == ':') {
            fields++;
            undecided = false;
            keeping = true;
        } else if (named < NAME.length || (b != ' ' && b != '\t')) {
            undecided = false;
        }
    }

    private void keep(byte b) {
        if (length == FIELD_BYTES_MAX) {
            tooLong = true;
            return;
        }
        if (length == kept.length) {
            kept = Arrays.copyOf(kept, Math.max(FIRST_BYTES, length * 4));
        }
        kept[length++] = b;
    }

    /// Takes the end of a line.
    void newline() {
        if (header && lineEmpty) {
            header = false;
        }
        lineEmpty = true;
    }

    /// The addresses.
    ///
    /// @return none when there is no From field; empty when there are several, or one that lists no addresses
    Optional<List<String>> addresses() {
        if (fields == 0) {
            return Optional.of(List.of());
        }
        return fields > 1 || tooLong ? Optional.empty() : parse(new String(kept, 0, length, StandardCharsets.UTF_8));
    }

    /// Reads a list of mailboxes and groups.
    static Optional<List<String>> parse(String text) {
        return AddressWords.of(text).flatMap(FromHeader::addresses);
    }

    private static Optional<List<String>> addresses(List<AddressWords.Word> words) {
        List<String> found = new ArrayList<>();
        boolean group = false;
        int start = 0;
        for (int i = 0; i <= words.size(); i++) {
            char mark = i == words.size() ? ',' : words.get(i).mark();
            if (mark == '<') {
                i = skipAngle(words, i);
            } else if (mark == ':' && !group) {
                group = true; // what stands before it is only the group's name
                start = i + 1;
            } else if (mark == ',' || (mark == ';' && group)) {
                List<AddressWords.Word> item = words.subList(start, Math.min(i, words.size()));
                if (!item.isEmpty()) {
                    Optional<String> address = AddressWords.mailbox(item);
                    if (address.isEmpty()) {
                        return Optional.empty();
                    }
                    found.add(address.get());
                }
                group &= mark != ';';
                start = i + 1;
            }
        }
        return group || found.isEmpty() ? Optional.empty() : Optional.of(found);
    }

    /// Commas and colons of a route inside angle brackets part nothing.
    private static int skipAngle(List<AddressWords.Word> words, int open) {
        int i = open;
        while (i + 1 < words.size() && words.get(i).mark() != '>') {
            i++;
        }
        return i;
    }
}
