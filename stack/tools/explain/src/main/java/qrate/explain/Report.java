package qrate.explain;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.JsonWriter;
import qrate.core.Log;
import qrate.core.Steps;

/// What is said: one line a step, `part: what`, indented below a forward; or all of it as one JSON object at the end.
final class Report {
    private final PrintStream out;
    private final Optional<String> address;
    private final List<Map<String, Object>> steps = new ArrayList<>();
    private int depth;

    /// @param address for JSON; empty for text
    Report(PrintStream out, Optional<String> address) {
        this.out = out;
        this.address = address;
    }

    void say(String part, String text) {
        if (address.isEmpty()) {
            out.println("  ".repeat(depth) + part + ": " + Log.escape(text.strip()));
            return;
        }
        Map<String, Object> step = new LinkedHashMap<>();
        step.put("part", part);
        step.put("depth", depth);
        step.put("text", text.strip());
        steps.add(step);
    }

    Steps steps(String part) {
        return text -> say(part, text);
    }

    /// The last line.
    ///
    /// @param outcome one word for it
    void conclude(String outcome, String text) {
        if (address.isEmpty()) {
            out.println(Log.escape(text.strip()));
            return;
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("address", address.get());
        all.put("steps", steps);
        all.put("outcome", outcome); // ./qrate puts the two parts of containers together at this member
        all.put("text", text.strip());
        JsonWriter.print(all, out);
    }

    void deeper() {
        depth++;
    }

    void back() {
        depth--;
    }
}
