package qrate.send;

/// Variable envelope return paths: a sender that names the recipient (envelopes(5)).
final class Verp {
    private static final String MARK = "-@[]";

    private Verp() {}

    /// Whether the sender becomes another one for each recipient.
    static boolean is(String sender) {
        return sender.endsWith(MARK) && sender.lastIndexOf('@', sender.length() - MARK.length() - 1) >= 0;
    }

    /// `prefix-@host-@[]` and `ann@example.org` to `prefix-ann=example.org@host`; any other sender as it is.
    static String expand(String sender, String recipient) {
        int to = recipient.lastIndexOf('@');
        if (!is(sender) || to < 0) {
            return sender;
        }
        String plain = plain(sender);
        int at = plain.lastIndexOf('@');
        return plain.substring(0, at) + recipient.substring(0, to) + "=" + recipient.substring(to + 1)
                + plain.substring(at);
    }

    /// Where bounces for the whole message go: `prefix-@host`; any other sender as it is.
    static String plain(String sender) {
        return is(sender) ? sender.substring(0, sender.length() - MARK.length()) : sender;
    }
}
