package qrate.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a `.qmail` file of the old tree says (dot-qmail(5)).
///
/// @param lines its instructions, in order
/// @param problem why it makes no sense, or nothing
record Instructions(List<Instructions.Line> lines, String problem) {
    /// Most lines of one file.
    static final int LINES_MAX = 10_000;

    private static final Pattern VDELIVERMAIL = Pattern.compile("\\s*\\S*?vdelivermail\\s+(?:''|\"\")\\s+(\\S+)\\s*");
    private static final Pattern LIST = Pattern.compile("(?:^|[\\s/|'\"])ezmlm-[a-z]+");
    private static final Pattern POSTS = Pattern.compile("(?:^|[\\s/|'\"])ezmlm-(?:send|store|gate|issubn)");

    Instructions {
        lines = List.copyOf(lines);
    }

    /// One instruction.
    sealed interface Line {
        /// `|command`
        record Program(String command) implements Line {}

        /// `./name`
        record Mbox(String path) implements Line {}

        /// `./name/`
        record Maildir(String path) implements Line {}

        /// `&address`, or an address
        record Forward(String address) implements Line {}
    }

    /// Reads a file.
    static Instructions parse(byte[] content) {
        List<Line> found = new ArrayList<>();
        for (Lines.Line line : Lines.of(content)) {
            if (!line.problem().isEmpty() || found.size() >= LINES_MAX) {
                String why = line.problem().isEmpty() ? "more than " + LINES_MAX + " lines" : line.problem();
                return new Instructions(List.of(), "line " + line.number() + ": " + why);
            }
            String text = line.text().stripTrailing();
            if (text.isEmpty() && line.number() == 1) {
                return new Instructions(List.of(), "line 1: empty: somebody is editing it");
            }
            instruction(text).ifPresent(found::add);
        }
        return new Instructions(found, "");
    }

    private static Optional<Line> instruction(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        return switch (text.charAt(0)) {
            case '#', '+' -> Optional.empty();
            case '|' -> Optional.of(new Line.Program(text.substring(1)));
            case '.', '/' -> Optional.of(text.endsWith("/") ? new Line.Maildir(text) : new Line.Mbox(text));
            case '&' -> Optional.of(new Line.Forward(text.substring(1).strip()));
            default -> Optional.of(new Line.Forward(text));
        };
    }

    /// What vdelivermail is told to do with mail for nobody, where this is one line that runs it.
    Optional<String> vdelivermail() {
        if (lines.size() == 1 && lines.getFirst() instanceof Line.Program(String command)) {
            Matcher matcher = VDELIVERMAIL.matcher(command);
            return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
        }
        return Optional.empty();
    }

    /// Whether it is part of a mailing list.
    boolean isList() {
        return programs().stream().anyMatch(command -> LIST.matcher(command).find());
    }

    /// Whether it is where a mailing list takes posts.
    boolean takesPosts() {
        return programs().stream().anyMatch(command -> POSTS.matcher(command).find());
    }

    private List<String> programs() {
        return lines.stream()
                .filter(line -> line instanceof Line.Program)
                .map(line -> ((Line.Program) line).command())
                .toList();
    }
}
