package qrate.smtpd;

import qrate.smtp.Command;
import qrate.smtpd.State.Chunking;
import qrate.smtpd.State.Client;
import qrate.smtpd.State.Filled;
import qrate.smtpd.State.Fresh;
import qrate.smtpd.State.Greeted;
import qrate.smtpd.State.Opened;

/// Which command may follow which (RFC 5321 §4.1.4), as one pure function.
final class Order {
    /// What is true of the connection now.
    ///
    /// @param secured whether TLS is on
    /// @param tlsOffered whether STARTTLS would work
    /// @param loginRequired whether only users may send here
    record Terms(boolean secured, boolean tlsOffered, boolean loginRequired) {}

    private Order() {}

    static Step next(State s, Command c, Terms terms) {
        return switch (c) {
            case Command.Wrong(String why) -> new Step.Say(s, why);
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
                    case Fresh _, Greeted _ -> new Step.Say(s, "503 5.5.1 MAIL first");
                    case Chunking _ -> new Step.Say(s, "503 5.5.1 BDAT has begun");
                };
            case Command.Data _ ->
                switch (s) {
                    case Filled f -> new Step.TakeData(f);
                    case Opened _ -> new Step.Say(s, "503 5.5.1 RCPT first");
                    case Fresh _, Greeted _ -> new Step.Say(s, "503 5.5.1 MAIL first");
                    case Chunking _ -> new Step.Say(s, "503 5.5.1 DATA and BDAT do not mix");
                };
            case Command.Bdat bdat ->
                switch (s) {
                    case Filled f -> new Step.TakeFirstChunk(f, bdat);
                    case Chunking k -> new Step.TakeChunk(k, bdat);
                    case Opened _ -> new Step.SkipChunk(s, bdat.bytes(), "503 5.5.1 RCPT first");
                    case Fresh _, Greeted _ -> new Step.SkipChunk(s, bdat.bytes(), "503 5.5.1 MAIL first");
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

    private static Step mail(State s, Command.Mail mail, Terms terms) {
        return switch (s) {
            case Fresh _ -> new Step.Say(s, "503 5.5.1 EHLO first");
            case Opened _, Filled _, Chunking _ -> new Step.Say(s, "503 5.5.1 one MAIL at a time");
            case Greeted g -> {
                if (!terms.loginRequired || g.client().isKnown()) {
                    yield new Step.JudgeSender(g.client(), mail);
                }
                yield new Step.Say(
                        s, terms.secured ? "530 5.7.0 AUTH first" : "530 5.7.0 STARTTLS first"); // RFC 4954 §6
            }
        };
    }

    private static Step startTls(State s, Terms terms) {
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

    private static Step auth(State s, Command.Auth auth, Terms terms) {
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
