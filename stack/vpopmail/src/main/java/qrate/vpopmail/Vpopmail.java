package qrate.vpopmail;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// The directory as it is administered. Behind it stand the database itself, or the admin service that has it open.
///
/// Addresses and domains are taken in any case and any spelling, and by each name of a domain, and stored in one. Each
/// change is durable, and seen by every reader within a second, when its method returns {@link Change.Done}.
public interface Vpopmail extends AutoCloseable {
    /// How a clause of {@link #losses} ends that speaks of the host's own mail, as its postmaster's.
    String LEAD_ELSEWHERE = "lead that elsewhere first";

    /// Adds a domain and its postmaster.
    Change addDomain(String domain, Password postmaster) throws IOException;

    /// What goes, or leads nowhere, when a domain (`example.test`), or a mailbox or alias (`ann@example.test`) is
    /// removed, beside it and its own mail: a clause for each. Whoever removes something asks first where there is
    /// any.
    List<String> losses(String name) throws IOException;

    /// Removes a domain with all its mail, or an alias domain; and what {@link #losses} says.
    Change deleteDomain(String domain) throws IOException;

    /// Makes a second name for a domain.
    Change addAliasDomain(AliasDomain alias) throws IOException;

    /// Sends mail for everybody who is not there to an address; empty for nobody.
    Change setCatchAll(String domain, String target) throws IOException;

    /// Sets how much a domain may have.
    Change setLimits(String domain, Limits limits) throws IOException;

    /// Adds a mailbox and makes its Maildir.
    Change addMailbox(String address, Password password) throws IOException;

    /// Adds many mailboxes in one change; those that cannot be are left out.
    ///
    /// @return what came of each, in their order
    List<Change> addMailboxes(List<NewMailbox> mailboxes) throws IOException;

    /// Removes a mailbox with all its mail.
    Change deleteMailbox(String address) throws IOException;

    /// Sets a mailbox's password, which ends its owner's sessions and tokens.
    default Change setPassword(String address, Password password) throws IOException {
        return setPassword(address, password, false);
    }

    /// Sets a mailbox's password, which ends its owner's sessions.
    ///
    /// @param keepTokens whether tokens stay
    Change setPassword(String address, Password password, boolean keepTokens) throws IOException;

    /// Sets a mailbox's quota and flags to what the record says.
    Change modify(Mailbox mailbox) throws IOException;

    /// Adds one target to an alias; beside a mailbox of that name it gets copies.
    Change addAlias(Alias alias) throws IOException;

    /// Removes one target of an alias.
    Change deleteAlias(Alias alias) throws IOException;

    /// Every domain, by name.
    List<Domain> domains() throws IOException;

    /// One domain.
    Optional<Domain> domain(String domain) throws IOException;

    /// Mailboxes of a domain, by name.
    List<Mailbox> mailboxes(String domain) throws IOException;

    /// One mailbox.
    Optional<Mailbox> mailbox(String address) throws IOException;

    /// Aliases of a domain, by name and target.
    List<Alias> aliases(String domain) throws IOException;

    /// Who administers the system.
    Staff staff();

    @Override
    void close();

    /// A mailbox to be made, with its domain's quota.
    record NewMailbox(String address, Password password) {}

    /// A domain.
    ///
    /// @param aliasOf domain that it is another name of, and that all the rest is about; or empty
    /// @param catchAll where everybody else's mail goes, or empty
    /// @param mailboxes how many it has
    record Domain(String name, String aliasOf, String catchAll, int mailboxes, Limits limits) {}

    /// How much a domain may have; 0 for no limit.
    ///
    /// @param mailboxes most mailboxes
    /// @param aliases most alias lines
    /// @param quotaBytes quota of a new mailbox, in bytes
    record Limits(int mailboxes, int aliases, long quotaBytes) {
        /// No limits.
        public static final Limits NONE = new Limits(0, 0, 0);
    }

    /// A mailbox, without its password.
    ///
    /// @param address canonical
    /// @param quota most mail it may hold
    /// @param pop whether POP3 is open to it
    /// @param smtp whether submission is
    /// @param postmaster whether it may administer its domain
    /// @param keep whether it gets mail itself when it has copies sent
    record Mailbox(String address, Quota quota, boolean pop, boolean smtp, boolean postmaster, boolean keep) {
        /// The same with another quota.
        public Mailbox with(Quota other) {
            return new Mailbox(address, other, pop, smtp, postmaster, keep);
        }
    }

    /// One line of an alias.
    record Alias(String address, String target) {
        /// Where an alias or a catch-all may lead, in the spelling that is stored: an address here or anywhere.
        ///
        /// @return empty where none may lead
        public static Optional<String> target(String text) {
            return Box.target(text);
        }
    }

    /// A second name of a domain.
    record AliasDomain(String domain, String alias) {}
}
