package qrate.apply;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import qrate.core.Getopt;
import qrate.core.JsonWriter;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Reasons;
import qrate.core.State;
import qrate.directory.Change;
import qrate.directory.EditableDirectory;
import qrate.directory.Opening;
import qrate.directory.Settings;
import qrate.directory.Words;
import qrate.snapshots.SnapshotDirectory;

/// `apply [--dry-run] [--prune] [--yes] [--json] FILE`: brings directory, lists and control files to what a file says.
///
/// Exit code 0 when all is as it says, 2 with `--dry-run` when something would change, 100 for a file or a call that is
/// wrong, 111 when something cannot be done now.
public final class ApplyProgram implements Program {
    private static final String USAGE =
            "apply: usage: apply [--dry-run] [--prune] [--yes] [--json] FILE (or - for standard input)";
    private static final int WOULD_CHANGE = 2;
    private static final int REFUSED = 100;
    private static final int TEMPORARY = 111;
    private static final int PASSWORD_BYTES_MAX = 4096;
    private static final Getopt KNOWN = Getopt.anywhere("", "dry-run", "prune", "yes", "json");

    private final Opening.Opener opener;

    ApplyProgram() {
        this(Opening::open);
    }

    ApplyProgram(Opening.Opener opener) {
        this.opener = opener;
    }

    /// `apply` and `export`, by name.
    public static Map<String, Program> programs() {
        return Map.of("apply", Program.of(ApplyProgram::new), "export", Program.of(ExportProgram::new));
    }

    /// What came of it.
    ///
    /// @param done differences that are no more, or with `--dry-run` all there are
    /// @param problem why it did not go on; empty when it is done
    private record Outcome(int code, List<PlannedChange.Line> done, List<String> notes, String problem) {
        static Outcome failed(int code, List<PlannedChange.Line> done, String problem) {
            return new Outcome(code, done, Controls.notes(done), problem);
        }
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) {
        Getopt.Given given;
        try {
            given = KNOWN.read(arguments);
        } catch (Getopt.Misuse _) {
            return misuse(stdio);
        }
        if (given.operands().size() != 1) {
            return misuse(stdio);
        }
        Outcome outcome = apply(given, stdio);
        if (given.has("json")) {
            Map<String, Object> shape = new LinkedHashMap<>();
            shape.put("changed", !outcome.done.isEmpty());
            shape.put(
                    "changes",
                    outcome.done.stream().map(PlannedChange.Line::shape).toList());
            shape.put("notes", outcome.notes);
            shape.put("error", outcome.problem);
            JsonWriter.print(shape, stdio.out());
        } else {
            outcome.notes.forEach(note -> stdio.out().println("note: " + note));
            if (outcome.code == 0 && outcome.done.isEmpty()) {
                stdio.out().println("nothing to do");
            }
        }
        if (!outcome.problem.isEmpty()) {
            stdio.err().println((outcome.code == REFUSED ? "apply: " : "apply: fatal: ") + outcome.problem);
        }
        return outcome.code;
    }

    private static int misuse(Stdio stdio) {
        stdio.err().println(USAGE);
        return REFUSED;
    }

    private Outcome apply(Getopt.Given given, Stdio stdio) {
        String file = given.operand(0);
        List<PlannedChange.Line> done = new ArrayList<>();
        State state = State.of(stdio.environment());
        try {
            int cost = Settings.of(stdio.environment(), state).bcryptCost();
            Declared wanted = new DeclarationReader(cost, name -> password(file, name)).read(bytes(file, stdio));
            try (EditableDirectory directory = opener.open(stdio.environment())) {
                SnapshotDirectory snapshots = new SnapshotDirectory(state, InstantSource.system());
                Planner planner = new Planner(state, directory, snapshots, cost, given.has("prune"));
                return apply(planner.plan(wanted), given, stdio, done);
            }
        } catch (BadFile e) {
            return Outcome.failed(
                    REFUSED, done, (file.equals("-") ? "the file" : Log.escape(file)) + ": " + e.getMessage());
        } catch (IOException e) {
            return Outcome.failed(TEMPORARY, done, Reasons.of(e));
        }
    }

    private static byte[] bytes(String file, Stdio stdio) throws IOException {
        if (file.equals("-")) {
            return stdio.in().readNBytes(Yaml.FILE_BYTES_MAX + 1);
        }
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            return in.readNBytes(Yaml.FILE_BYTES_MAX + 1);
        }
    }

    /// The first line of a file beside ours.
    private static String password(String file, String name) throws IOException {
        if (file.equals("-")) {
            throw new IOException("cannot be read here: write password or password_hash in its place");
        }
        Path path = Path.of(file).toAbsolutePath().resolveSibling(name);
        try (InputStream in = Files.newInputStream(path)) {
            return new String(in.readNBytes(PASSWORD_BYTES_MAX), UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            throw new IOException(Reasons.of(e), e);
        }
    }

    private static Outcome apply(
            List<PlannedChange> steps, Getopt.Given given, Stdio stdio, List<PlannedChange.Line> done)
            throws IOException {
        boolean quiet = given.has("json");
        if (given.has("dry-run")) {
            steps.forEach(step -> step.lines().forEach(line -> say(line, quiet, stdio, done)));
            return new Outcome(done.isEmpty() ? 0 : WOULD_CHANGE, done, List.of(), "");
        }
        Words words = Words.of(stdio.environment());
        List<String> losses =
                words.all(steps.stream().flatMap(step -> step.losses().stream()).toList());
        if (!losses.isEmpty() && !given.has("yes")) {
            return Outcome.failed(
                    REFUSED, done, "nothing is changed; --yes removes " + Log.escape(String.join("; ", losses)));
        }
        for (PlannedChange step : steps) {
            List<Change> outcomes = step.deed().run();
            String problem = "";
            for (int i = 0; i < outcomes.size(); i++) {
                PlannedChange.Line line = step.lines().get(i);
                if (outcomes.get(i) instanceof Change.Refused refused) {
                    problem = problem.isEmpty() ? line.text() + ": " + words.of(refused) : problem;
                } else {
                    say(line, quiet, stdio, done);
                }
            }
            if (!problem.isEmpty()) {
                // what was checked before has changed meanwhile
                return Outcome.failed(TEMPORARY, done, problem);
            }
        }
        return new Outcome(0, done, Controls.notes(done), "");
    }

    private static void say(PlannedChange.Line line, boolean quiet, Stdio stdio, List<PlannedChange.Line> done) {
        done.add(line);
        if (!quiet) {
            stdio.out().println(line.text());
        }
    }
}
