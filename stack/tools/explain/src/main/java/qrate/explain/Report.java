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
    /// What it is about, for JSON; nothing for text.
    private final Optional<Map.Entry<String, String>> about;
    private final List<Map<String, Object>> steps = new ArrayList<>();
    private int depth;

    private Report(PrintStream out, Optional<Map.Entry<String, String>> about) {
        this.out = out;
        this.about = about;
    }

    /// @param member the first of the JSON object
    /// @param about its value
    static Report of(PrintStream out, boolean json, String member, String about) {
        return new Report(out, json ? Optional.of(Map.entry(member, about)) : Optional.empty());
    }

    void say(String part, String text) {
        if (about.isEmpty()) {
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
        if (about.isEmpty()) {
            out.println(Log.escape(text.strip()));
            return;
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put(about.get().getKey(), about.get().getValue());
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
