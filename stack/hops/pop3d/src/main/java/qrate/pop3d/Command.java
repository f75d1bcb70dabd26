package qrate.pop3d;

/// One POP3 command, parsed.
sealed interface Command {
    /// What can be asked of an open box.
    sealed interface OfBox extends Command {}

    /// Login name.
    record User(String name) implements Command {}

    /// Password, blanks and all.
    record Pass(Secret password) implements Command {}

    /// Login without a password in the clear (RFC 1939 §7).
    record Apop(String name, String digest) implements Command {}

    /// AUTH with a mechanism and no initial response.
    record Auth(String mechanism) implements Command {}

    /// AUTH with a mechanism and an initial response (RFC 5034 §4), still in base64.
    record AuthAtOnce(String mechanism, String response) implements Command {}

    /// AUTH alone, which asks for the mechanisms.
    record AuthList() implements Command {}

    /// RFC 2449.
    record Capa() implements Command {}

    /// RFC 2595.
    record Stls() implements Command {}

    /// RFC 6856.
    record Utf8() implements Command {}

    /// The end.
    record Quit() implements Command {}

    /// Nothing.
    record Noop() implements OfBox {}

    /// Count and size of the box.
    record Stat() implements OfBox {}

    /// All sizes.
    record ListAll() implements OfBox {}

    /// One size.
    record ListOne(int number) implements OfBox {}

    /// All unique ids.
    record UidlAll() implements OfBox {}

    /// One unique id.
    record UidlOne(int number) implements OfBox {}

    /// The message.
    record Retr(int number) implements OfBox {}

    /// Header and some lines.
    record Top(int number, long lines) implements OfBox {}

    /// Marks for deletion.
    record Dele(int number) implements OfBox {}

    /// Takes all marks back.
    record Rset() implements OfBox {}

    /// Highest number read so far (RFC 1460, which qmail-pop3d keeps).
    record Last() implements OfBox {}

    /// None of them.
    ///
    /// @param why for the client
    record Bad(String why) implements Command {}
}
