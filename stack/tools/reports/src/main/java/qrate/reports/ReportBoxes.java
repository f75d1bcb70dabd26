package qrate.reports;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import qrate.core.Address;
import qrate.core.Control;
import qrate.snapshots.Directory;

/// Which mailboxes reports about a domain come to: those that control files name, else its postmaster's, and that of
/// `abuse` for complaints.
record ReportBoxes(Control control, Directory directory) {
    /// The control file that names the one for reports of DMARC.
    static final String DMARC = "dmarcmailbox";

    /// The control file that names the one for reports on TLS.
    static final String TLS = "tlsmailbox";

    /// The control file that names the one for complaints.
    static final String COMPLAINTS = "complaintmailbox";

    /// Most aliases on the way.
    private static final int ALIASES_MAX = 3;

    /// The address for one kind.
    ///
    /// @param setting {@link #DMARC} or {@link #TLS}
    /// @param domain in ASCII, lower case
    String address(String setting, String domain) throws IOException {
        return control.line(setting).orElse("postmaster@" + domain);
    }

    /// The folder of the mailbox that an address leads to, below the maildirs; nothing where there is none here.
    Optional<String> home(String address) throws IOException {
        return home(Address.of(address), ALIASES_MAX);
    }

    private Optional<String> home(Address address, int aliases) throws IOException {
        Directory.Route route = directory.route(address);
        if (route instanceof Directory.Route.Mailbox mailbox) {
            return Optional.of(mailbox.home());
        }
        if (route instanceof Directory.Route.Forward(var to) && aliases > 0) {
            for (String one : to) {
                Optional<String> found = one.indexOf('@') > 0 ? home(Address.of(one), aliases - 1) : Optional.empty();
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /// The folders of the mailboxes for a domain.
    Set<String> homes(String domain) throws IOException {
        Set<String> homes = new TreeSet<>();
        home(address(DMARC, domain)).ifPresent(homes::add);
        home(address(TLS, domain)).ifPresent(homes::add);
        home(control.line(COMPLAINTS).orElse("abuse@" + domain)).ifPresent(homes::add);
        return homes;
    }

    /// Our name, as the gate writes it.
    String me() throws IOException {
        return control.line("me").orElse("");
    }

    /// Whether a domain is one of the directory's, by whichever name.
    boolean isOurs(String domain) throws IOException {
        return !(directory.route(new Address("postmaster", domain)) instanceof Directory.Route.NotOurs);
    }
}
