package qrate.apply;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import qrate.core.ControlChecks;
import qrate.core.ControlFile;
import qrate.directory.Change;
import qrate.directory.ControlFolder;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Refusal;

/// The control files (qmail-control(5)), as a file says them.
record Controls(ControlFolder files, EditableDirectory directory) {
    /// Names of the directory's domains, aliases too.
    private Set<String> domains() throws IOException {
        return directory.domains().stream()
                .map(EditableDirectory.Domain::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// What is there, as a file says it.
    ///
    /// @param secrets whether routes with passwords are shown; else a value of nothing says that there are some
    Map<String, Object> export(boolean secrets) throws IOException {
        Set<String> domains = domains();
        Map<String, Object> all = new TreeMap<>();
        for (ControlFile file : ControlFile.values()) {
            Optional<List<String>> lines = isText(file) ? files.present(file, domains) : Optional.empty();
            if (lines.isPresent()) {
                boolean hidden =
                        !secrets && lines.get().stream().anyMatch(line -> ControlFolder.hasPassword(file, line));
                all.put(
                        file.file(),
                        hidden ? null : file.isValue() ? value(lines.get().getFirst()) : lines.get());
            }
        }
        return all;
    }

    private static boolean isText(ControlFile file) {
        return ControlFolder.elsewhere(file).isEmpty();
    }

    private static Object value(String text) {
        return text.matches("0|[1-9][0-9]{0,17}") ? Long.valueOf(text) : text;
    }

    /// What is to be done.
    ///
    /// @param names of domains once the file is applied
    List<PlannedChange> plan(Named<Declared.ControlLines> wanted, Set<String> names, boolean prune)
            throws IOException, BadFile {
        Set<String> domains = new TreeSet<>(domains());
        domains.addAll(names);
        List<PlannedChange> steps = new ArrayList<>();
        for (Map.Entry<String, Declared.ControlLines> one : wanted.all().entrySet()) {
            ControlFile file = ControlFile.named(one.getKey()).orElseThrow();
            if (!one.getValue().kept()) {
                Optional<Refusal> conflict =
                        ControlFolder.conflict(file, one.getValue().lines(), domains);
                if (conflict.isPresent()) {
                    throw new BadFile(conflict.get());
                }
                List<String> lines = ControlFolder.others(file, one.getValue().lines(), domains);
                if (!files.says(file, lines, domains)) {
                    steps.add(set(file, files.present(file, domains), lines));
                }
            }
        }
        if (prune && wanted.said()) {
            for (ControlFile file : ControlFile.values()) {
                boolean goes = !wanted.all().containsKey(file.file())
                        && isText(file)
                        && !ControlFolder.stays(file)
                        && files.present(file, domains).isPresent();
                if (goes) {
                    steps.add(PlannedChange.of(directory, new Edit.RemoveControl(file), ""));
                }
            }
        }
        return steps;
    }

    private PlannedChange set(ControlFile file, Optional<List<String>> before, List<String> lines) {
        PlannedChange.Line line = new PlannedChange.Line(
                before.isEmpty() ? PlannedChange.ADD : PlannedChange.CHANGE,
                PlannedChange.CONTROL,
                file.file(),
                ControlFolder.difference(file, before, lines));
        return PlannedChange.of(line, () -> {
            Change change = directory.apply(new Edit.SetControl(file, lines));
            boolean large =
                    change instanceof Change.Refused why && why.refusal().key() == Refusal.Key.CONTROL_LARGE;
            if (!large) {
                return change;
            }
            files.write(file, lines, domains()); // it cannot travel to the admin service, and is written here
            return new Change.Done();
        });
    }

    /// What is to be done so that a file is not there any more; nothing where it is not.
    List<PlannedChange> removal(ControlFile file) throws IOException {
        boolean there =
                ControlFolder.stays(file) || files.present(file, domains()).isPresent();
        return there ? List.of(PlannedChange.of(directory, new Edit.RemoveControl(file), "")) : List.of();
    }

    /// What has to be done by hand before changes of control files count.
    static List<String> notes(List<PlannedChange.Line> done) {
        Map<String, String> notes = new LinkedHashMap<>();
        for (PlannedChange.Line line : done) {
            if (line.kind().equals(PlannedChange.CONTROL)
                    && ControlFile.named(line.name())
                            .filter(ControlChecks::atStart)
                            .isPresent()) {
                notes.put(
                        line.name(),
                        "control/" + line.name() + " is read at the start: ./qrate down, then up, and it counts");
            }
        }
        return List.copyOf(notes.values());
    }
}
