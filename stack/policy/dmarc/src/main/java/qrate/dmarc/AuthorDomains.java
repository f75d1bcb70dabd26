package qrate.dmarc;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import qrate.message.AddressList;
import qrate.message.Authors;
import qrate.message.Field;

/// Whose mail it says it is (RFC 9989 §5.3.1).
///
/// @param all the domains of all From fields, as A-labels, each once
/// @param fault why they are not to be relied on; empty when they are
record AuthorDomains(List<String> all, String fault) {
    /// Most domains that are looked at; somebody who writes more of them wants to hide one (RFC 9989 §11.5).
    static final int DOMAINS_MAX = 5;

    static AuthorDomains of(List<Field> from) {
        Set<String> domains = new LinkedHashSet<>();
        String fault = from.isEmpty() ? "no From field" : "";
        for (Field field : from) {
            List<String> named = named(field);
            if (named.isEmpty() || !field.whole()) {
                fault = "a From field without a readable address";
            }
            for (String domain : named) {
                Optional<String> ascii = DomainNames.of(domain);
                ascii.ifPresent(domains::add);
                fault = ascii.isEmpty() ? "an address in From without a domain" : fault;
            }
        }
        if (domains.size() > DOMAINS_MAX) {
            fault = "more than " + DOMAINS_MAX + " domains in From";
        }
        return new AuthorDomains(List.copyOf(domains), fault);
    }

    /// The domain of each address; of a field that breaks the grammar, those of all whom a program might take
    /// for its author. Nothing where nobody can tell.
    private static List<String> named(Field field) {
        if (AddressList.strict(field.value()) instanceof AddressList.Parsed.Good(var list)) {
            return list.mailboxes().stream()
                    .map(box -> new String(box.domain().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                    .toList();
        }
        Authors authors = Authors.of(field.text());
        return authors.clear()
                ? authors.named().stream()
                        .map(address -> address.substring(address.lastIndexOf('@') + 1))
                        .toList()
                : List.of();
    }
}
