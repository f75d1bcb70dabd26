package qrate.inject;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import qrate.core.Control;
import qrate.core.ControlFile;
import qrate.core.ControlValue;
import qrate.core.JsonWriter;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Reasons;

/// `qmail-showctl`: shows each control file, what holds where there is none, and what makes no sense.
public final class QmailShowctl implements Program {
    private static final int PROBLEMS = 100;

    private final Control control;

    public QmailShowctl(Control control) {
        this.control = control;
    }

    /// One control file.
    ///
    /// @param how what its lines are
    private record Shown(String file, How how, List<String> lines) {
        enum How {
            /// One value, which stands in the file.
            VALUE,
            /// One value, which holds since there is no file.
            DEFAULT,
            /// Lines of the file.
            LINES,
            /// Why it cannot be used.
            PROBLEM
        }

        static Shown value(String file, String value, String otherwise) {
            return value.isEmpty()
                    ? new Shown(file, How.DEFAULT, List.of(otherwise))
                    : new Shown(file, How.VALUE, List.of(value));
        }

        void print(PrintStream out) {
            switch (how) {
                case VALUE -> out.println(file + ": " + Log.escape(lines.getFirst()));
                case DEFAULT -> out.println(file + ": (Default.) " + lines.getFirst());
                case PROBLEM -> out.println(file + ": PROBLEM: " + lines.getFirst());
                case LINES -> {
                    out.println(file + ":" + (lines.isEmpty() ? " (empty)" : ""));
                    lines.forEach(line -> out.println("  " + Log.escape(line)));
                }
            }
        }

        Map<String, Object> json() {
            Map<String, Object> shape = new LinkedHashMap<>();
            shape.put("file", file);
            shape.put(how.name().toLowerCase(Locale.ROOT), how == How.LINES ? lines : lines.getFirst());
            return shape;
        }
    }

    /// @return 0, or 100 when something is missing, unknown or makes no sense
    @Override
    public int run(List<String> arguments, Stdio stdio) {
        List<Shown> files = Arrays.stream(ControlFile.values()).map(this::shown).toList();
        List<String> strangers = List.of();
        String unseen = "";
        try {
            strangers = strangers();
        } catch (IOException e) {
            unseen = "the folder cannot be listed: " + Reasons.of(e);
        }
        long wrong =
                files.stream().filter(file -> file.how == Shown.How.PROBLEM).count();
        long problems = wrong + strangers.size() + (unseen.isEmpty() ? 0 : 1);
        PrintStream out = stdio.out();
        if (arguments.contains("--json")) { // other words are passed over, as qmail's does
            Map<String, Object> shape = new LinkedHashMap<>();
            shape.put("folder", control.folder().toString());
            shape.put("files", files.stream().map(Shown::json).toList());
            shape.put("unknown", strangers);
            if (!unseen.isEmpty()) {
                shape.put("problem", unseen);
            }
            shape.put("problems", problems);
            JsonWriter.print(shape, out);
        } else {
            out.println("control folder: " + control.folder());
            files.forEach(file -> file.print(out));
            strangers.forEach(name -> out.println(Log.escape(name) + ": I have no idea what this file does."));
            out.print(unseen.isEmpty() ? "" : "PROBLEM: " + unseen + "\n");
            out.println(problems == 0 ? "no problems found" : "problems found: " + problems);
        }
        return problems == 0 ? 0 : PROBLEMS;
    }

    private Shown shown(ControlFile file) {
        try {
            return look(file);
        } catch (IOException e) {
            String why = Reasons.of(e) + " (" + file.about().reader() + " will defer)";
            return new Shown(file.file(), Shown.How.PROBLEM, List.of(why));
        }
    }

    private Shown look(ControlFile file) throws IOException {
        String name = file.file();
        return switch (file.value().kind()) {
            case NAME, CHOICE, YES -> Shown.value(name, control.line(name).orElse(""), otherwise(file));
            case OR_ME -> Shown.value(name, control.line(name).orElse(""), me());
            case NUMBER -> {
                long number = control.number(file); // throws when there is none in it
                yield Shown.value(name, control.line(name).isEmpty() ? "" : String.valueOf(number), otherwise(file));
            }
            case LIST, ROUTES -> list(file, otherwise(file));
            case LIST_OR_ME -> list(file, me());
            case FILE ->
                Shown.value(name, Files.exists(control.folder().resolve(name)) ? "is there" : "", otherwise(file));
            case FOLDER ->
                Shown.value(name, String.join(" ", names(control.folder().resolve(name))), otherwise(file));
        };
    }

    private String otherwise(ControlFile file) throws IOException {
        if (file == ControlFile.ME && control.line("me").isEmpty()) {
            throw new IOException("missing, and everything else depends on it");
        }
        return file.value().otherwise().replace("`", "");
    }

    private String me() throws IOException {
        return control.line("me").orElseThrow(() -> new IOException("not there, and me is not either"));
    }

    private Shown list(ControlFile file, String otherwise) throws IOException {
        if (!control.exists(file.file())) {
            return Shown.value(file.file(), "", otherwise);
        }
        boolean routes = file.value().kind() == ControlValue.Kind.ROUTES;
        return new Shown(
                file.file(),
                Shown.How.LINES,
                control.lines(file.file()).stream()
                        .map(line -> routes ? withoutPassword(line) : line)
                        .toList());
    }

    /// `domain:relay:port user:(hidden)`.
    private static String withoutPassword(String route) {
        int blank = Math.max(route.indexOf(' '), route.indexOf('\t'));
        int colon = blank < 0 ? -1 : route.indexOf(':', blank);
        return colon < 0 ? route : route.substring(0, colon + 1) + "(hidden)";
    }

    private List<String> strangers() throws IOException {
        return names(control.folder()).stream()
                .filter(name -> ControlFile.named(name).isEmpty() && !name.startsWith("."))
                .toList();
    }

    private static List<String> names(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }
}
