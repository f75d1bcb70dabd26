package qrate.apply;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import qrate.core.ControlFile;
import qrate.directory.ControlFolder;
import qrate.directory.Refusal;

/// Reads what the file says about control files: a value, or a list of lines, under the name of each.
final class ControlReader {
    private ControlReader() {}

    static Named<Declared.ControlLines> read(Section top) throws BadFile {
        Optional<Value> value = top.value("control");
        if (value.isEmpty()) {
            return new Named<>(false, Map.of());
        }
        Section control = Section.of(value.get(), "control");
        Map<String, Declared.ControlLines> all = new TreeMap<>();
        for (String name : control.names()) {
            ControlFile file = ControlFile.named(name)
                    .orElseThrow(() -> control.badName(name, "there is no such control file (docs/control.md)"));
            String not = ControlFolder.elsewhere(file);
            if (!not.isEmpty()) {
                throw control.badName(name, not);
            }
            Optional<List<String>> lines = control.texts(name);
            if (lines.isPresent()) {
                check(control, file, lines.get());
            }
            all.put(name, new Declared.ControlLines(lines.isEmpty(), stripped(lines.orElse(List.of()))));
        }
        return new Named<>(true, all);
    }

    private static List<String> stripped(List<String> lines) {
        return lines.stream().map(String::stripTrailing).toList();
    }

    private static void check(Section control, ControlFile file, List<String> lines) throws BadFile {
        Optional<Refusal> problem = ControlFolder.problem(file, lines);
        if (problem.isPresent()) {
            throw control.refused(file.file(), problem.get());
        }
    }
}
