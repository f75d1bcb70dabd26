package qrate.directory;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import qrate.publish.DirectoryRows;
import qrate.publish.MaildirFolders;
import qrate.snapshots.Vacation;

/// The directory as it is administered. Behind it stand the database itself, or the admin service that has it open.
///
/// Addresses and domains are taken in any case and any spelling, and by each name of a domain, and stored in one. Each
/// edit is durable, and seen by every reader within a second, when it comes back as {@link Change.Done}.
public interface EditableDirectory extends AutoCloseable {
    /// The mailbox that every domain has (RFC 5321 §4.5.1).
    String POSTMASTER = "postmaster";

    /// Does an edit.
    Change apply(Edit edit) throws IOException;

    /// Adds many mailboxes in one change; those that cannot be are left out.
    ///
    /// @return what came of each, in their order
    List<Change> addMailboxes(List<Edit.AddMailbox> edits) throws IOException;

    /// What goes, or leads nowhere, when a domain (`example.test`), or a mailbox or alias (`ann@example.test`) is
    /// removed, beside it and its own mail. Whoever removes something asks first where there is any.
    List<Loss> losses(String name) throws IOException;

    /// Every domain, by name.
    List<Domain> domains() throws IOException;

    /// One domain.
    Optional<Domain> domain(String domain) throws IOException;

    /// Mailboxes of a domain, by name.
    List<Mailbox> mailboxes(String domain) throws IOException;

    /// One mailbox.
    Optional<Mailbox> mailbox(String address) throws IOException;

    /// What senders to a mailbox are answered; {@link Vacation#NONE} where none was set, or no mailbox is.
    Vacation vacation(String address) throws IOException;

    /// What a domain says in its own words; {@link DomainTexts#NONE} where there is none.
    ///
    /// @param domain empty for this system
    DomainTexts texts(String domain) throws IOException;

    /// Where mail for a mailbox goes on to; {@link Forwarding#NONE} where no mailbox is.
    Forwarding forward(String address) throws IOException;

    /// Passwords of single programs of a mailbox, oldest first.
    List<AppPasswords.Listed> appPasswords(String address) throws IOException;

    /// Aliases of a domain, by name and target.
    List<Alias> aliases(String domain) throws IOException;

    /// Mailboxes of a domain that were removed and can be brought back, the newest first.
    default List<DeletedMailbox> deleted(String domain) throws IOException {
        return List.of();
    }

    /// Mail of a domain in the last {@link MailDays#KEPT} days, the oldest first; nothing where no domain is.
    List<MailDay> mailDays(String domain) throws IOException;

    /// Who administers the system.
    Staff staff();

    @Override
    void close();

    /// A domain.
    ///
    /// @param aliasOf domain that it is another name of, and that all the rest is about; or empty
    /// @param catchAll where everybody else's mail goes; empty where it is refused
    /// @param mailboxes how many it has
    record Domain(String name, String aliasOf, String catchAll, int mailboxes, Limits limits) {
        /// Its catch-all that takes everybody else's mail and throws it away, as vdelivermail's `delete` does.
        public static final String DROPS = DirectoryRows.DROPS;

        /// Whether {@link #catchAll} is an address.
        public boolean catches() {
            return !catchAll.isEmpty() && !catchAll.equals(DROPS);
        }

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
    /// @param values of every {@link Property}; where one is left out, what a new mailbox has
    record Mailbox(String address, Map<Property, Object> values) {
        /// Completes the values.
        public Mailbox {
            values = Property.complete(values);
        }

        /// Whether a mailbox may have this address, and not an alias alone.
        public static boolean isAddress(String text) {
            return Box.mailbox(text);
        }

        /// The name in front of the domain.
        public String local() {
            return Box.local(address);
        }

        /// Where it lives, relative to the maildirs volume.
        public String home() {
            return MaildirFolders.home(address.substring(local().length() + 1), local());
        }

        /// One with these flags and no others.
        public static Mailbox of(String address, Quota quota, Set<Property> flags) {
            Map<Property, Object> values = new EnumMap<>(Map.of(Property.QUOTA, quota));
            for (Property property : Property.values()) {
                if (property.kind() == Property.Kind.FLAG) {
                    values.put(property, flags.contains(property));
                }
            }
            return new Mailbox(address, values);
        }

        /// A value of it.
        public Object value(Property property) {
            return Objects.requireNonNull(values.get(property));
        }

        /// Most mail it may hold.
        public Quota quota() {
            return (Quota) value(Property.QUOTA);
        }

        /// What its owner is called, or empty.
        public String name() {
            return (String) value(Property.NAME);
        }

        /// What its owner reads, as BCP 47 spells it; empty where nobody said.
        public String language() {
            return (String) value(Property.LANGUAGE);
        }

        /// Where its owner is sent a link when he has forgotten his password, or empty.
        public String recovery() {
            return (String) value(Property.RECOVERY);
        }

        /// Whether a flag is on.
        public boolean is(Property flag) {
            return (Boolean) value(flag);
        }

        /// The same with other values.
        public Mailbox with(Map<Property, Object> others) {
            Map<Property, Object> all = new EnumMap<>(values);
            all.putAll(others);
            return new Mailbox(address, all);
        }

        /// The values that another has and this has not.
        public Map<Property, Object> changes(Mailbox after) {
            Map<Property, Object> changes = new EnumMap<>(after.values);
            changes.entrySet().removeAll(values.entrySet());
            return changes;
        }

        /// The same in words: `quota NOQUOTA -> 50MB, pop true -> false`; empty for nothing.
        public String difference(Mailbox after) {
            List<String> all = new ArrayList<>();
            changes(after)
                    .forEach((property, value) -> all.add(
                            property.word() + " " + property.said(value(property)) + " -> " + property.said(value)));
            return String.join(", ", all);
        }
    }

    /// One line of an alias.
    record Alias(String address, String target) {
        /// The name in front of the domain.
        public String local() {
            return Box.local(address);
        }

        /// Where an alias or a catch-all may lead, in the spelling that is stored: an address here or anywhere.
        ///
        /// @return empty where none may lead
        public static Optional<String> target(String text) {
            return Box.target(text);
        }
    }
}
