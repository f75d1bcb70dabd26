package qrate.backup;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import qrate.core.FolderTree;
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
                   backup list FOLDER              the backups there, oldest first
                   backup verify BACKUP [--sum S]  reads a backup and compares it with its list
            """;

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
        List<String> rest = arguments.subList(Math.min(1, arguments.size()), arguments.size());
        try {
            return switch (first) {
                case "--help" -> {
                    stdio.out().print(USAGE);
                    yield 0;
                }
                case "list" -> rest.size() == 1 ? list(Path.of(rest.getFirst()), stdio.out()) : misuse(stdio);
                case "verify" -> verify(rest, stdio);
                default -> make(arguments, stdio);
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

    private int make(List<String> arguments, Stdio stdio) throws IOException {
        Optional<Path> to = Optional.empty();
        Optional<Integer> keep = Optional.empty();
        List<String> left = new ArrayList<>(arguments);
        while (!left.isEmpty()) {
            String option = left.removeFirst();
            String value = left.isEmpty() ? "" : left.removeFirst();
            if (option.equals("--to") && !value.isEmpty()) {
                to = Optional.of(Path.of(value).toAbsolutePath());
            } else if (option.equals("--keep") && value.matches("[1-9][0-9]{0,4}")) {
                keep = Optional.of(Integer.parseInt(value));
            } else {
                return misuse(stdio);
            }
        }
        if (to.isEmpty()) {
            return misuse(stdio);
        }
        State state = State.of(stdio.environment());
        Backup.Made made =
                new Backup(state, new QueueControlClient(state.run().resolve("send.sock")), clock).make(to.get());
        stdio.out().println(made.folder().getFileName() + ": " + made.sums() + "; sum of its list " + made.sum());
        if (stdio.environment().getOrDefault("QRATE_DB_URL", "").startsWith("jdbc:postgresql")) {
            stdio.err().println("backup: warning: the directory is in PostgreSQL: copy that with pg_dump as well");
        }
        List<Path> all = Backup.all(to.get());
        for (Path old : all.subList(0, Math.max(0, all.size() - keep.orElse(all.size())))) {
            FolderTree.remove(old);
            stdio.out().println(old.getFileName() + ": removed");
        }
        return 0;
    }

    private static int list(Path folder, PrintStream out) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException(folder + ": no such folder");
        }
        for (Path backup : Backup.all(folder)) {
            out.println(backup.getFileName());
        }
        return 0;
    }

    private static int verify(List<String> arguments, Stdio stdio) throws IOException {
        boolean summed = arguments.size() == 3 && arguments.get(1).equals("--sum");
        if (arguments.size() != 1 && !summed) {
            return misuse(stdio);
        }
        Path folder = Path.of(arguments.getFirst());
        Verified backup;
        try {
            backup = Verified.of(folder);
        } catch (IOException e) {
            stdio.err().println("backup: " + Reasons.of(e));
            return NOT_WHOLE;
        }
        boolean other = summed && !backup.head().sum().equals(arguments.getLast());
        if (other) {
            stdio.err()
                    .println("backup: " + folder + ": is another: the sum of its list is "
                            + backup.head().sum());
        }
        backup.wrong().forEach(what -> stdio.err().println("backup: " + folder + ": " + Log.escape(what)));
        if (other || !backup.isWhole()) {
            return NOT_WHOLE;
        }
        stdio.out()
                .println(folder.getFileName() + ": whole, of " + backup.head().frozen() + ", " + backup.files()
                        + " files, " + backup.bytes() + " bytes");
        return 0;
    }
}
