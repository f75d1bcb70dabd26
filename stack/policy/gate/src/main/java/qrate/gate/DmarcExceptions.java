package qrate.gate;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import qrate.core.DomainName;
import qrate.dmarc.PolicyOverride;
import qrate.dmarc.PolicyOverride.Kind;

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
        return Subnets.isOne(line) ? Subnets.holds(line, one.client) : names(DomainName.ascii(line), one.author);
    }

    private static boolean names(String line, String author) {
        return line.startsWith(".") ? author.endsWith(line) : !author.isEmpty() && author.equals(line);
    }

    private static Kind kind(String line) {
        return line.startsWith("<")
                ? Kind.MAILING_LIST
                : Subnets.isOne(line) ? Kind.TRUSTED_FORWARDER : Kind.LOCAL_POLICY;
    }
}
