package qrate.smtpd;

import qrate.smtp.Command;
import qrate.smtpd.SessionState.Chunking;
import qrate.smtpd.SessionState.Client;
import qrate.smtpd.SessionState.Filled;
import qrate.smtpd.SessionState.Fresh;
import qrate.smtpd.SessionState.Greeted;
import qrate.smtpd.SessionState.Opened;

/// Which command may follow which (RFC 5321 §4.1.4), as one pure function.
final class SmtpOrder {
    /// What is true of the connection now.
    ///
    /// @param secured whether TLS is on
    /// @param tlsOffered whether STARTTLS would work
    /// @param loginRequired whether only users may send here
    record Terms(boolean secured, boolean tlsOffered, boolean loginRequired) {}

    /// Most commands that may follow a refused MAIL, or recipients all refused, without being an error: all that a
    /// client may send before it has read an answer.
    static final int FOLLOWERS_MAX = Policy.RECIPIENTS_MAX + 1;

    private static final String MAIL_FIRST = "503 5.5.1 MAIL first";

    private SmtpOrder() {}

    static Step next(SessionState s, Command c, Terms terms) {
        return switch (c) {
            case Command.Wrong(String why) -> new Step.Say(wrong(s), why);
            case Command.Lost(String why) -> new Step.Close(why);
            case Command.Ehlo(String host) ->
                new Step.Greet(new Client(host, true, s.client().login()));
            case Command.Helo(String host) ->
                new Step.Greet(new Client(host, false, s.client().login()));
            case Command.Mail mail -> mail(s, mail, terms);
            case Command.Rcpt rcpt ->
                switch (s) {
                    case Opened o -> new Step.JudgeRecipient(o, rcpt);
                    case Filled f -> new Step.JudgeRecipient(f, rcpt);
                    case Fresh _ -> new Step.Say(s, MAIL_FIRST);
                    case Greeted g -> behind(g, g.followers() - 1, MAIL_FIRST);
                    case Chunking _ -> new Step.Say(s, "503 5.5.1 BDAT has begun");
                };
            case Command.Data _ ->
                switch (s) {
                    case Filled f -> new Step.TakeData(f);
                    case Opened o -> behind(o);
                    case Fresh _ -> new Step.Say(s, MAIL_FIRST);
                    case Greeted g -> behind(g, 0, MAIL_FIRST); // DATA ends what a client sends at once
                    case Chunking _ -> new Step.Say(s, "503 5.5.1 DATA and BDAT do not mix");
                };
            case Command.Bdat bdat ->
                switch (s) {
                    case Filled f -> new Step.TakeFirstChunk(f, bdat);
                    case Chunking k -> new Step.TakeChunk(k, bdat);
                    case Opened o -> new Step.SkipChunk(bdat.bytes(), bdat.last() ? behind(o) : chunkBehind(o));
                    case Fresh _ -> new Step.SkipChunk(bdat.bytes(), new Step.Say(s, MAIL_FIRST));
                    case Greeted g ->
                        new Step.SkipChunk(bdat.bytes(), behind(g, bdat.last() ? 0 : g.followers() - 1, MAIL_FIRST));
                };
            case Command.Rset _ ->
                switch (s) {
                    case Fresh _ -> new Step.Say(s, "250 2.0.0 flushed");
                    case Greeted _, Opened _, Filled _, Chunking _ ->
                        new Step.Say(new Greeted(s.client()), "250 2.0.0 flushed");
                };
            case Command.Noop _ -> new Step.Say(s, "250 2.0.0 ok");
            case Command.Vrfy _ -> new Step.Say(s, "252 2.5.0 send some mail, it will be tried");
            case Command.Help _ -> new Step.Say(s, "214 2.0.0 see RFC 5321");
            case Command.Quit _ -> new Step.Close("221 2.0.0 good bye");
            case Command.StartTls _ -> startTls(s, terms);
            case Command.Auth auth -> auth(s, auth, terms);
        };
    }

    /// Where a session stands behind a command that was no command: it may have been MAIL or RCPT.
    private static SessionState wrong(SessionState s) {
        return switch (s) {
            case Greeted g -> new Greeted(g.client(), FOLLOWERS_MAX);
            case Opened o -> new Opened(o.client(), o.mail(), FOLLOWERS_MAX);
            case Fresh _, Filled _, Chunking _ -> s;
        };
    }

    /// Where a transaction stands once a recipient has been refused.
    static SessionState refused(SessionState.Transaction now) {
        return switch (now) {
            case Opened opened -> new Opened(opened.client(), opened.mail(), FOLLOWERS_MAX);
            case Filled filled -> filled;
        };
    }

    private static Step behind(Greeted g, int left, String reply) {
        return g.followers() > 0 ? new Step.Follow(new Greeted(g.client(), left), reply) : new Step.Say(g, reply);
    }

    /// DATA, or the last chunk, when no recipient has been taken. Where some were refused this ends the transaction.
    private static Step behind(Opened o) {
        return o.followers() > 0
                ? new Step.Follow(new Greeted(o.client()), "554 5.5.1 no valid recipients") // RFC 5321 §3.3
                : new Step.Say(o, "503 5.5.1 RCPT first");
    }

    private static Step chunkBehind(Opened o) {
        return o.followers() > 0
                ? new Step.Follow(new Opened(o.client(), o.mail(), o.followers() - 1), "554 5.5.1 no valid recipients")
                : new Step.Say(o, "503 5.5.1 RCPT first");
    }

    private static Step mail(SessionState s, Command.Mail mail, Terms terms) {
        return switch (s) {
            case Fresh _ -> new Step.Say(s, "503 5.5.1 EHLO first");
            case Opened _, Filled _, Chunking _ -> new Step.Say(s, "503 5.5.1 one MAIL at a time");
            case Greeted g -> {
                if (mail.parameters().requireTls() && !terms.secured) {
                    yield new Step.Say(wrong(s), "555 5.5.4 REQUIRETLS goes with TLS only");
                }
                if (!terms.loginRequired || g.client().isKnown()) {
                    yield new Step.JudgeSender(g.client(), mail);
                }
                yield new Step.Say(
                        wrong(s), terms.secured ? "530 5.7.0 AUTH first" : "530 5.7.0 STARTTLS first"); // RFC 4954 §6
            }
        };
    }

    private static Step startTls(SessionState s, Terms terms) {
        if (terms.secured) {
            return new Step.Say(s, "503 5.5.1 TLS is on already");
        }
        if (!terms.tlsOffered) {
            return new Step.Say(s, "454 4.7.0 TLS is not available"); // RFC 3207 §4
        }
        return switch (s) {
            case Fresh _, Greeted _ -> new Step.Secure();
            case Opened _, Filled _, Chunking _ -> new Step.Say(s, "503 5.5.1 not in a transaction");
        };
    }

    private static Step auth(SessionState s, Command.Auth auth, Terms terms) {
        if (!terms.secured) {
            return new Step.Say(s, "538 5.7.11 STARTTLS first");
        }
        return switch (s) {
            case Fresh _ -> new Step.Say(s, "503 5.5.1 EHLO first");
            case Opened _, Filled _, Chunking _ -> new Step.Say(s, "503 5.5.1 not in a transaction");
            case Greeted g ->
                g.client().isKnown()
                        ? new Step.Say(s, "503 5.5.1 one AUTH at a time")
                        : new Step.Authenticate(g.client(), auth);
        };
    }
}
