package qrate.local.deliver;

import java.util.Optional;
import qrate.address.User;
import qrate.core.Verdict;

/// Delivers as another user of the system than the one that this process is: only root can.
@FunctionalInterface
public interface OtherUsers {
    /// Delivers a message to one recipient, with qmail-local's work done by a process of that user.
    ///
    /// @param defaultDelivery what an empty `.qmail` file means
    /// @return empty when that is beyond us
    Optional<Verdict> deliver(Mailing mailing, User user, String defaultDelivery);

    /// Nobody's hands.
    static OtherUsers none() {
        return (_, _, _) -> Optional.empty();
    }
}
