package qrate.explain;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import qrate.dns.Hosts;
import qrate.message.Field;
import qrate.message.Header;

/// Who brought a message, as the trace in its header tells it (RFC 5321 §4.4): a message that lies in a mailbox has
/// that on top, and one that never was here has the trace of another host, which may be forged.
///
/// @param client its address; nothing where no Received field names one
/// @param helo what it called itself; empty where that is not told
/// @param sender of Return-Path; nothing where there is none
record Brought(Optional<InetAddress> client, String helo, Optional<String> sender) {
    private static final String HELO = "(HELO ";

    static Brought of(Header header) {
        Optional<String> sender = header.field("return-path").map(Field::text).map(Brought::inBrackets);
        for (Field field : header.named("received")) {
            String text = clause(field.text());
            Optional<InetAddress> client = client(text);
            if (client.isPresent()) {
                return new Brought(client, helo(text), sender);
            }
        }
        return new Brought(Optional.empty(), "", sender);
    }

    private static String inBrackets(String path) {
        int end = path.lastIndexOf('>');
        int begin = path.indexOf('<');
        return begin < 0 || end < begin ? path : path.substring(begin + 1, end);
    }

    /// What stands behind `from`, up to `by`; empty where somebody on the same host handed the message over.
    private static String clause(String value) {
        if (!value.regionMatches(true, 0, "from ", 0, "from ".length())) {
            return "";
        }
        int by = value.indexOf(" by ");
        return value.substring("from ".length(), by < 0 ? value.length() : by).strip();
    }

    /// The last word in round or square brackets that is an address: `(info@192.0.2.1)`, `[192.0.2.1]`.
    private static Optional<InetAddress> client(String clause) {
        List<String> words = List.of(clause.replace('(', ' ').replace(')', ' ').split(" +", -1));
        for (String word : words.reversed()) {
            String behind = word.substring(word.lastIndexOf('@') + 1);
            Optional<InetAddress> found = Hosts.bracketed(behind).or(() -> Hosts.literal(behind));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static String helo(String clause) {
        int at = clause.indexOf(HELO);
        int end = clause.indexOf(')', Math.max(at, 0));
        int blank = clause.indexOf(' ');
        return at >= 0 && end > at
                ? clause.substring(at + HELO.length(), end)
                : blank < 0 ? clause : clause.substring(0, blank);
    }
}
