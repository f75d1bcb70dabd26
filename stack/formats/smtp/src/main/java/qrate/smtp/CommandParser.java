package qrate.smtp;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Reads one command line; the one place where a client's bytes become a {@link Command}.
public final class CommandParser {
    /// Longest name in EHLO and HELO, in bytes.
    public static final int HOST_BYTES_MAX = MailPath.DOMAIN_BYTES_MAX;

    private static final int VERB_BYTES_MAX = 12;

    private CommandParser() {}

    /// Parses a line without its CRLF; whatever is in it, the answer is a command.
    ///
    /// @param from first byte of the line
    /// @param end behind its last byte
    public static Command parse(byte[] line, int from, int end) {
        int last = end;
        while (last > from && (line[last - 1] == ' ' || line[last - 1] == '\t')) {
            last--;
        }
        int space = from;
        while (space < last && line[space] != ' ') {
            space++;
        }
        if (space - from > VERB_BYTES_MAX) {
            return unknown();
        }
        String verb = ascii(line, from, space).toUpperCase(Locale.ROOT);
        int rest = space;
        while (rest < last && line[rest] == ' ') {
            rest++;
        }
        try {
            return switch (verb) {
                case "EHLO" -> new Command.Ehlo(host(line, rest, last));
                case "HELO" -> new Command.Helo(host(line, rest, last));
                case "MAIL" -> mail(line, rest, last);
                case "RCPT" -> rcpt(line, rest, last);
                case "DATA" -> bare(new Command.Data(), rest, last);
                case "BDAT" -> bdat(ascii(line, rest, last));
                case "RSET" -> bare(new Command.Rset(), rest, last);
                case "QUIT" -> bare(new Command.Quit(), rest, last);
                case "STARTTLS" -> bare(new Command.StartTls(), rest, last);
                case "NOOP" -> new Command.Noop();
                case "VRFY" -> new Command.Vrfy();
                case "HELP" -> new Command.Help();
                case "AUTH" -> auth(ascii(line, rest, last));
                case "EXPN", "TURN", "ETRN", "SEND", "SOML", "SAML" -> new Command.Wrong("502 5.5.1 not implemented");
                default -> unknown();
            };
        } catch (Syntax e) {
            return new Command.Wrong(e.getMessage());
        }
    }

    private static Command unknown() {
        return new Command.Wrong("500 5.5.2 unrecognized command");
    }

    /// Bytes outside ASCII become U+FFFD, which no keyword has.
    private static String ascii(byte[] line, int from, int end) {
        return new String(line, from, end - from, StandardCharsets.US_ASCII);
    }

    private static Command bare(Command command, int rest, int end) throws Syntax {
        if (rest < end) {
            throw new Syntax("501 5.5.4 no parameters allowed");
        }
        return command;
    }

    private static String host(byte[] line, int from, int end) throws Syntax {
        if (from == end) {
            throw new Syntax("501 5.5.4 host name missing");
        }
        if (end - from > HOST_BYTES_MAX) {
            throw new Syntax("501 5.5.4 host name too long");
        }
        for (int i = from; i < end; i++) {
            if ((line[i] >= 0 && line[i] < ' ') || line[i] == 0x7f) {
                throw new Syntax("501 5.5.4 that is no host name");
            }
        }
        return new String(line, from, end - from, StandardCharsets.UTF_8);
    }

    private static Command mail(byte[] line, int from, int end) throws Syntax {
        PathParser path = new PathParser(line, keyword(line, from, end, "FROM:"), end, PathParser.BAD_SENDER);
        MailPath sender = path.parse();
        MailParameters parameters =
                path.position() == end ? MailParameters.NONE : new ParameterParser(line, path.position(), end).mail();
        if (sender.utf8() && !parameters.smtpUtf8()) {
            throw new Syntax("553 5.6.7 that address needs SMTPUTF8"); // RFC 6531 §3.5
        }
        if (!sender.isEmpty() && sender.domain().isEmpty()) {
            throw new Syntax("553 5.1.8 sender address needs a domain");
        }
        return new Command.Mail(sender, parameters);
    }

    private static Command rcpt(byte[] line, int from, int end) throws Syntax {
        PathParser path = new PathParser(line, keyword(line, from, end, "TO:"), end, PathParser.BAD_RECIPIENT);
        MailPath recipient = path.parse();
        RcptParameters parameters =
                path.position() == end ? RcptParameters.NONE : new ParameterParser(line, path.position(), end).rcpt();
        if (recipient.isEmpty()) {
            throw new Syntax("553 5.1.3 that is no address");
        }
        return new Command.Rcpt(recipient, parameters);
    }

    /// Where the path starts behind `FROM:` or `TO:`, spaces in between forgiven.
    private static int keyword(byte[] line, int from, int end, String word) throws Syntax {
        int n = word.length();
        if (end - from < n || !ascii(line, from, from + n).equalsIgnoreCase(word)) {
            throw new Syntax("501 5.5.4 " + word + "<address> expected");
        }
        int at = from + n;
        while (at < end && line[at] == ' ') {
            at++;
        }
        return at;
    }

    private static Command bdat(String rest) {
        int space = rest.indexOf(' ');
        String digits = space < 0 ? rest : rest.substring(0, space);
        String last = space < 0 ? "" : rest.substring(space).strip();
        try {
            if (last.isEmpty() || last.equalsIgnoreCase("LAST")) {
                return new Command.Bdat(ParameterParser.size(digits), !last.isEmpty());
            }
        } catch (Syntax _) {
            // no number: said below
        }
        return new Command.Lost("501 5.5.4 BDAT size [LAST] expected");
    }

    private static Command auth(String rest) throws Syntax {
        int space = rest.indexOf(' ');
        String mechanism = (space < 0 ? rest : rest.substring(0, space)).toUpperCase(Locale.ROOT);
        String initial = space < 0 ? "" : rest.substring(space).strip();
        if (mechanism.isEmpty() || initial.indexOf(' ') >= 0) {
            throw new Syntax("501 5.5.4 AUTH mechanism [response] expected");
        }
        return new Command.Auth(mechanism, initial);
    }
}
