package qrate.dotqmail;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One instruction of a `.qmail` file (dot-qmail(5)).
public sealed interface Line {
    /// `|command`
    record Program(String command) implements Line {
        private static final Pattern VDELIVERMAIL =
                Pattern.compile("\\s*\\S*vdelivermail\\s+(?:''|\"\")\\s+(\\S+)\\s*");
    }

    /// `./name`
    record Mbox(String path) implements Line {}

    /// `./name/`
    record Maildir(String path) implements Line {}

    /// `&address`, or an address
    record Forward(String address) implements Line {}

    /// Reads a line without the blanks behind it; empty when it says nothing.
    static Optional<Line> of(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        return switch (text.charAt(0)) {
            case '#', '+' -> Optional.empty();
            case '|' -> Optional.of(new Program(text.substring(1)));
            case '.', '/' -> Optional.of(text.endsWith("/") ? new Maildir(text) : new Mbox(text));
            case '&' -> Optional.of(new Forward(text.substring(1).strip()));
            default -> Optional.of(new Forward(text));
        };
    }

    /// What vpopmail's vdelivermail is told to do with mail for nobody, where running it is all that a file says: it is
    /// understood instead of run.
    static Optional<String> vdelivermail(List<Line> lines) {
        if (lines.size() == 1 && lines.getFirst() instanceof Program(String command)) {
            Matcher matcher = Program.VDELIVERMAIL.matcher(command);
            return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
        }
        return Optional.empty();
    }

    /// The line as `qmail-local -n` says it.
    default String words() {
        return switch (this) {
            case Program(String command) -> "program " + command;
            case Mbox(String path) -> "mbox " + path;
            case Maildir(String path) -> "maildir " + path;
            case Forward(String address) -> "forward " + address;
        };
    }
}
