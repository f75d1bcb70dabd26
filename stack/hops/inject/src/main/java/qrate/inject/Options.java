package qrate.inject;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The options of qmail-inject(8).
///
/// @param whom whom it goes to
/// @param sender of `-f`; may be empty text, which is the null sender
/// @param print `-n`: show, do not send
/// @param recipients the other arguments
record Options(Whom whom, Optional<String> sender, boolean print, List<String> recipients) {
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
        Whom whom = Whom.ARGUMENTS_ELSE_HEADER;
        Optional<String> sender = Optional.empty();
        boolean print = false;
        int i = 0;
        while (i < arguments.size()
                && arguments.get(i).length() > 1
                && arguments.get(i).startsWith("-")) {
            String letters = arguments.get(i++).substring(1);
            if (letters.equals("-")) {
                break;
            }
            for (int at = 0; at < letters.length(); at++) {
                switch (letters.charAt(at)) {
                    case 'a' -> whom = Whom.ARGUMENTS;
                    case 'h' -> whom = Whom.HEADER;
                    case 'A' -> whom = Whom.ARGUMENTS_ELSE_HEADER;
                    case 'H' -> whom = Whom.BOTH;
                    case 'n' -> print = true;
                    case 'N' -> print = false;
                    case 'f' -> {
                        String rest = letters.substring(at + 1);
                        if (rest.isEmpty() && i == arguments.size()) {
                            return new Parsed.Bad("-f needs a sender");
                        }
                        sender = Optional.of(rest.isEmpty() ? arguments.get(i++) : rest);
                        at = letters.length();
                    }
                    default -> {
                        return new Parsed.Bad("no such option: -" + letters.charAt(at));
                    }
                }
            }
        }
        List<String> recipients = new ArrayList<>(arguments.subList(i, arguments.size()));
        return new Parsed.Good(new Options(whom, sender, print, recipients));
    }
}
