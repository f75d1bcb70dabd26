package qrate.spf;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import qrate.dns.Dns;
import qrate.dns.Questions;

/// The names that a client's address leads to and that lead back to it (RFC 7208 §5.5). For one thread.
final class SpfClientNames {
    private final SpfLookups lookups;
    private final InetAddress client;
    private Optional<List<String>> known = Optional.empty();

    SpfClientNames(SpfLookups lookups, InetAddress client) {
        this.lookups = lookups;
        this.client = client;
    }

    /// These names, lower case; those that DNS cannot tell about are none.
    List<String> validated(Questions by) {
        List<String> found = new ArrayList<>();
        if (lookups.names(client, by) instanceof Dns.Answer.Found<String>(var all)) {
            Questions hosts = lookups.part(SpfLookups.HOSTS_MAX);
            for (String name : all.subList(0, Math.min(all.size(), SpfLookups.HOSTS_MAX))) {
                if (SpfMacro.isName(name)
                        && lookups.addresses(name, client, hosts)
                                instanceof Dns.Answer.Found<InetAddress>(var addresses)
                        && addresses.contains(client)) {
                    found.add(name);
                }
            }
        }
        known = Optional.of(List.copyOf(found));
        return found;
    }

    /// The macro `p`: the domain itself, else a name below it, else any; `unknown` when there is none. Asked
    /// once.
    String best(String domain, Questions by) {
        List<String> all = known.orElseGet(() -> validated(by));
        String own = domain.toLowerCase(Locale.ROOT);
        return all.stream()
                .filter(own::equals)
                .findFirst()
                .or(() -> all.stream().filter(name -> isWithin(name, own)).findFirst())
                .or(() -> all.stream().findFirst())
                .orElse("unknown");
    }

    /// Whether a name is a domain or below it.
    static boolean isWithin(String name, String domain) {
        String own = domain.toLowerCase(Locale.ROOT);
        return name.equals(own) || name.endsWith("." + own);
    }
}
