package qrate.smtp;

/// What a client of an SMTP server can say, parsed once (RFC 5321 §4.1.1 and the extensions).
public sealed interface Command {
    /// `EHLO host`
    record Ehlo(String host) implements Command {}

    /// `HELO host`
    record Helo(String host) implements Command {}

    /// `MAIL FROM:<path> parameter…`
    record Mail(MailPath from, MailParameters parameters) implements Command {}

    /// `RCPT TO:<path> parameter…`
    record Rcpt(MailPath to, RcptParameters parameters) implements Command {}

    /// `DATA`
    record Data() implements Command {}

    /// `BDAT bytes [LAST]` (RFC 3030)
    record Bdat(long bytes, boolean last) implements Command {}

    /// `RSET`
    record Rset() implements Command {}

    /// `NOOP`
    record Noop() implements Command {}

    /// `VRFY`; what was asked is never answered, so it is not kept.
    record Vrfy() implements Command {}

    /// `HELP`
    record Help() implements Command {}

    /// `QUIT`
    record Quit() implements Command {}

    /// `STARTTLS` (RFC 3207)
    record StartTls() implements Command {}

    /// `AUTH mechanism [initial-response]` (RFC 4954)
    ///
    /// @param mechanism upper case
    /// @param initial the initial response in base64, `=` for an empty one, `""` for none
    record Auth(String mechanism, String initial) implements Command {
        @Override
        public String toString() {
            return "Auth[" + mechanism + "]"; // the response holds a password
        }
    }

    /// Anything else.
    ///
    /// @param reply code, enhanced code and reason: what the client is told
    record Wrong(String reply) implements Command {}

    /// A command whose own data follows in a length that cannot be known: the connection must end.
    ///
    /// @param reply as in {@link Wrong#reply()}
    record Lost(String reply) implements Command {}
}
