package qrate.backup;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.FolderTree;
import qrate.core.Getopt;
import qrate.core.JsonWriter;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Reasons;
import qrate.core.State;
import qrate.qcontrol.QueueControlClient;

/// `backup`: copies a running system into a folder of backups, lists them, and compares one with its list.
///
/// Exit code 0 when it is done, 1 when a backup is not what its list says, 100 for a wrong call, 111 when something
/// could not be done now.
public final class BackupProgram implements Program {
    private static final String USAGE = """
            usage: backup --to FOLDER [--keep N]   copies everything into a new folder below FOLDER
                   backup list [--json] FOLDER     the backups there, oldest first
                   backup verify [--json] [--sum S] BACKUP
                                                   reads a backup and compares it with its list
            """;

    /// By what is done; without a word for it a backup is made.
    private static final Map<String, Getopt> KNOWN = Map.of(
            "",
            Getopt.of("", "to:", "keep:"),
            "list",
            Getopt.anywhere("", "json"),
            "verify",
            Getopt.anywhere("", "sum:", "json"));

    private static final int NOT_WHOLE = 1;
    private static final int MISUSE = 100;
    private static final int TEMPORARY = 111;

    private final InstantSource clock;

    public BackupProgram(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) {
        String first = arguments.isEmpty() ? "" : arguments.getFirst();
        if (first.equals("--help")) {
            stdio.out().print(USAGE);
            return 0;
        }
        boolean looks = first.equals("list") || first.equals("verify");
        Getopt.Given given;
        try {
            given = KNOWN.get(looks ? first : "").read(looks ? arguments.subList(1, arguments.size()) : arguments);
        } catch (Getopt.Misuse _) {
            return misuse(stdio);
        }
        if (given.operands().size() != (looks ? 1 : 0)) {
            return misuse(stdio);
        }
        try {
            return switch (first) {
                case "list" -> list(Path.of(given.operand(0)), given.has("json"), stdio.out());
                case "verify" -> verify(Path.of(given.operand(0)), given, stdio);
                default -> make(given, stdio);
            };
        } catch (IOException e) {
            stdio.err().println("backup: fatal: " + Reasons.of(e));
            return TEMPORARY;
        }
    }

    private static int misuse(Stdio stdio) {
        stdio.err().print(USAGE);
        return MISUSE;
    }

    private int make(Getopt.Given given, Stdio stdio) throws IOException {
        String to = given.last("to").orElse("");
        Optional<String> keep = given.last("keep");
        if (to.isEmpty() || !keep.orElse("1").matches("[1-9][0-9]{0,4}")) {
            return misuse(stdio);
        }
        Path folder = Path.of(to).toAbsolutePath();
        State state = State.of(stdio.environment());
        Backup.Made made =
                new Backup(state, new QueueControlClient(state.run().resolve("send.sock")), clock).make(folder);
        stdio.out().println(made.folder().getFileName() + ": " + made.sums() + "; sum of its list " + made.sum());
        if (stdio.environment().getOrDefault("QRATE_DB_URL", "").startsWith("jdbc:postgresql")) {
            stdio.err().println("backup: warning: the directory is in PostgreSQL: copy that with pg_dump as well");
        }
        List<Path> all = Backup.all(folder);
        int kept = keep.map(Integer::parseInt).orElse(all.size());
        for (Path old : all.subList(0, Math.max(0, all.size() - kept))) {
            FolderTree.remove(old);
            stdio.out().println(old.getFileName() + ": removed");
        }
        return 0;
    }

    private static int list(Path folder, boolean json, PrintStream out) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException(folder + ": no such folder");
        }
        List<String> names = Backup.all(folder).stream()
                .map(backup -> backup.getFileName().toString())
                .toList();
        if (json) {
            JsonWriter.print(names, out);
        } else {
            names.forEach(out::println);
        }
        return 0;
    }

    private static int verify(Path folder, Getopt.Given given, Stdio stdio) throws IOException {
        Verified backup;
        try {
            backup = Verified.of(folder);
        } catch (IOException e) {
            if (given.has("json")) {
                Map<String, Object> shape = new LinkedHashMap<>();
                shape.put("whole", false);
                shape.put("wrong", List.of(Reasons.of(e)));
                JsonWriter.print(shape, stdio.out());
            }
            stdio.err().println("backup: " + Reasons.of(e));
            return NOT_WHOLE;
        }
        List<String> wrong = new ArrayList<>();
        if (!given.last("sum").orElse(backup.head().sum()).equals(backup.head().sum())) {
            wrong.add("is another: the sum of its list is " + backup.head().sum());
        }
        wrong.addAll(backup.wrong());
        boolean whole = wrong.isEmpty() && backup.isWhole();
        if (given.has("json")) {
            Map<String, Object> shape = new LinkedHashMap<>();
            shape.put("name", folder.getFileName().toString());
            shape.put("whole", whole);
            shape.put("frozen", backup.head().frozen().toString());
            shape.put("files", backup.files());
            shape.put("bytes", backup.bytes());
            shape.put("sum", backup.head().sum());
            shape.put("wrong", wrong);
            JsonWriter.print(shape, stdio.out());
        }
        wrong.forEach(what -> stdio.err().println("backup: " + folder + ": " + Log.escape(what)));
        if (!whole) {
            return NOT_WHOLE;
        }
        if (!given.has("json")) {
            stdio.out()
                    .println(folder.getFileName() + ": whole, of "
                            + backup.head().frozen() + ", " + backup.files() + " files, " + backup.bytes() + " bytes");
        }
        return 0;
    }
}
