package qrate.apply;

import qrate.core.Log;

/// The file cannot be taken as it is; nothing has been touched.
final class BadFile extends Exception {
    private static final long serialVersionUID = 1L;

    private static final int SHOWN_CHARS_MAX = 100;

    BadFile(Value.Mark mark, String why) {
        super("line " + mark.line() + ", column " + mark.column() + ": " + why);
    }

    BadFile(String why) {
        super(why);
    }

    /// A word of the file, bounded, for a sentence about it.
    static String shown(String word) {
        return Log.escape(word.length() > SHOWN_CHARS_MAX ? word.substring(0, SHOWN_CHARS_MAX) + "..." : word);
    }
}
