package qrate.migration;

import java.io.PrintStream;
import qrate.core.Log;

/// Says what is done, or what would be, and what is left out and why.
final class Report {
    private final PrintStream out;
    private final boolean dry;
    private int changes;
    private int leftOut;

    /// @param dry whether nothing is written
    Report(PrintStream out, boolean dry) {
        this.out = out;
        this.dry = dry;
    }

    /// A change: `write control/me`.
    void change(String what) {
        changes++;
        say((dry ? "would " : "") + what);
    }

    /// Something in the old tree that is not taken; the exit code says so too.
    void leftOut(String where, String why) {
        leftOut++;
        say("left out: " + where + ": " + why);
    }

    /// Something here that differs and is kept; the exit code says so too.
    void conflict(String where, String why) {
        leftOut++;
        say("conflict: " + where + ": " + why);
    }

    /// Something to know.
    void note(String text) {
        say("note: " + text);
    }

    private void say(String text) {
        out.println("import: " + Log.escape(text));
    }

    /// Sums up.
    ///
    /// @return the exit code: 0, or 100 when something was left out
    int end() {
        if (changes == 0) {
            say("nothing to do");
        }
        if (leftOut > 0) {
            say("left out or in conflict: " + leftOut);
        }
        if (dry && changes > 0) {
            say("this was a dry run, nothing was written: --apply does it");
        }
        return leftOut > 0 ? 100 : 0;
    }
}
