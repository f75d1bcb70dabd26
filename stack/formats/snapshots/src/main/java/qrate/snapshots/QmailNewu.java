package qrate.snapshots;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import qrate.core.Program;
import qrate.core.State;

/// `qmail-newu`: makes users/cdb of users/assign, atomically (qmail-newu(8)).
public final class QmailNewu implements Program {
    /// Largest users/assign, in bytes.
    static final long ASSIGN_BYTES_MAX = 512L << 20;

    private static final int USAGE = 100;
    private static final int TROUBLE = 111;

    /// @return 0, or 111 and users/cdb is as it was
    @Override
    public int run(List<String> arguments, Stdio stdio) {
        if (!arguments.isEmpty()) {
            stdio.err().println("qmail-newu: usage: qmail-newu");
            return USAGE;
        }
        Path users = State.of(stdio.environment()).users();
        Path assign = users.resolve("assign");
        byte[] content;
        try {
            if (Files.size(assign) > ASSIGN_BYTES_MAX) {
                return fatal(stdio, "users/assign is larger than " + ASSIGN_BYTES_MAX + " bytes");
            }
            content = Files.readAllBytes(assign);
        } catch (IOException e) {
            return fatal(stdio, "unable to read users/assign: " + e);
        }
        try {
            Assignments.ofFile(content).write(users.resolve("cdb"), "rw-r-----");
            return 0;
        } catch (Assignments.BadFormat e) {
            return fatal(stdio, e.getMessage());
        } catch (IOException | IllegalStateException e) {
            return fatal(stdio, "unable to write users/cdb: " + e);
        }
    }

    private static int fatal(Stdio stdio, String why) {
        stdio.err().println("qmail-newu: fatal: " + qrate.core.Log.escape(why));
        return TROUBLE;
    }
}
