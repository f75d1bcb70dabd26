package qrate.explain;

import java.io.PrintStream;
import qrate.core.Log;
import qrate.core.Steps;

/// What is said: one line a step, `part: what`, indented below a forward.
final class Report {
    private final PrintStream out;
    private int depth;

    Report(PrintStream out) {
        this.out = out;
    }

    void say(String part, String text) {
        out.println("  ".repeat(depth) + part + ": " + Log.escape(text.strip()));
    }

    Steps steps(String part) {
        return text -> say(part, text);
    }

    /// The last line.
    void conclude(String text) {
        out.println(Log.escape(text.strip()));
    }

    void deeper() {
        depth++;
    }

    void back() {
        depth--;
    }
}
