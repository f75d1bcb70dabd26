package qrate.gate;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import qrate.core.DomainName;
import qrate.dmarc.PolicyOverride;
import qrate.dmarc.PolicyOverride.Kind;
import qrate.dns.Hosts;

/// Whom DMARC lets pass here, whatever a domain wants: lines of `control/dmarcexceptions`.
///
/// @param lines `example.org` an author's domain, `.example.org` those below it; `192.0.2.0/24`, `2001:db8::1` a
///     client; `<announce.example.org>` a list, by its List-Id
record DmarcExceptions(List<String> lines) {
    DmarcExceptions {
        lines = List.copyOf(lines);
    }

    /// What a message has that lines may name.
    ///
    /// @param author the domain in From; empty when there is none
    /// @param lists values of List-Id: anybody can write any, so one counts only where a domain that it is of or
    ///     below vouches for the message
    /// @param vouching domains that SPF or DKIM passed for
    record Case(String author, InetAddress client, List<String> lists, Set<String> vouching) {
        Case {
            lists = List.copyOf(lists);
            vouching = Set.copyOf(vouching);
        }

        private boolean isOf(String list) {
            return lists.stream()
                            .map(value -> value.substring(value.lastIndexOf('<') + 1))
                            .anyMatch(id -> id.toLowerCase(Locale.ROOT).equals(list + ">"))
                    && vouching.stream()
                            .filter(domain -> domain.indexOf('.') > 0)
                            .anyMatch(domain -> list.equals(domain) || list.endsWith("." + domain));
        }
    }

    /// Why a message passes; nothing when none of the lines is about it.
    Optional<PolicyOverride> of(Case one) {
        return lines.stream()
                .map(String::strip)
                .filter(line -> isAbout(line, one))
                .findFirst()
                .map(line -> new PolicyOverride(kind(line), "control/dmarcexceptions: " + line));
    }

    private static boolean isAbout(String line, Case one) {
        if (line.startsWith("<")) {
            return line.endsWith(">")
                    && one.isOf(line.substring(1, line.length() - 1).toLowerCase(Locale.ROOT));
        }
        return isNetwork(line) ? holds(line, one.client) : names(DomainName.ascii(line), one.author);
    }

    private static boolean names(String line, String author) {
        return line.startsWith(".") ? author.endsWith(line) : !author.isEmpty() && author.equals(line);
    }

    private static boolean isNetwork(String line) {
        return Hosts.literal(before(line)).isPresent();
    }

    private static String before(String network) {
        int slash = network.indexOf('/');
        return slash < 0 ? network : network.substring(0, slash);
    }

    private static boolean holds(String network, InetAddress client) {
        byte[] ours =
                Hosts.literal(before(network)).map(InetAddress::getAddress).orElse(new byte[0]);
        byte[] theirs = client.getAddress();
        int bits = bits(network.substring(before(network).length()), ours.length * Byte.SIZE);
        if (ours.length != theirs.length || bits < 0) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> i % Byte.SIZE;
            if (((ours[i / Byte.SIZE] ^ theirs[i / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    /// @return negative for what makes no sense
    private static int bits(String behind, int all) {
        String digits = behind.isEmpty() ? "" : behind.substring(1);
        boolean number =
                !digits.isEmpty() && digits.length() <= 3 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        int bits = behind.isEmpty() ? all : number ? Integer.parseInt(digits) : -1;
        return bits > all ? -1 : bits;
    }

    private static Kind kind(String line) {
        return line.startsWith("<") ? Kind.MAILING_LIST : isNetwork(line) ? Kind.TRUSTED_FORWARDER : Kind.LOCAL_POLICY;
    }
}
