package qrate.core;

import java.util.Locale;
import java.util.Optional;

/// An address split at its last `@`, as qmail splits it (addresses(5)).
///
/// @param local everything before the last `@`, unquoted, case kept
/// @param domain everything after it, lower case; empty when there was no `@`
public record Address(String local, String domain) {
    /// Splits an envelope address; never fails, since a bare name is an address too (qmail-control(5),
    /// `envnoathost`).
    public static Address of(String text) {
        int at = text.lastIndexOf('@');
        return at < 0
                ? new Address(text, "")
                : new Address(text.substring(0, at), text.substring(at + 1).toLowerCase(Locale.ROOT));
    }

    /// The domain, if there was an `@`.
    public Optional<String> host() {
        return domain.isEmpty() ? Optional.empty() : Optional.of(domain);
    }

    @Override
    public String toString() {
        return domain.isEmpty() ? local : local + "@" + domain;
    }
}
