package qrate.address;

import java.io.IOException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import qrate.core.Address;
import qrate.core.Control;
import qrate.core.DomainName;
import qrate.core.Envelope;
import qrate.core.Recipient;
import qrate.qcontrol.Channel;
import qrate.snapshots.Directory;

/// Which addresses are the same, so that a message that names one in two ways arrives once.
///
/// Here local parts are the same in any case, and names of one mailbox of the directory are one, the names of its
/// domain included. Elsewhere only who has the mailbox knows (RFC 5321 §2.4): local parts are compared letter by
/// letter, and domains in any case.
public final class Sameness {
    private final Control control;
    private final Directory directory;

    public Sameness(Control control, Directory directory) {
        this.control = control;
        this.directory = directory;
    }

    /// The envelope with each recipient once, where it stood first; what others of the same address asked for is
    /// reported under that one.
    public Envelope once(Envelope envelope) {
        if (envelope.recipients().size() < 2) {
            return envelope;
        }
        Keys keys = keys();
        Map<String, Recipient> all = new LinkedHashMap<>();
        for (Recipient recipient : envelope.recipients()) {
            all.merge(keys.of(recipient.address()), recipient, Recipient::with);
        }
        return all.size() == envelope.recipients().size() ? envelope : envelope.to(new ArrayList<>(all.values()));
    }

    /// Keys of some addresses, equal where they are the same, in their order.
    public List<String> keys(List<String> addresses) {
        Keys keys = keys();
        return addresses.stream().map(keys::of).toList();
    }

    @FunctionalInterface
    private interface Keys {
        String of(String address);
    }

    private Keys keys() {
        try {
            Routing routing = Routing.read(control);
            return address -> key(routing, address);
        } catch (IOException _) {
            return address -> address; // whoever delivers says so; until then nobody is taken for somebody else
        }
    }

    private String key(Routing routing, String recipient) {
        Routing.Route route = routing.route(recipient);
        Address full = Address.of(route.full());
        // an address in an address, as lists and VERP have it, keeps its letters, which may be somebody else's
        boolean here = route.channel() == Channel.LOCAL && full.local().indexOf('=') < 0;
        String local =
                here ? Normalizer.normalize(full.local(), Normalizer.Form.NFC).toLowerCase(Locale.ROOT) : full.local();
        try {
            // by its own name, since what a catch-all gets may be somebody's by a file
            if (directory.route(full) instanceof Directory.Route.Mailbox box
                    && Address.of(box.address()).local().equals(local)) {
                return box.address();
            }
        } catch (IOException _) {
            // then by the address alone
        }
        return local + "@" + DomainName.ascii(full.domain());
    }
}
