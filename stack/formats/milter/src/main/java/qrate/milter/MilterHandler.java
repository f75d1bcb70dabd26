package qrate.milter;

import java.io.IOException;
import java.util.Optional;

/// What a milter of ours does in one SMTP session. For one thread; a session has one of its own.
@FunctionalInterface
public interface MilterHandler extends AutoCloseable {
    /// What it may ask about a step.
    interface Context {
        /// What a macro means now.
        ///
        /// @param name one letter, or more in braces: `i`, `{client_addr}`; bytes as characters
        Optional<String> macro(String name);

        /// Says that it takes longer, so that the SMTP server goes on waiting.
        void progress() throws IOException;
    }

    /// Answers a step.
    ///
    /// Nothing of the body is kept for it: the last piece, if it comes with the end, comes as a piece of its
    /// own. Values of fields have the blank behind the colon, whatever was agreed, and so have those that it
    /// answers. An answer to a step that is not answered (SMFIP_NR_*) is given at the next that is; no other
    /// step is shown before.
    ///
    /// @throws IOException when it cannot tell now: the message is put off
    MilterAnswer on(MilterCommand.Event event, Context context) throws IOException;

    /// The message under way is given up by the SMTP server, or was refused for the length of its header. What
    /// the handler itself has refused or accepted is over without this.
    default void abort() {}

    /// The session is over.
    @Override
    default void close() {}
}
