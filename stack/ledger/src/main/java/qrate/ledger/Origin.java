package qrate.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import qrate.core.Body;

/// Where a message came from, as its header says: who was connected, and the Message-ID.
///
/// The first Received fields are our own and can be believed; whatever follows them, and the Message-ID, is a
/// stranger's word, cut and escaped.
///
/// @param client `client ADDRESS helo NAME with PROTOCOL`, `uid N`, or empty
/// @param messageId one word, or empty
public record Origin(String client, String messageId) {
    /// How much of a header is read, in bytes.
    static final int HEADER_BYTES_MAX = 16 << 10;

    /// Kept of a Message-ID and of a name, in characters.
    static final int TEXT_CHARS_MAX = 250;

    /// Received fields that our own doors may have put on top.
    private static final int OWN_FIELDS_MAX = 3;

    private static final Pattern SMTP =
            Pattern.compile("Received: from (\\S+)(?: \\(HELO (\\S+)\\))? \\((\\S+)\\) by \\S+ with ([^\\s;]+).*");
    private static final Pattern BY_HAND = Pattern.compile("Received: \\(qmail [0-9]+ invoked by uid ([0-9]+)\\).*");
    private static final Pattern PASSED = Pattern.compile("Received: \\(qmail [0-9]+ invoked .*");

    /// Reads the start of a message.
    public static Origin of(Body body) throws IOException {
        byte[] start;
        try (InputStream in = body.open()) {
            start = in.readNBytes((int) Math.min(HEADER_BYTES_MAX, body.size()));
        }
        List<String> fields = fields(new String(start, StandardCharsets.ISO_8859_1));
        return new Origin(client(fields), messageId(fields));
    }

    /// What the ledger says of it.
    public String text() {
        return (client.isEmpty() ? " unknown" : " " + client) + (messageId.isEmpty() ? "" : " message-id " + messageId);
    }

    private static List<String> fields(String start) {
        List<String> fields = new ArrayList<>();
        for (String line : start.split("\r?\n", -1)) {
            if (line.isEmpty()) {
                break;
            }
            boolean folded = line.charAt(0) == ' ' || line.charAt(0) == '\t';
            if (!folded) {
                fields.add(line);
            } else if (!fields.isEmpty()) {
                fields.set(fields.size() - 1, fields.getLast() + " " + line.strip());
            }
        }
        return fields;
    }

    private static String client(List<String> fields) {
        for (String field : fields.subList(0, Math.min(OWN_FIELDS_MAX, fields.size()))) {
            Matcher smtp = SMTP.matcher(field);
            if (smtp.matches()) {
                String helo = smtp.group(2) == null ? smtp.group(1) : smtp.group(2);
                return "client " + word(smtp.group(3)) + " helo " + word(helo) + " with " + word(smtp.group(4));
            }
            Matcher byHand = BY_HAND.matcher(field);
            if (byHand.matches()) {
                return "uid " + byHand.group(1);
            }
            if (!PASSED.matcher(field).matches()) {
                return "";
            }
        }
        return "";
    }

    private static String messageId(List<String> fields) {
        return fields.stream()
                .filter(field -> field.toLowerCase(Locale.ROOT).startsWith("message-id:"))
                .map(field -> word(field.substring("message-id:".length()).strip()))
                .findFirst()
                .orElse("");
    }

    /// One word of printable ASCII, no longer than is kept.
    static String word(String text) {
        return printable(text.substring(0, Math.min(TEXT_CHARS_MAX, text.length())));
    }

    /// One word of printable ASCII, as addresses stand in the ledger too.
    static String printable(String text) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            word.append(c <= ' ' || c > '~' ? '_' : c);
        }
        return word.toString();
    }
}
