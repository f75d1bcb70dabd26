package qrate.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import qrate.core.Body;
import qrate.core.Client;

/// Where a message came from: who handed it over, and the Message-ID, which is a stranger's word, cut and escaped.
///
/// @param messageId one word, or empty
public record Origin(Client client, String messageId) {
    /// How much of a header is read, in bytes.
    static final int HEADER_BYTES_MAX = 16 << 10;

    /// Kept of a Message-ID and of a name, in characters.
    static final int TEXT_CHARS_MAX = 250;

    /// Reads the start of a message.
    public static Origin of(Client client, Body body) throws IOException {
        byte[] start;
        try (InputStream in = body.open()) {
            start = in.readNBytes((int) Math.min(HEADER_BYTES_MAX, body.size()));
        }
        List<String> fields = fields(new String(start, StandardCharsets.ISO_8859_1));
        return new Origin(client, messageId(fields));
    }

    /// What the ledger says of it.
    public String text() {
        return said(client) + (messageId.isEmpty() ? "" : " message-id " + messageId);
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

    /// `uid N`, or `client ADDRESS helo NAME with PROTOCOL login LOGIN tls VERSION door DOOR`; what is not known is
    /// left
    /// out, but for the address and the name.
    private static String said(Client client) {
        if (client.equals(Client.UNKNOWN)) {
            return " unknown";
        }
        if (client.door().equals(Client.BY_HAND)) {
            return " uid " + word(client.login());
        }
        String version = client.tls().split(" ", 2)[0];
        return part("client", client.ip().isEmpty() ? "unknown" : client.ip())
                + part("helo", client.helo().isEmpty() ? client.host() : client.helo())
                + part("with", client.protocol())
                + part("login", client.login())
                + part("tls", version)
                + part("door", client.door());
    }

    private static String part(String name, String value) {
        return value.isEmpty() ? "" : " " + name + " " + word(value);
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
