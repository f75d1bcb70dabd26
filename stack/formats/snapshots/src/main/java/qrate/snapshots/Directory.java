package qrate.snapshots;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import qrate.core.Address;

/// Who has a mailbox here, as every reader of the directory sees it. No call waits for the database: the answers
/// come from
/// the last snapshot. One that says no more than where mail goes lets nobody in, and nobody send.
@FunctionalInterface
public interface Directory {
    /// Where mail for an address goes.
    ///
    /// @throws IOException when the snapshot cannot be read: a temporary failure, never "no such user"
    Route route(Address address) throws IOException;

    /// The same by the newest snapshot, where {@link #route} may answer by one that is a moment old: for whoever is
    /// about to do what cannot be taken back.
    ///
    /// @throws IOException as {@link #route}
    default Route newest(Address address) throws IOException {
        return route(address);
    }

    /// What a domain says that takes mail for names that nobody has, and throws it away. A release that does not know
    /// it refuses such mail.
    String DROPS = "drops";

    /// Whether a domain says so.
    ///
    /// @param domain one of the directory's, by whichever name
    default boolean drops(String domain) throws IOException {
        return said(domain, DROPS).isPresent();
    }

    /// The account behind a login name (`user@domain`).
    ///
    /// @throws IOException when the password snapshot cannot be read
    default Optional<Account> account(String login) throws IOException {
        return Optional.empty();
    }

    /// Whether an authenticated mailbox may use this reverse-path or From: itself, or an alias that leads to it.
    default boolean maySendAs(String mailbox, Address sender) throws IOException {
        return false;
    }

    /// What a domain says of its own under a name, else this system; empty where neither does. What such a text must
    /// be, whoever reads it knows.
    ///
    /// @param domain of this directory, or any other
    /// @throws IOException when the snapshot cannot be read
    default Optional<String> said(String domain, String name) throws IOException {
        return Optional.empty();
    }

    /// Where mail for an address goes.
    sealed interface Route {
        /// The domain is not one of the directory's.
        record NotOurs() implements Route {}

        /// The domain is ours, the user is not.
        record NoSuchUser() implements Route {}

        /// A mailbox, and whoever gets a copy of its mail.
        ///
        /// @param address its canonical address, lower case
        /// @param home its folder below the maildirs volume, relative: `domains/DOMAIN/USER`; the Maildir is
        ///     `Maildir` below it
        /// @param quotaBytes most bytes, 0 for no limit
        /// @param quotaMessages most messages, 0 for no limit
        /// @param copies addresses that get a copy too; empty when there are none
        /// @param keep whether the mailbox itself gets the message; false for a pure forward
        /// @param vacation what senders are answered
        /// @param language what its owner reads, as BCP 47 spells it; empty where nobody said
        record Mailbox(
                String address,
                String home,
                long quotaBytes,
                long quotaMessages,
                List<String> copies,
                boolean keep,
                Vacation vacation,
                String language)
                implements Route {
            /// One whose owner is not away, and of whom no more is known.
            public Mailbox(
                    String address,
                    String home,
                    long quotaBytes,
                    long quotaMessages,
                    List<String> copies,
                    boolean keep) {
                this(address, home, quotaBytes, quotaMessages, copies, keep, Vacation.NONE, "");
            }
        }

        /// An alias or a forward without a mailbox.
        ///
        /// @param to one address or more
        record Forward(List<String> to) implements Route {}
    }

    /// What a login is checked against.
    ///
    /// @param address canonical, lower case
    /// @param hash as crypt(3) writes it: bcrypt `$2a$…` / `$2b$…` / `$2y$…`, older ones on import
    /// @param home as in {@link Route.Mailbox#home()}
    /// @param pop whether POP3 is allowed
    /// @param smtp whether submission is allowed
    /// @param apps passwords of single programs, which open these doors too
    /// @param appOnly whether nothing but these opens them
    record Account(
            String address,
            String hash,
            String home,
            boolean pop,
            boolean smtp,
            List<AppPassword> apps,
            boolean appOnly) {
        public Account {
            apps = List.copyOf(apps);
        }

        /// One without passwords of programs.
        public Account(String address, String hash, String home, boolean pop, boolean smtp) {
            this(address, hash, home, pop, smtp, List.of(), false);
        }
    }
}
