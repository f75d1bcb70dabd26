package qrate.inject;

import java.util.List;
import java.util.Optional;
import qrate.core.Getopt;
import qrate.core.Log;

/// The options of qmail-inject(8).
///
/// @param whom whom it goes to
/// @param sender of `-f`; may be empty text, which is the null sender
/// @param print `-n`: show, do not send
/// @param recipients the other arguments
record Options(Whom whom, Optional<String> sender, boolean print, List<String> recipients) {
    private static final Getopt KNOWN = Getopt.of("ahAHnNf:");

    /// Where the recipients come from.
    enum Whom {
        /// `-a`
        ARGUMENTS,
        /// `-h`
        HEADER,
        /// `-A`
        ARGUMENTS_ELSE_HEADER,
        /// `-H`
        BOTH
    }

    Options {
        recipients = List.copyOf(recipients);
    }

    /// How reading them went.
    sealed interface Parsed {
        record Good(Options options) implements Parsed {}

        record Bad(String why) implements Parsed {}
    }

    static Parsed parse(List<String> arguments) {
        Getopt.Given given;
        try {
            given = KNOWN.read(arguments);
        } catch (Getopt.Misuse e) {
            return new Parsed.Bad(e.isUnknown() ? Log.escape(e.getMessage()) : "-f needs a sender");
        }
        Whom whom = Whom.ARGUMENTS_ELSE_HEADER;
        boolean print = false;
        for (String letter : given.options().stream().map(Getopt.Option::name).toList()) {
            switch (letter) {
                case "a" -> whom = Whom.ARGUMENTS;
                case "h" -> whom = Whom.HEADER;
                case "A" -> whom = Whom.ARGUMENTS_ELSE_HEADER;
                case "H" -> whom = Whom.BOTH;
                case "f" -> {
                    // its value is asked for below
                }
                default -> print = letter.equals("n");
            }
        }
        return new Parsed.Good(new Options(whom, given.last("f"), print, given.operands()));
    }
}
