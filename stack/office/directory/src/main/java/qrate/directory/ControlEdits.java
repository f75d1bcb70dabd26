package qrate.directory;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import qrate.core.ControlFile;
import qrate.directory.Database.Tx;

/// Changes of control files. A file is written in the transaction that holds the line of the audit log, before it
/// ends, while nobody else writes the directory's own lines.
record ControlEdits(Editor editor) {
    private ControlFolder files() {
        return new ControlFolder(editor.shared().state().control());
    }

    private static Set<String> domains(Tx tx) throws SQLException {
        return new TreeSet<>(tx.list("SELECT name FROM domains", r -> r.getString(1)));
    }

    Change set(Edit.SetControl edit) throws IOException {
        ControlFile file = edit.file();
        Optional<Refusal> problem = ControlFolder.problem(file, edit.lines());
        if (problem.isPresent()) {
            return new Change.Refused(problem.get());
        }
        return editor.change(tx -> {
            Set<String> domains = domains(tx);
            Optional<Refusal> conflict = ControlFolder.conflict(file, edit.lines(), domains);
            if (conflict.isPresent()) {
                return new Outcome.Not(new Change.Refused(conflict.get()));
            }
            List<String> lines = ControlFolder.others(
                    file, edit.lines().stream().map(String::stripTrailing).toList(), domains);
            if (files().says(file, lines, domains)) {
                return new Outcome.Done(List.of());
            }
            Optional<List<String>> before = files().present(file, domains);
            files().write(file, lines, domains);
            return Outcome.done(new Edit.SetControl(file, lines), ControlFolder.difference(file, before, lines));
        });
    }

    Change remove(Edit.RemoveControl edit) throws IOException {
        ControlFile file = edit.file();
        if (ControlFolder.stays(file)) {
            return Change.refuse(Refusal.Key.CONTROL_STAYS, file.file());
        }
        if (!ControlFolder.elsewhere(file).isEmpty()) {
            return Change.refuse(Refusal.Key.CONTROL_ELSEWHERE, file.file(), ControlFolder.elsewhere(file));
        }
        return editor.change(tx -> {
            Optional<List<String>> before = files().present(file, domains(tx));
            if (before.isEmpty()) {
                return new Outcome.Done(List.of());
            }
            files().remove(file);
            boolean empty = before.get().isEmpty();
            return Outcome.done(edit, empty ? "" : "was " + ControlFolder.said(file, before.get()));
        });
    }
}
