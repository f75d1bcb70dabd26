package qrate.apply;

import qrate.core.Log;
import qrate.directory.Refusal;
import qrate.directory.Words;

/// The file cannot be taken as it is; nothing has been touched.
final class BadFile extends Exception {
    private static final long serialVersionUID = 1L;

    private static final int SHOWN_CHARS_MAX = 100;
    private static final int HALF_CHARS_MAX = 500;

    private final transient Refusal refusal;

    BadFile(Value.Mark mark, String why) {
        super("line " + mark.line() + ", column " + mark.column() + ": " + sentence(why));
        this.refusal = Refusal.of(Refusal.Key.SAID_INVALID, sentence(why));
    }

    BadFile(String why) {
        super(sentence(why));
        this.refusal = Refusal.of(Refusal.Key.SAID_INVALID, sentence(why));
    }

    /// What the directory would refuse.
    BadFile(Value.Mark mark, Refusal refusal) {
        super("line " + mark.line() + ", column " + mark.column() + ": "
                + sentence(Words.english().of(refusal)));
        this.refusal = refusal;
    }

    BadFile(Refusal refusal) {
        super(sentence(Words.english().of(refusal)));
        this.refusal = refusal;
    }

    /// What is wrong, without the place in the file.
    Refusal refusal() {
        return refusal;
    }

    /// Names in it are the file's: the middle of a sentence gives way, since what is wrong stands at its end.
    private static String sentence(String why) {
        int length = why.length();
        return Log.escape(
                length <= 2 * HALF_CHARS_MAX
                        ? why
                        : why.substring(0, HALF_CHARS_MAX) + "..." + why.substring(length - HALF_CHARS_MAX));
    }

    /// A word of the file, bounded, for a sentence about it.
    static String shown(String word) {
        return Log.escape(word.length() > SHOWN_CHARS_MAX ? word.substring(0, SHOWN_CHARS_MAX) + "..." : word);
    }
}
