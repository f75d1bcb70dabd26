package qrate.local;

import java.io.IOException;
import java.util.Optional;
import qrate.core.Address;
import qrate.core.Verdict;

/// Delivers one message to one recipient: qmail-lspawn's choice of the user, then qmail-local's work.
final class LocalDelivery {
    private final Users users;
    private final VirtualDelivery virtual;

    LocalDelivery(Users users, VirtualDelivery virtual) {
        this.users = users;
        this.virtual = virtual;
    }

    Verdict deliver(Mailing mailing) throws IOException {
        User user = userFor(mailing);
        if (mailing.loops()) {
            return new Verdict.Never("This message is looping: it already has my Delivered-To line. (#5.4.6)");
        }
        if (user.virtual()) {
            Address address = new Address(user.ext(), mailing.to().domain());
            return virtual.deliver(mailing, address, new VirtualDelivery.Nobody.Bounce());
        }
        return VirtualDelivery.noMailbox();
    }

    /// users/cdb, else the directory, else alias.
    private User userFor(Mailing mailing) throws IOException {
        String local = mailing.to().local();
        Optional<User> assigned = users.find(local);
        if (assigned.isPresent()) {
            return assigned.get();
        }
        String domain = mailing.to().domain();
        if (local.startsWith(domain + "-")) {
            String ext = local.substring(domain.length() + 1);
            if (virtual.has(new Address(ext, domain))) {
                return new User(domain, 0, 0, "domains/" + domain, "-", ext);
            }
        }
        return User.alias(local);
    }
}
