package qrate.images.queue;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import qrate.core.Control;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.State;
import qrate.lists.Lists;
import qrate.queue.QmailQueue;
import qrate.snapshots.SnapshotDirectory;
import qrate.wordings.Wordings;

/// ezmlm's programs that work on mail, run by hand with the environment of qmail-command(8).
final class ListsByHand {
    private ListsByHand() {}

    /// Made when the first list needs it: every command of this image passes here.
    private static final class Secure {
        static final SecureRandom RANDOM = new SecureRandom();
    }

    /// By name.
    static Map<String, Program> programs(Map<String, String> environment) {
        return lists(environment).byHand();
    }

    /// By name, those that local delivery knows.
    static Map<String, Program> inDelivery(Map<String, String> environment) {
        return lists(environment).inDelivery();
    }

    private static Lists lists(Map<String, String> environment) {
        Log log = Log.standard(environment);
        InstantSource clock = InstantSource.system();
        State state = State.of(environment);
        Control control = new Control(state.control(), clock);
        return new Lists(
                QmailQueue.client(environment),
                clock,
                () -> Secure.RANDOM.nextLong(),
                log,
                new Lists.House(
                        () -> control.line("listurl"),
                        () -> control.line("me"),
                        new Wordings(SnapshotDirectory.orNone(state, clock), log)));
    }
}
