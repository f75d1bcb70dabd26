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

    /// An address as headers and SMTP have it: the local part in quotes where it holds what cannot stand there bare
    /// (RFC 5321 §4.1.2, RFC 5322 §3.4.1, addresses(5)).
    public static String quoted(String address) {
        int at = address.lastIndexOf('@');
        String local = at < 0 ? address : address.substring(0, at);
        String domain = at < 0 ? "" : address.substring(at);
        if (address.isEmpty() || dotString(local)) {
            return address;
        }
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < local.length(); i++) {
            char c = local.charAt(i);
            if (c == '"' || c == '\\' || c < ' ' || c == 0x7f) {
                text.append('\\');
            }
            text.append(c);
        }
        return text.append('"').append(domain).toString();
    }

    private static boolean dotString(String local) {
        boolean dots = local.isEmpty() || local.startsWith(".") || local.endsWith(".") || local.contains("..");
        return !dots && local.chars().allMatch(Address::atext);
    }

    private static boolean atext(int c) {
        return c >= 0x80
                || (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "!#$%&'*+-/=?^_`{|}~.".indexOf(c) >= 0;
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
