package qrate.remote.session;

import qrate.core.Spawner;
import qrate.core.Verdict;

/// The moment from which on the server may have the message, and we do not know it.
public interface End {
    /// Nobody minds.
    End FREE = () -> true;

    /// Asked before the final dot is sent; if not, the message is the same as never sent.
    boolean mayBegin();

    /// The server answered the dot, or will not any more.
    default void isOver() {}

    /// What a message gets that may not begin its end.
    static Verdict stopped() {
        return new Verdict.Later(
                Spawner.NO_ANSWER + " rspawn, which stopped before the delivery was finished (#4.3.2)\n");
    }
}
