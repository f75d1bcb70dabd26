package qrate.ledger;

import java.io.IOException;
import qrate.core.Body;
import qrate.core.Client;
import qrate.message.Header;
import qrate.message.Wanted;

/// Where a message came from: who handed it over, and the Message-ID, which is a stranger's word, cut and escaped.
///
/// @param messageId one word, or empty
public record Origin(Client client, String messageId) {
    /// How much of a header is read, in bytes.
    static final int HEADER_BYTES_MAX = 16 << 10;

    /// Kept of a Message-ID and of a name, in characters.
    static final int TEXT_CHARS_MAX = 250;

    /// What a filter of ours said of it.
    static final String FILTER = "filter";

    static final String SPAM = "spam";

    private static final Wanted MESSAGE_ID =
            Wanted.some("message-id").within(Wanted.Limits.USUAL.within(HEADER_BYTES_MAX, HEADER_BYTES_MAX));

    /// Reads the start of a message.
    public static Origin of(Client client, Body body) throws IOException {
        Header header = Header.of(body, MESSAGE_ID);
        return new Origin(client, header.value("message-id").map(Origin::word).orElse(""));
    }

    /// What the ledger says of it.
    public String text() {
        return said(client) + (messageId.isEmpty() ? "" : " message-id " + messageId);
    }

    /// `uid N`, or `client ADDRESS helo NAME with PROTOCOL login LOGIN tls VERSION door DOOR filter spam`; what
    /// is not known is left out, but for the address and the name.
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
                + part("door", client.door())
                + part(FILTER, client.spam() ? SPAM : "");
    }

    private static String part(String name, String value) {
        return value.isEmpty() ? "" : " " + name + " " + word(value);
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
