package qrate.remote.sign;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import qrate.core.DomainName;
import qrate.message.AddressList;
import qrate.message.Field;
import qrate.message.Header;
import qrate.message.Wanted;

/// Whose a message is.
final class Author {
    private Author() {}

    /// What of a header tells.
    static final Wanted WANTED = Wanted.some("from");

    /// The domains that may sign, the best first, in ASCII and lower case.
    ///
    /// @param header with what is {@link #WANTED}
    /// @param ours whether one of ours wrote it
    static List<String> domains(Header header, String sender, boolean ours) {
        Optional<String> from = from(header);
        Optional<String> envelope = domain(sender);
        List<String> all = new ArrayList<>();
        if (ours) {
            from.ifPresent(all::add);
        }
        // in a stranger's words our name would be proven by what only says who sent it on
        envelope.filter(domain -> ours || from.filter(f -> !related(f, domain)).isPresent())
                .ifPresent(all::add);
        return all.stream().distinct().toList();
    }

    /// Whether a signature of one is one of the other in the eyes of DMARC, which takes domains of one organization for
    /// one (RFC 9989 §4.4).
    private static boolean related(String one, String other) {
        return organization(one).equals(organization(other));
    }

    /// The last two labels: more are in common where the organization is a longer name, and then it is not signed.
    private static String organization(String domain) {
        int last = domain.lastIndexOf('.');
        int before = last < 0 ? -1 : domain.lastIndexOf('.', last - 1);
        return domain.substring(before + 1);
    }

    /// The domain of the one author that From names.
    private static Optional<String> from(Header header) {
        List<Field> fields = header.named("from");
        if (header.cut()
                || fields.size() != 1
                || !(AddressList.parse(fields.getFirst().value())
                        instanceof AddressList.Parsed.Good(AddressList list))) {
            return Optional.empty();
        }
        List<String> domains = list.mailboxes().stream()
                .map(AddressList.Mailbox::domain)
                .map(DomainName::ascii)
                .distinct()
                .toList();
        return domains.size() == 1 ? Optional.of(domains.getFirst()).filter(d -> !d.isEmpty()) : Optional.empty();
    }

    private static Optional<String> domain(String address) {
        int at = address.lastIndexOf('@');
        return at < 0 || at + 1 == address.length()
                ? Optional.empty()
                : Optional.of(DomainName.ascii(address.substring(at + 1)));
    }
}
