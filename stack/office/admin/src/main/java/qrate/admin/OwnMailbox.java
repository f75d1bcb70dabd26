package qrate.admin;

import java.io.IOException;
import java.util.Optional;
import qrate.core.State;
import qrate.directory.Domains;
import qrate.directory.EditableDirectory;
import qrate.directory.Forwarding;
import qrate.directory.Logins;
import qrate.snapshots.Vacation;

/// What its owner sees of a mailbox first.
///
/// @param name of its owner, or empty
/// @param use empty where nothing is limited
/// @param apps how many app passwords there are
/// @param language what he reads, or empty
/// @param last where from somebody signed in last
record OwnMailbox(
        String name,
        Optional<MailboxUse> use,
        Vacation vacation,
        Forwarding forward,
        int apps,
        String language,
        Optional<Logins.Login> last) {
    /// That of whoever signed in; empty for an administrator, who has none.
    static Optional<OwnMailbox> of(Domains domains, State state, String name) throws IOException {
        Optional<EditableDirectory.Mailbox> mailbox = domains.mailbox(name);
        return mailbox.isEmpty()
                ? Optional.empty()
                : Optional.of(new OwnMailbox(
                        mailbox.get().name(),
                        MailboxUse.of(state, mailbox.get()),
                        domains.vacation(name),
                        domains.forward(name),
                        domains.appPasswords(name).size(),
                        mailbox.get().language(),
                        domains.logins().of(name).stream().findFirst()));
    }
}
