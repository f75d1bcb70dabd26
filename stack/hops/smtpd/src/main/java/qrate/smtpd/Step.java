package qrate.smtpd;

import qrate.smtp.Command;

/// What to do about a command, as {@link SmtpOrder} decides: answer, or ask someone first.
sealed interface Step {
    /// Answer, and stand in this state.
    record Say(SessionState next, String reply) implements Step {}

    /// Answer what only follows from a refusal before it: no error of the client's.
    record Follow(SessionState next, String reply) implements Step {}

    /// Answer, and close.
    record Close(String reply) implements Step {}

    /// Greet back.
    record Greet(SessionState.Client client) implements Step {}

    /// Ask whether this sender may send.
    record JudgeSender(SessionState.Client client, Command.Mail mail) implements Step {}

    /// Ask whether this recipient is accepted.
    record JudgeRecipient(SessionState.Transaction state, Command.Rcpt rcpt) implements Step {}

    /// Take a message by DATA.
    record TakeData(SessionState.Filled state) implements Step {}

    /// Take the first chunk.
    record TakeFirstChunk(SessionState.Filled state, Command.Bdat chunk) implements Step {}

    /// Take another chunk.
    record TakeChunk(SessionState.Chunking state, Command.Bdat chunk) implements Step {}

    /// Read a chunk that nobody wants, then answer.
    record SkipChunk(long bytes, Step answer) implements Step {}

    /// Start TLS.
    record Secure() implements Step {}

    /// Ask for a password.
    record Authenticate(SessionState.Client client, Command.Auth auth) implements Step {}
}
