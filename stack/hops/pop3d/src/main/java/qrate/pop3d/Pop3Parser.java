package qrate.pop3d;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/// Reads a command from a line; every line is some command, if only {@link Command.Bad}.
final class Pop3Parser {
    private static final int NUMBER_DIGITS_MAX = 9;

    private Pop3Parser() {}

    /// @param line without its ending
    static Command parse(byte[] line) {
        int blank = 0;
        while (blank < line.length && line[blank] != ' ') {
            blank++;
        }
        String verb = new String(line, 0, blank, StandardCharsets.US_ASCII).toUpperCase(Locale.ROOT);
        if (verb.equals("PASS")) {
            // RFC 1939 §7: everything behind the one blank is the password
            return blank + 1 < line.length
                    ? new Command.Pass(new Secret(Arrays.copyOfRange(line, blank + 1, line.length)))
                    : new Command.Bad("PASS needs a password");
        }
        String rest = new String(line, blank, line.length - blank, StandardCharsets.UTF_8).strip();
        String[] words = rest.isEmpty() ? new String[0] : rest.split(" +");
        return switch (verb) {
            case "USER" -> rest.isEmpty() ? new Command.Bad("USER needs a name") : new Command.User(rest);
            case "APOP" -> apop(rest);
            case "AUTH" -> auth(words);
            case "LIST" -> words.length == 0 ? new Command.ListAll() : numbered(words, Command.ListOne::new);
            case "UIDL" -> words.length == 0 ? new Command.UidlAll() : numbered(words, Command.UidlOne::new);
            case "RETR" -> numbered(words, Command.Retr::new);
            case "DELE" -> numbered(words, Command.Dele::new);
            case "TOP" -> top(words);
            default -> {
                Command bare = bare(verb);
                boolean fits = words.length == 0 || bare instanceof Command.Bad;
                yield fits ? bare : new Command.Bad("no argument expected");
            }
        };
    }

    private static Command bare(String verb) {
        return switch (verb) {
            case "CAPA" -> new Command.Capa();
            case "STLS" -> new Command.Stls();
            case "UTF8" -> new Command.Utf8();
            case "QUIT" -> new Command.Quit();
            case "NOOP" -> new Command.Noop();
            case "STAT" -> new Command.Stat();
            case "RSET" -> new Command.Rset();
            case "LAST" -> new Command.Last();
            default -> new Command.Bad("unknown command");
        };
    }

    /// Name and digest; the digest is the last word, as qmail-popup reads it.
    private static Command apop(String rest) {
        int blank = rest.lastIndexOf(' ');
        return blank < 0
                ? new Command.Bad("APOP needs a name and a digest")
                : new Command.Apop(rest.substring(0, blank).strip(), rest.substring(blank + 1));
    }

    private static Command auth(String[] words) {
        return switch (words.length) {
            case 0 -> new Command.AuthList();
            case 1 -> new Command.Auth(words[0].toUpperCase(Locale.ROOT));
            case 2 -> new Command.AuthAtOnce(words[0].toUpperCase(Locale.ROOT), words[1]);
            default -> new Command.Bad("AUTH takes a mechanism and one response");
        };
    }

    private static Command top(String[] words) {
        int number = words.length == 2 ? number(words[0]) : -1;
        int lines = words.length == 2 ? number(words[1]) : -1;
        return number < 0 || lines < 0
                ? new Command.Bad("TOP needs a message number and a number of lines")
                : new Command.Top(number, lines);
    }

    private static Command numbered(String[] words, java.util.function.IntFunction<Command> make) {
        int number = words.length == 1 ? number(words[0]) : -1;
        return number < 0 ? new Command.Bad("a message number is needed") : make.apply(number);
    }

    /// The number, or -1 when it is none; a number with more digits than any box has is the largest of all.
    private static int number(String word) {
        if (word.isEmpty() || !word.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        String digits = word.replaceFirst("^0+(?=.)", "");
        return digits.length() > NUMBER_DIGITS_MAX ? Integer.MAX_VALUE : Integer.parseInt(digits);
    }
}
