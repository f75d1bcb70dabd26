package qrate.core;

import java.util.List;

/// What a control file holds.
///
/// @param otherwise what holds without the file, for people; for a {@link Kind#CHOICE} and a {@link Kind#NAME} mostly
///     the value itself
/// @param usual of a {@link Kind#NUMBER}: what holds without the file
/// @param least of a number: a smaller one counts as this
/// @param most of a number: a larger one counts as this
/// @param unit of a number, in the plural
/// @param words of a {@link Kind#CHOICE}: those that it may hold
public record ControlValue(
        Kind kind, String otherwise, long usual, long least, long most, String unit, List<String> words) {
    /// How it is read.
    public enum Kind {
        /// one value
        NAME,
        /// one value, or what `me` says
        OR_ME,
        /// one of a few words
        CHOICE,
        /// `yes`, or `no` and anything else
        YES,
        /// a whole number
        NUMBER,
        /// a line each
        LIST,
        /// a line each, or what `me` says
        LIST_OR_ME,
        /// a line each, with passwords
        ROUTES,
        /// something that is not shown
        FILE,
        /// files of its own
        FOLDER;

        /// Whether it is one value, in the first line.
        boolean isOne() {
            return switch (this) {
                case NAME, OR_ME, CHOICE, YES, NUMBER -> true;
                case LIST, LIST_OR_ME, ROUTES, FILE, FOLDER -> false;
            };
        }
    }

    public ControlValue {
        words = List.copyOf(words);
    }

    private static ControlValue of(Kind kind, String otherwise) {
        return new ControlValue(kind, otherwise, 0, 0, 0, "", List.of());
    }

    static ControlValue name(String otherwise) {
        return of(Kind.NAME, otherwise);
    }

    static ControlValue orMe() {
        return of(Kind.OR_ME, "`me`");
    }

    static ControlValue number(long usual, long least, long most, String unit) {
        return new ControlValue(Kind.NUMBER, Long.toString(usual), usual, least, most, unit, List.of());
    }

    /// The first of these words holds without the file.
    static ControlValue choice(String... words) {
        return choice(words[0], List.of(words));
    }

    static ControlValue choice(String otherwise, List<String> words) {
        return new ControlValue(Kind.CHOICE, otherwise, 0, 0, 0, "", words);
    }

    static ControlValue yes(String otherwise) {
        return new ControlValue(Kind.YES, otherwise, 0, 0, 0, "", List.of("yes", "no"));
    }

    static ControlValue list(String otherwise) {
        return of(Kind.LIST, otherwise);
    }

    static ControlValue listOrMe() {
        return of(Kind.LIST_OR_ME, "`me`");
    }

    static ControlValue routes(String otherwise) {
        return of(Kind.ROUTES, otherwise);
    }

    static ControlValue file(String otherwise) {
        return of(Kind.FILE, otherwise);
    }

    static ControlValue folder(String otherwise) {
        return of(Kind.FOLDER, otherwise);
    }
}
