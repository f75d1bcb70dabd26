package qrate.remote.session;

import qrate.core.Spawner;
import qrate.core.Verdict;

/// What a delivery tells of its course, and asks before its steps.
public interface Course {
    /// Nobody minds.
    Course FREE = () -> true;

    /// A server is about to be dialled, which may let us wait.
    default void dials() {}

    /// Asked when a server is ready for the message; waits for a turn if there is none at the moment.
    ///
    /// @return false when there was none in time
    default boolean mayGoOn() throws InterruptedException {
        return true;
    }

    /// Asked before the final dot is sent; if not, the message is the same as never sent. From here on the server may
    /// have the message, and we do not know it.
    boolean mayEnd();

    /// The server answered the dot, or will not any more.
    default void isOver() {}

    /// What a message gets that may not begin its end.
    static Verdict stopped() {
        return new Verdict.Later(
                Spawner.NO_ANSWER + " rspawn, which stopped before the delivery was finished (#4.3.2)\n");
    }
}
