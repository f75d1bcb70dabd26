package qrate.migration;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import qrate.core.Getopt;

/// What was asked for.
///
/// @param qmail qmail's folder, as `/var/qmail`
/// @param vpopmail vpopmail's, as `/home/vpopmail`; empty for where `users/assign` says
/// @param apply whether anything is written
/// @param replace whether what is here already, and differs, is replaced
/// @param link whether messages are linked instead of copied, where they can be
/// @param queue whether the old queue's mail is taken too
record Options(Path qmail, String vpopmail, boolean apply, boolean replace, boolean link, boolean queue) {
    private static final Getopt KNOWN = Getopt.anywhere("", "apply", "dry-run", "replace", "link", "copy", "queue");

    static final String USAGE = "usage: import [--dry-run | --apply] [--copy | --link] [--replace] [--queue]"
            + " /path/to/var/qmail [/path/to/vpopmail]";

    /// @return empty for a wrong call
    static Optional<Options> parse(List<String> arguments) {
        try {
            Getopt.Given given = KNOWN.read(arguments);
            List<String> folders = given.operands();
            if (folders.isEmpty() || folders.size() > 2) {
                return Optional.empty();
            }
            String vpopmail = folders.size() > 1 ? Path.of(folders.get(1)).toString() : "";
            return Optional.of(new Options(
                    Path.of(folders.getFirst()),
                    vpopmail,
                    last(given, "apply", "dry-run"),
                    given.has("replace"),
                    last(given, "link", "copy"),
                    given.has("queue")));
        } catch (Getopt.Misuse | InvalidPathException _) {
            return Optional.empty();
        }
    }

    /// Which of two that exclude each other came last; the other one where neither did.
    private static boolean last(Getopt.Given given, String one, String other) {
        return given.options().stream()
                .map(Getopt.Option::name)
                .filter(Set.of(one, other)::contains)
                .reduce(other, (_, later) -> later)
                .equals(one);
    }
}
