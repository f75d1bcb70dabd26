package qrate.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import qrate.dotqmail.Line;

/// What a `.qmail` file of the old tree says (dot-qmail(5)).
///
/// @param lines its instructions, in order
/// @param problem why it makes no sense, or nothing
record OldDotQmail(List<Line> lines, String problem) {
    /// Most lines of one file.
    static final int LINES_MAX = 10_000;

    private static final Pattern LIST = Pattern.compile("(?:^|[\\s/|'\"])ezmlm-[a-z]+");
    private static final Pattern POSTS = Pattern.compile("(?:^|[\\s/|'\"])ezmlm-(?:send|store|gate|issubn)");

    OldDotQmail {
        lines = List.copyOf(lines);
    }

    /// Reads a file.
    static OldDotQmail parse(byte[] content) {
        List<Line> found = new ArrayList<>();
        for (Lines.Line line : Lines.of(content)) {
            if (!line.problem().isEmpty() || found.size() >= LINES_MAX) {
                String why = line.problem().isEmpty() ? "more than " + LINES_MAX + " lines" : line.problem();
                return new OldDotQmail(List.of(), "line " + line.number() + ": " + why);
            }
            String text = line.text().stripTrailing();
            if (text.isEmpty() && line.number() == 1) {
                return new OldDotQmail(List.of(), "line 1: empty: somebody is editing it");
            }
            Line.of(text).ifPresent(found::add);
        }
        return new OldDotQmail(found, "");
    }

    /// As {@link Line#vdelivermail}.
    Optional<String> vdelivermail() {
        return Line.vdelivermail(lines);
    }

    /// Whether it is part of a mailing list.
    boolean isList() {
        return programs().stream().anyMatch(command -> LIST.matcher(command).find());
    }

    /// Whether it is where a mailing list takes posts.
    boolean takesPosts() {
        return programs().stream().anyMatch(command -> POSTS.matcher(command).find());
    }

    /// The commands it runs.
    List<String> programs() {
        return lines.stream()
                .filter(line -> line instanceof Line.Program)
                .map(line -> ((Line.Program) line).command())
                .toList();
    }
}
