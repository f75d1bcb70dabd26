package qrate.local.plan;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import qrate.core.Program;
import qrate.core.State;
import qrate.snapshots.Directory;

/// `qmail-newdot`: tells the door which `.qmail` files there are, now (qmail-newdot(8)).
public final class QmailNewdot implements Program {
    private static final int USAGE = 100;
    private static final int TROUBLE = 111;

    private final Function<State, Directory> directories;
    private final InstantSource clock;

    /// @param directories says which quota a mailbox has
    public QmailNewdot(Function<State, Directory> directories, InstantSource clock) {
        this.directories = directories;
        this.clock = clock;
    }

    /// @return 0 when `users/dotqmail.cdb` is as the Maildirs are; 100 for a wrong call; 111 in trouble
    @Override
    public int run(List<String> arguments, Stdio stdio) {
        if (!arguments.isEmpty()) {
            stdio.err().println("qmail-newdot: usage: qmail-newdot");
            return USAGE;
        }
        State state = State.of(stdio.environment());
        try {
            new Publication(state.maildirs(), state.users(), directories.apply(state), clock).publish();
            return 0;
        } catch (IOException e) {
            stdio.err().println("qmail-newdot: fatal: unable to publish: " + e);
            return TROUBLE;
        }
    }
}
