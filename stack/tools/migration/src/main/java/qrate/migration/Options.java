package qrate.migration;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What was asked for.
///
/// @param qmail qmail's folder, as `/var/qmail`
/// @param vpopmail vpopmail's, as `/home/vpopmail`; empty for where `users/assign` says
/// @param apply whether anything is written
/// @param replace whether what is here already, and differs, is replaced
/// @param link whether messages are linked instead of copied, where they can be
/// @param queue whether the old queue's mail is taken too
record Options(Path qmail, String vpopmail, boolean apply, boolean replace, boolean link, boolean queue) {
    static final String USAGE = "usage: import [--dry-run | --apply] [--copy | --link] [--replace] [--queue]"
            + " /path/to/var/qmail [/path/to/vpopmail]";

    /// @return empty for a wrong call
    static Optional<Options> parse(List<String> arguments) {
        boolean apply = false;
        boolean replace = false;
        boolean link = false;
        boolean queue = false;
        List<String> folders = new ArrayList<>();
        for (String argument : arguments) {
            switch (argument) {
                case "--apply" -> apply = true;
                case "--dry-run" -> apply = false;
                case "--replace" -> replace = true;
                case "--link" -> link = true;
                case "--copy" -> link = false;
                case "--queue" -> queue = true;
                default -> folders.add(argument);
            }
        }
        boolean wrong =
                folders.isEmpty() || folders.size() > 2 || folders.stream().anyMatch(f -> f.startsWith("-"));
        if (wrong) {
            return Optional.empty();
        }
        try {
            String vpopmail = folders.size() > 1 ? Path.of(folders.get(1)).toString() : "";
            return Optional.of(new Options(Path.of(folders.getFirst()), vpopmail, apply, replace, link, queue));
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }
}
