package qrate.vpopmail;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The directory as it is administered. Behind it stand the database itself, or the admin service that has it open.
///
/// Addresses and domains are taken in any case and any spelling, and by each name of a domain, and stored in one. Each
/// edit is durable, and seen by every reader within a second, when it comes back as {@link Change.Done}.
public interface Vpopmail extends AutoCloseable {
    /// How a clause of {@link #losses} ends that speaks of the host's own mail, as its postmaster's.
    String LEAD_ELSEWHERE = "lead that elsewhere first";

    /// Does an edit.
    Change apply(Edit edit) throws IOException;

    /// Adds many mailboxes in one change; those that cannot be are left out.
    ///
    /// @return what came of each, in their order
    List<Change> addMailboxes(List<Edit.AddMailbox> edits) throws IOException;

    /// What goes, or leads nowhere, when a domain (`example.test`), or a mailbox or alias (`ann@example.test`) is
    /// removed, beside it and its own mail: a clause for each. Whoever removes something asks first where there is
    /// any.
    List<String> losses(String name) throws IOException;

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

    /// A domain.
    ///
    /// @param aliasOf domain that it is another name of, and that all the rest is about; or empty
    /// @param catchAll where everybody else's mail goes, or empty
    /// @param mailboxes how many it has
    record Domain(String name, String aliasOf, String catchAll, int mailboxes, Limits limits) {
        /// The name that all of it is kept under.
        public String real() {
            return aliasOf.isEmpty() ? name : aliasOf;
        }
    }

    /// How much a domain may have; 0 for no limit.
    ///
    /// @param mailboxes most mailboxes
    /// @param aliases most alias lines
    /// @param quotaBytes quota of a new mailbox, in bytes
    record Limits(int mailboxes, int aliases, long quotaBytes) {
        /// No limits.
        public static final Limits NONE = new Limits(0, 0, 0);

        /// In words: `5 mailboxes, 0 aliases, quota 50MB`.
        public String words() {
            return mailboxes + " mailboxes, " + aliases + " aliases, quota " + new Quota(quotaBytes, 0).words();
        }
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

        /// What another has that this has not: `quota NOQUOTA -> 50MB, pop true -> false`; empty for nothing.
        public String difference(Mailbox after) {
            List<String> all = new ArrayList<>();
            if (!quota.equals(after.quota)) {
                all.add("quota " + quota.words() + " -> " + after.quota.words());
            }
            truth(all, "pop", pop, after.pop);
            truth(all, "smtp", smtp, after.smtp);
            truth(all, "postmaster", postmaster, after.postmaster);
            truth(all, "keep", keep, after.keep);
            return String.join(", ", all);
        }

        private static void truth(List<String> all, String name, boolean before, boolean after) {
            if (before != after) {
                all.add(name + " " + before + " -> " + after);
            }
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
}
