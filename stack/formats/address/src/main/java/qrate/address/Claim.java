package qrate.address;

import java.util.Optional;
import qrate.core.Address;
import qrate.snapshots.Directory;

/// Whose an address is, and what says what becomes of its mail.
public sealed interface Claim {
    /// Nobody's.
    record Vacant() implements Claim {}

    /// Whom mail comes back to that was sent on from here.
    record LeadsBack(String address) implements Claim {}

    /// It looks like one of ours that mail comes back by, and is none, or too old.
    ///
    /// @param why in words
    record LeadsNowhere(String why) implements Claim {}

    /// It cannot be followed now.
    record Waits(String why) implements Claim {}

    /// A user's whose files whoever asks cannot see.
    record Unseen(User user) implements Claim {}

    /// A user's, by a file.
    record ByFile(User user, Found.File file) implements Claim {}

    /// A user's, by the default instructions.
    record ByDefault(User user, Optional<String> rest) implements Claim {}

    /// The directory decides.
    ///
    /// @param user the domain's
    /// @param address without a prefix in front
    /// @param nobody what happens when the directory knows nobody either
    /// @param looked whether the domain's own files could be looked at, which come first
    record Listed(User user, Address address, Directory.Route route, Nobody nobody, boolean looked) implements Claim {}
}
