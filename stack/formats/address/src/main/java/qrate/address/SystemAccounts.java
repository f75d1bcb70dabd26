package qrate.address;

import java.io.IOException;
import java.util.Optional;

/// The accounts of the system that get mail, where there are any (qmail-getpw(8)).
@FunctionalInterface
public interface SystemAccounts {
    /// Whose a local part is; alias's, if there is such an account, when it is nobody else's.
    ///
    /// @throws IOException when that cannot be told now
    Optional<User> find(String local) throws IOException;

    /// None: the users of this system are those of users/cdb and of the directory.
    static SystemAccounts none() {
        return _ -> Optional.empty();
    }
}
