package qrate.gate;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import qrate.arc.Chain;
import qrate.authres.AuthenticationResults;
import qrate.authres.MethodResult;
import qrate.core.DomainName;
import qrate.dmarc.PolicyOverride;
import qrate.dmarc.PolicyOverride.Kind;

/// Whom DMARC lets pass here, whatever a domain wants: lines of `control/dmarcexceptions`.
///
/// @param lines `example.org` an author's domain, `.example.org` those below it; `192.0.2.0/24`, `2001:db8::1` a
///     client; `<announce.example.org>` a list, by its List-Id; `arc=example.org` who sealed by ARC that the author's
///     domain vouched for the message when it came there
record DmarcExceptions(List<String> lines) {
    DmarcExceptions {
        lines = List.copyOf(lines);
    }

    private static final String SEALER = "arc=";

    /// What a message has that lines may name.
    ///
    /// @param author the domain in From; empty when there is none
    /// @param lists values of List-Id: anybody can write any, so one counts only where a domain that it is of or
    ///     below vouches for the message
    /// @param vouching domains that SPF or DKIM passed for
    /// @param chain what its seals are worth
    record Case(String author, InetAddress client, List<String> lists, Set<String> vouching, Chain chain) {
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
                .map(line -> new PolicyOverride(kind(line), "control/dmarcexceptions: " + line))
                .or(() -> sealed(one));
    }

    /// The first of the sealers that are believed, and behind whom nobody else sealed, saw DMARC pass for the same
    /// author (RFC 8617 §7.2).
    private Optional<PolicyOverride> sealed(Case one) {
        Set<String> sealers = lines.stream()
                .map(String::strip)
                .filter(line -> line.startsWith(SEALER))
                .map(line -> DomainName.ascii(line.substring(SEALER.length())))
                .collect(Collectors.toSet());
        return one.chain instanceof Chain.Pass pass && !pass.testing()
                ? pass.believed(sealers)
                        .filter(link -> sawPass(link, one.author))
                        .map(link -> new PolicyOverride(Kind.LOCAL_POLICY, seals(pass)))
                : Optional.empty();
    }

    private static boolean sawPass(Chain.Link link, String author) {
        return switch (AuthenticationResults.parse(link.results())) {
            case AuthenticationResults.Found.Good(var found) ->
                found.results().stream().anyMatch(result -> isPass(result, author));
            case AuthenticationResults.Found.Bad _ -> false;
        };
    }

    private static boolean isPass(MethodResult result, String author) {
        return result.method().equals("dmarc")
                && result.result().equals("pass")
                && result.value("header", "from")
                        .filter(from ->
                                !author.isEmpty() && DomainName.ascii(from).equals(author))
                        .isPresent();
    }

    /// The chain as reports tell of it, the last seal first (RFC 8617 §7.2.2).
    private static String seals(Chain.Pass pass) {
        return pass.links().reversed().stream()
                .map(link -> " as[" + link.instance() + "].d=" + link.domain() + " as[" + link.instance() + "].s="
                        + link.selector())
                .collect(Collectors.joining("", "arc=pass", ""));
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
