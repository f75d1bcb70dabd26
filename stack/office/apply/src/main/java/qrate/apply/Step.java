package qrate.apply;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import qrate.core.Log;
import qrate.vpopmail.Change;

/// Something to be done.
///
/// @param lines what is said about it, one or more of one kind
/// @param deed does it, and says of each line what came of it
/// @param losses what goes with it that somebody must agree to: mail, a list, or what would lead nowhere
record Step(List<Line> lines, Deed deed, List<String> losses) {
    static final String ADD = "add";
    static final String CHANGE = "change";
    static final String REMOVE = "remove";

    /// One difference.
    ///
    /// @param act {@link #ADD}, {@link #CHANGE} or {@link #REMOVE}
    /// @param kind of thing: `mailbox`
    /// @param name of it
    /// @param what is different, or empty
    record Line(String act, String kind, String name, String what) {
        String text() {
            return Log.escape(act + " " + kind + " " + name + (what.isEmpty() ? "" : ": " + what));
        }

        Map<String, Object> shape() {
            Map<String, Object> shape = new LinkedHashMap<>();
            shape.put("act", act);
            shape.put("kind", kind);
            shape.put("name", name);
            shape.put("what", what);
            return shape;
        }
    }

    /// Does it all, line by line.
    @FunctionalInterface
    interface Deed {
        List<Change> run() throws IOException;
    }

    /// Does one thing.
    @FunctionalInterface
    interface One {
        Change run() throws IOException;
    }

    static Step of(Line line, One deed) {
        return losing(line, List.of(), deed);
    }

    static Step losing(Line line, List<String> losses, One deed) {
        return new Step(List.of(line), () -> List.of(deed.run()), losses);
    }
}
