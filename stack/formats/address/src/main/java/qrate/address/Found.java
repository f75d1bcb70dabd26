package qrate.address;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import qrate.dotqmail.Line;

/// What a look for the `.qmail` file of an extension finds (dot-qmail(5)).
public sealed interface Found {
    /// A file.
    ///
    /// @param lines its instructions
    /// @param forwardOnly whether it may only forward: executable, or `+list`
    /// @param rest what the `default` at the end of its name stands for; empty if it does not end so
    record File(List<Line> lines, boolean forwardOnly, Optional<String> rest) implements Found {
        public File {
            lines = List.copyOf(lines);
        }
    }

    /// An empty file, or none for a user who needs none: the default delivery.
    record Default(Optional<String> rest) implements Found {}

    /// Nobody has that name.
    record Nobody() implements Found {}

    /// There is no home to look in.
    record NoHome() implements Found {}

    /// Not now: somebody is editing, or what was found is not safe.
    record Wait(String why) implements Found {}

    /// Whoever asks cannot see that home.
    record Unseen() implements Found {}

    /// Reads instructions; a file that starts with an empty line is probably half written.
    static Found parse(String content, boolean executable, Optional<String> rest) {
        if (content.isEmpty()) {
            return new Default(rest);
        }
        List<Line> lines = new ArrayList<>();
        boolean forwardOnly = executable;
        boolean first = true;
        for (String whole : content.split("\n", -1)) {
            String line = withoutBlanksAtTheEnd(whole);
            if (line.isEmpty() && first) {
                return new Wait("Uh-oh: first line of .qmail file is blank. (#4.2.1)");
            }
            first = false;
            if (line.equals("+list")) {
                forwardOnly = true;
            } else {
                Line.of(line).ifPresent(lines::add);
            }
        }
        return new File(lines, forwardOnly, rest);
    }

    private static String withoutBlanksAtTheEnd(String line) {
        int end = line.length();
        while (end > 0 && " \t\r".indexOf(line.charAt(end - 1)) >= 0) {
            end--;
        }
        return line.substring(0, end);
    }

    /// The name of a file as it stands in the home folder.
    static String stem(String dash, String ext) {
        return ".qmail" + dash + ext.toLowerCase(Locale.ROOT).replace('.', ':');
    }
}
