package qrate.gate;

import java.net.InetAddress;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import qrate.core.DomainName;

/// Who brings a message, and for whom.
///
/// @param client its address
/// @param helo what it calls itself, as it came
/// @param sender the reverse-path without brackets; empty for nobody
/// @param domains those of the recipients, in ASCII, lower case
public record Arrival(InetAddress client, String helo, String sender, Set<String> domains) {
    public Arrival {
        domains = Set.copyOf(domains);
    }

    /// The same of recipients by their addresses.
    public static Arrival of(InetAddress client, String helo, String sender, Collection<String> recipients) {
        Set<String> domains = recipients.stream().map(Arrival::domain).collect(Collectors.toCollection(TreeSet::new));
        return new Arrival(client, helo, sender, domains);
    }

    /// An address's domain; empty where it has none.
    static String domain(String address) {
        int at = address.lastIndexOf('@');
        return at < 0 ? "" : DomainName.ascii(address.substring(at + 1));
    }
}
