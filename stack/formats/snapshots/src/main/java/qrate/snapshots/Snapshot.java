package qrate.snapshots;

import java.util.Map;
import java.util.Set;

/// What the files of one domain say.
public sealed interface Snapshot {
    /// The domain, as {@link Names#domain} spells it.
    String name();

    /// Revision of the database it was made from; rises with each change of the domain.
    long revision();

    /// A domain with its people.
    ///
    /// @param routes {@link Directory.Route.Mailbox} or {@link Directory.Route.Forward} by local part
    /// @param catchAll where everybody else's mail goes; {@link Directory.Route.NoSuchUser} for nowhere
    /// @param accounts by local part
    /// @param said what it says of its own, by name ({@link Directory#said})
    record Domain(
            String name,
            long revision,
            Map<String, Directory.Route> routes,
            Directory.Route catchAll,
            Map<String, Directory.Account> accounts,
            Map<String, String> said)
            implements Snapshot {
        public Domain {
            routes = Map.copyOf(routes);
            accounts = Map.copyOf(accounts);
            said = Map.copyOf(said);
        }

        /// One that says nothing of its own.
        public Domain(
                String name,
                long revision,
                Map<String, Directory.Route> routes,
                Directory.Route catchAll,
                Map<String, Directory.Account> accounts) {
            this(name, revision, routes, catchAll, accounts, Map.of());
        }
    }

    /// Another name of a domain: `ann@ALIAS` is `ann@DOMAIN`.
    ///
    /// @param of the domain it stands for, which is no alias itself
    record Alias(String name, long revision, String of) implements Snapshot {}

    /// What one change made of some mailboxes and aliases of a domain.
    ///
    /// @param before revision of the files that it changes
    /// @param locals whom it is about; one that has neither a route nor an account is gone
    record Amendment(
            String name,
            long revision,
            long before,
            Set<String> locals,
            Map<String, Directory.Route> routes,
            Map<String, Directory.Account> accounts) {
        public Amendment {
            locals = Set.copyOf(locals);
            routes = Map.copyOf(routes);
            accounts = Map.copyOf(accounts);
        }
    }
}
