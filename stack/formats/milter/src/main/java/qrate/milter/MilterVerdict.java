package qrate.milter;

import java.util.List;

/// What milters say of a step or a message, as far as the SMTP server must do something.
public sealed interface MilterVerdict {
    /// Nothing against it.
    record Pass() implements MilterVerdict {}

    /// Taken, and put aside for people to look at.
    record Quarantine(String reason) implements MilterVerdict {}

    /// Taken, and thrown away.
    record Discard() implements MilterVerdict {}

    /// Refused.
    ///
    /// @param code 400 to 599; after 421 the SMTP server ends the connection
    /// @param lines of the reply, without the code, an enhanced code in front or not; bytes as
    ///     characters, no controls
    record Refuse(int code, List<String> lines) implements MilterVerdict {
        public Refuse {
            lines = List.copyOf(lines);
        }

        static Refuse of(int code, String line) {
            return new Refuse(code, List.of(line));
        }

        /// Whether the client may try again.
        public boolean temporary() {
            return code < 500;
        }
    }
}
