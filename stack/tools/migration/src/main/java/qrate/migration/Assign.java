package qrate.migration;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import qrate.snapshots.Assignments;

/// The old `users/assign` (qmail-users(5)), line by line.
final class Assign {
    private static final int FIELDS = 8;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,10}");

    private Assign() {}

    /// One assignment.
    ///
    /// @param text the whole line
    /// @param name address it is for, or its beginning
    /// @param wildcard whether it is for all that begin so
    /// @param user whose mail it is; for vpopmail the domain itself
    record Entry(String text, String name, boolean wildcard, String user, String uid, String home) {
        /// What no two lines may have in common.
        String key() {
            return (wildcard ? "+" : "=") + name;
        }

        /// `+example.com-:…`: vpopmail's line for a domain.
        boolean isDomain() {
            return hasDot() && home.contains("/domains/");
        }

        /// What might be a domain's, or a user's with a dot in his name.
        boolean hasDot() {
            return wildcard && name.endsWith("-") && name.indexOf('.') > 0;
        }

        /// Domain of such a line.
        String domain() {
            return name.substring(0, name.length() - 1);
        }
    }

    /// Reads up to the line with a dot; names every line that is no assignment.
    ///
    /// @param where the file, for the report
    static List<Entry> parse(byte[] content, String where, Report report) {
        List<Entry> entries = new ArrayList<>();
        for (Lines.Line line : Lines.of(content)) {
            String problem = line.problem();
            if (problem.isEmpty() && line.text().startsWith(".")) {
                return checked(entries, where, report);
            }
            if (problem.isEmpty()) {
                problem = problem(line.text());
            }
            if (problem.isEmpty()) {
                entries.add(entry(line.text()));
            } else {
                report.leftOut(where + ":" + line.number(), problem);
            }
        }
        report.note(where + ": no dot at the end: is it whole?");
        return checked(entries, where, report);
    }

    /// What qmail-newu would make a database of.
    private static List<Entry> checked(List<Entry> entries, String where, Report report) {
        try {
            Assignments.toCdb(entries.stream().map(Entry::text).toList());
            return entries;
        } catch (IOException e) {
            report.leftOut(where, String.valueOf(e.getMessage()));
            return List.of();
        }
    }

    private static String problem(String line) {
        String[] fields = line.split(":", FIELDS);
        boolean kind = line.startsWith("+") || line.startsWith("=");
        if (!kind || fields.length < FIELDS) {
            return "no assignment";
        }
        boolean numbers =
                NUMBER.matcher(fields[2]).matches() && NUMBER.matcher(fields[3]).matches();
        return numbers ? "" : "uid or gid is no number";
    }

    private static Entry entry(String line) {
        String[] fields = line.split(":", FIELDS);
        return new Entry(line, fields[0].substring(1), line.charAt(0) == '+', fields[1], fields[2], fields[4]);
    }
}
