package qrate.vpopmail;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import qrate.core.Getopt;
import qrate.core.Program;
import qrate.directory.Change;
import qrate.directory.Loss;
import qrate.directory.Refusal;
import qrate.directory.Words;

/// Asks before a command removes more than it was told to.
///
/// At a terminal each removal names what goes and asks, unless `-f` is given. Elsewhere, where vpopmail's scripts run,
/// what
/// was named goes with its own mail, as it always did, and only what would go beside it needs `-f`.
final class Removals {
    private Removals() {}

    /// What a command is about to do, once nobody objects.
    @FunctionalInterface
    interface Deed {
        Change run() throws IOException;
    }

    /// @param named what is named, for whoever is asked
    /// @param besides what goes beside it
    static Change run(Loss named, List<Loss> besides, Getopt.Given options, Program.Stdio stdio, Deed deed)
            throws IOException {
        Words words = Words.of(stdio.environment());
        String what = words.of(named);
        List<String> losses = words.all(besides);
        if (options.has("f")) {
            losses.forEach(loss -> stdio.out().println("Warning: this goes too: " + loss));
            return deed.run();
        }
        boolean terminal = stdio.isTerminal();
        if (!terminal && losses.isEmpty()) {
            return deed.run();
        }
        if (!terminal) {
            return Change.refuse(Refusal.Key.MORE_BY_COMMAND, what, String.join("; ", losses));
        }
        List<String> all = new ArrayList<>(List.of(what));
        all.addAll(losses);
        all.forEach(one -> stdio.err().println("removes " + one));
        return stdio.agrees("Remove all of this?") ? deed.run() : Change.refuse(Refusal.Key.MORE_NOT_AGREED);
    }
}
