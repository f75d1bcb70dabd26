package qrate.publish;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.snapshots.Directory.Account;
import qrate.snapshots.Directory.Route;

/// What is to be published, as it is when it is asked for. Names are in their one spelling.
public interface DirectoryRows {
    /// A catch-all that is no address: mail is taken and thrown away.
    String DROPS = "delete";

    /// Every domain and alias domain, by name.
    List<Domain> domains() throws IOException;

    /// One of them.
    Optional<Domain> domain(String name) throws IOException;

    /// What a domain that is no alias has.
    ///
    /// @param locals of these names only; none for all
    Contents contents(String domain, Collection<String> locals) throws IOException;

    /// What was removed and whose files are not gone yet.
    List<Removal> removals() throws IOException;

    /// Forgets all removals, since their files are gone.
    void forgetRemovals() throws IOException;

    /// Mailboxes that were removed and are there again, whose kept files are not back yet.
    default List<Removal> returns() throws IOException {
        return List.of();
    }

    /// Forgets all returns, since their files are back.
    default void forgetReturns() throws IOException {}

    /// What this system says where a domain says nothing, by name.
    default Map<String, String> said() throws IOException {
        return Map.of();
    }

    /// A domain.
    ///
    /// @param aliasOf domain that it is another name of, or empty
    /// @param revision rises with each change of it
    record Domain(String name, String aliasOf, long revision) {
        /// The domain whose folder it has.
        String real() {
            return aliasOf.isEmpty() ? name : aliasOf;
        }
    }

    /// What a domain has.
    ///
    /// @param catchAll address that everybody else's mail goes to, {@link #DROPS}, or empty where it is refused
    /// @param routes by local part
    /// @param accounts by local part; each has a Maildir
    /// @param said what the domain says of its own, by name, where all of it was asked for
    record Contents(
            String catchAll, Map<String, Route> routes, Map<String, Account> accounts, Map<String, String> said) {
        /// One that says nothing.
        public Contents(String catchAll, Map<String, Route> routes, Map<String, Account> accounts) {
            this(catchAll, routes, accounts, Map.of());
        }
    }

    /// What was removed.
    ///
    /// @param local of a mailbox; empty for the whole domain
    /// @param kept the number under which its files are kept; 0 where they go
    record Removal(String domain, String local, long kept) {
        /// One of which nothing is kept.
        public Removal(String domain, String local) {
            this(domain, local, 0);
        }
    }
}
