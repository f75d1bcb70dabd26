package qrate.inject;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import qrate.core.Control;
import qrate.core.ControlFile;
import qrate.core.ControlValue;
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

    /// @return 0, or 100 when something is missing, unknown or makes no sense
    @Override
    public int run(List<String> arguments, Stdio stdio) {
        PrintStream out = stdio.out();
        out.println("control folder: " + control.folder());
        int problems = 0;
        for (ControlFile file : ControlFile.values()) {
            try {
                show(file, out);
            } catch (IOException e) {
                problems++;
                out.println(file.file() + ": PROBLEM: " + Reasons.of(e) + " ("
                        + file.about().reader() + " will defer)");
            }
        }
        problems += strangers(out);
        out.println(problems == 0 ? "no problems found" : "problems found: " + problems);
        return problems == 0 ? 0 : PROBLEMS;
    }

    private void show(ControlFile file, PrintStream out) throws IOException {
        String head = file.file() + ": ";
        switch (file.value().kind()) {
            case NAME, CHOICE, YES -> value(head, control.line(file.file()).orElse(""), otherwise(file), out);
            case OR_ME -> value(head, control.line(file.file()).orElse(""), me(), out);
            case NUMBER -> {
                long number = control.number(file); // throws when there is none in it
                value(head, control.line(file.file()).isEmpty() ? "" : String.valueOf(number), otherwise(file), out);
            }
            case LIST, ROUTES -> list(file, otherwise(file), out);
            case LIST_OR_ME -> list(file, me(), out);
            case FILE ->
                out.println(head
                        + (Files.exists(control.folder().resolve(file.file()))
                                ? "is there"
                                : "(Default.) " + otherwise(file)));
            case FOLDER -> {
                List<String> names = names(control.folder().resolve(file.file()));
                out.println(head + (names.isEmpty() ? "(Default.) " + otherwise(file) : String.join(" ", names)));
            }
        }
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

    private static void value(String head, String value, String otherwise, PrintStream out) {
        out.println(head + (value.isEmpty() ? "(Default.) " + otherwise : Log.escape(value)));
    }

    private void list(ControlFile file, String otherwise, PrintStream out) throws IOException {
        if (!control.exists(file.file())) {
            out.println(file.file() + ": (Default.) " + otherwise);
            return;
        }
        List<String> lines = control.lines(file.file());
        out.println(file.file() + ":" + (lines.isEmpty() ? " (empty)" : ""));
        for (String line : lines) {
            out.println(
                    "  " + Log.escape(file.value().kind() == ControlValue.Kind.ROUTES ? withoutPassword(line) : line));
        }
    }

    /// `domain:relay:port user:(hidden)`.
    private static String withoutPassword(String route) {
        int blank = Math.max(route.indexOf(' '), route.indexOf('\t'));
        int colon = blank < 0 ? -1 : route.indexOf(':', blank);
        return colon < 0 ? route : route.substring(0, colon + 1) + "(hidden)";
    }

    private int strangers(PrintStream out) {
        List<String> names;
        try {
            names = names(control.folder());
        } catch (IOException e) {
            out.println("PROBLEM: the folder cannot be listed: " + Reasons.of(e));
            return 1;
        }
        int unknown = 0;
        for (String name : names) {
            if (ControlFile.named(name).isEmpty() && !name.startsWith(".")) {
                out.println(Log.escape(name) + ": I have no idea what this file does.");
                unknown++;
            }
        }
        return unknown;
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
