package qrate.address;

import java.io.IOException;
import java.util.Optional;

/// How much still fits into mailboxes that are full or nearly so.
@FunctionalInterface
public interface Rooms {
    /// What is left.
    ///
    /// @param bytes most bytes of one more message; 0 for none
    /// @param messages most messages more
    record Room(long bytes, long messages) {
        boolean fits(long size) {
            return messages > 0 && bytes >= Math.max(1, size);
        }
    }

    /// @param home a mailbox's, relative to the maildirs
    /// @return empty when there is room enough, as far as anybody knows
    Optional<Room> left(String home) throws IOException;

    /// Nobody keeps count.
    static Rooms none() {
        return _ -> Optional.empty();
    }
}
