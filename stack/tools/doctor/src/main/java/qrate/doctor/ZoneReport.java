package qrate.doctor;

import java.util.ArrayList;
import java.util.List;
import qrate.core.Log;
import qrate.zone.ZoneLook;
import qrate.zone.ZoneUpdate;

/// A look at a domain's rows, and what is to be changed, as lines for people.
final class ZoneReport {
    private static final String INDENT = "           ";

    private ZoneReport() {}

    /// A row and its state, what each who was asked sees, and what to do.
    static List<String> lines(List<ZoneLook.Looked> rows) {
        List<String> lines = new ArrayList<>();
        for (ZoneLook.Looked one : rows) {
            lines.add(String.format(
                    "%-10s %s %s", one.word(), one.row().name(), one.row().type()));
            for (ZoneLook.By by : one.seen()) {
                List<String> values = by.seen().values();
                String note = by.seen().note();
                lines.add(INDENT + by.viewer() + ": "
                        + Log.escape(values.isEmpty() ? "nothing" : String.join(", ", values))
                        + (note.isEmpty() ? "" : " (" + Log.escape(note) + ")"));
            }
            if (!one.todo().isEmpty()) {
                lines.add(INDENT + "> " + Log.escape(one.todo()));
            }
        }
        return lines;
    }

    /// Each record that goes or comes, and what is left to do by hand.
    static List<String> lines(ZoneUpdate.Plan plan) {
        List<String> lines = new ArrayList<>();
        plan.changes().forEach(change -> change.lines().forEach(line -> lines.add(Log.escape(line))));
        plan.byHand()
                .forEach(one -> lines.add("; " + one.row().name() + " "
                        + one.row().type() + " stays as it is: " + Log.escape(one.why())));
        return lines;
    }
}
