package qrate.apply;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import qrate.core.ControlFile;
import qrate.snapshots.Names;
import qrate.tcpserver.TcprulesCompiler;

/// Reads what the file says about control files: a value, or a list of lines, under the name of each.
final class ControlReader {
    static final Map<String, String> NOT_HERE = Map.of(
            "morercpthosts.cdb", "is made of morercpthosts: name that",
            "tcp.smtp.cdb", "is made of tcp.smtp: name that",
            "tlshosts", "is a folder of certificates: copy it by hand");

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
            String not = NOT_HERE.getOrDefault(name, "");
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
        String name = file.file();
        if (file.isValue() && lines.size() != 1) {
            throw control.bad(name, "must be one value");
        }
        for (String line : lines) {
            if (line.chars().anyMatch(c -> Character.isISOControl(c) && c != '\t')) {
                throw control.bad(name, "a line holds control characters");
            }
            String text = line.stripTrailing();
            if (file.isValue() && text.isEmpty()) {
                continue; // an empty value is none
            }
            if (text.isEmpty() || (!file.isValue() && text.startsWith("#"))) {
                throw control.bad(name, "empty lines and comments count for nothing there: leave them out");
            }
            String problem = file.problem(text);
            if (!problem.isEmpty()) {
                throw control.bad(name, BadFile.shown(file.isSecret() ? "a line" : text) + ": " + problem);
            }
        }
        if (file == ControlFile.ME && Names.domain(lines.getFirst()).isEmpty()) {
            throw control.bad(name, "is no name of a host");
        }
        Optional<String> wrong =
                file == ControlFile.TCP_SMTP ? TcprulesCompiler.problem(String.join("\n", lines)) : Optional.empty();
        if (wrong.isPresent()) {
            throw control.bad(name, wrong.get());
        }
    }
}
