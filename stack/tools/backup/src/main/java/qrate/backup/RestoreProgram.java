package qrate.backup;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import qrate.core.Getopt;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Reasons;
import qrate.core.State;

/// `restore [--dry-run] [--chown] BACKUP`: makes an empty state what a backup says.
///
/// Exit code 0 when it is done, 1 when the backup is not what its list says, 100 for a wrong call, 111 when something
/// could not be done now.
public final class RestoreProgram implements Program {
    private static final String USAGE = "usage: restore [--dry-run] [--chown] BACKUP";
    private static final Getopt KNOWN = Getopt.anywhere("", "dry-run", "chown");
    private static final int NOT_WHOLE = 1;
    private static final int MISUSE = 100;
    private static final int TEMPORARY = 111;

    /// Makes the folders of a state that are missing.
    @FunctionalInterface
    public interface Folders {
        /// @param chown whether each is given to the service that owns it
        void make(State state, boolean chown) throws IOException;
    }

    private final Folders folders;
    private final InstantSource clock;

    public RestoreProgram(Folders folders, InstantSource clock) {
        this.folders = folders;
        this.clock = clock;
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) {
        if (arguments.equals(List.of("--help"))) {
            stdio.out().println(USAGE);
            return 0;
        }
        Getopt.Given given;
        try {
            given = KNOWN.read(arguments);
        } catch (Getopt.Misuse _) {
            return misuse(stdio);
        }
        if (given.operands().size() != 1) {
            return misuse(stdio);
        }
        try {
            return run(Path.of(given.operand(0)), given.has("dry-run"), given.has("chown"), stdio);
        } catch (IOException e) {
            stdio.err().println("restore: fatal: " + Reasons.of(e));
            return TEMPORARY;
        }
    }

    private static int misuse(Stdio stdio) {
        stdio.err().println(USAGE);
        return MISUSE;
    }

    private int run(Path folder, boolean dry, boolean chown, Stdio stdio) throws IOException {
        Verified backup;
        try {
            backup = Verified.of(folder);
        } catch (IOException e) {
            stdio.err().println("restore: refused: " + Reasons.of(e));
            return NOT_WHOLE;
        }
        backup.wrong().forEach(what -> stdio.err().println("restore: refused: " + Log.escape(what)));
        if (!backup.isWhole()) {
            return NOT_WHOLE;
        }
        Restore restore = new Restore(State.of(stdio.environment()), state -> folders.make(state, chown), chown, clock);
        Optional<String> obstacle = restore.obstacle(backup);
        if (obstacle.isPresent()) {
            throw new IOException(obstacle.get());
        }
        String what = backup.files() + " files, " + backup.bytes() + " bytes of "
                + backup.head().frozen();
        if (dry) {
            stdio.out().println("restore: the backup is whole and this state is empty: would restore " + what);
            return 0;
        }
        int doubles = restore.run(backup);
        stdio.out()
                .println("restore: " + what + "; " + doubles
                        + " deliveries were made while the backup was, and are not made again");
        return 0;
    }
}
