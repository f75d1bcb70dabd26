package qrate.smtp;

/// A path of MAIL or RCPT: brackets, source route and quotes are gone (RFC 5321 §4.1.2, addresses(5)).
///
/// @param local local part, unquoted; empty together with `domain` for `<>`
/// @param domain domain or address literal as given; empty for `<>` and for a bare name
/// @param utf8 whether it holds anything outside ASCII (RFC 6531)
public record MailPath(String local, String domain, boolean utf8) {
    /// Longest local part in bytes.
    // DEVIATION: RFC 5321 §4.5.3.1.1 asks for at least 64; VERP senders of lists are longer every day
    public static final int LOCAL_BYTES_MAX = 256;

    /// Longest domain in bytes (RFC 5321 §4.5.3.1.2).
    public static final int DOMAIN_BYTES_MAX = 255;

    /// `<>`
    public static final MailPath EMPTY = new MailPath("", "", false);

    /// Whether it is `<>`.
    public boolean isEmpty() {
        return local.isEmpty() && domain.isEmpty();
    }

    /// The address of an envelope: `local@domain`, `local` or `""`.
    public String address() {
        return domain.isEmpty() ? local : local + "@" + domain;
    }
}
