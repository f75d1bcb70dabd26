package qrate.tlsrpt;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import qrate.core.DomainName;

/// The TXT record at `_smtp._tls.DOMAIN`: who wants reports about mail to the domain (RFC 8460 §3).
public final class TlsRptRecord {
    /// Most places of each kind that get a report; others are passed over.
    public static final int PLACES_MAX = 5;

    private static final String VERSION = "v=TLSRPTv1";
    private static final String MAILTO = "mailto";
    private static final String HTTPS = "https";

    /// What a local part may hold in quotes only (RFC 5322 §3.2.3).
    private static final String SPECIAL = "()<>[]:;@,\\\"";

    private static final int NAME_CHARS_MAX = 32;
    private static final int URI_CHARS_MAX = 2_000;
    private static final int ADDRESS_CHARS_MAX = 254; // RFC 5321 §4.5.3.1.3

    private TlsRptRecord() {}

    /// Where a domain has its record.
    public static String name(String domain) {
        return "_smtp._tls." + domain;
    }

    /// Where reports are wanted.
    ///
    /// @param mail addresses
    /// @param web places that a report is posted to (HTTPS)
    public record Wanted(List<String> mail, List<URI> web) {
        /// Nowhere.
        public static final Wanted NOWHERE = new Wanted(List.of(), List.of());

        public Wanted {
            mail = List.copyOf(mail);
            web = List.copyOf(web);
        }

        /// Whether nobody wants one.
        public boolean isNowhere() {
            return mail.isEmpty() && web.isEmpty();
        }
    }

    /// Where reports are wanted; nowhere without a record, with more than one, or with one that makes no sense.
    ///
    /// @param texts all TXT records of the name; others than this one may stand beside it
    public static Wanted wanted(List<String> texts) {
        List<String> ours = texts.stream().filter(TlsRptRecord::isOurs).toList();
        if (ours.size() != 1) {
            return Wanted.NOWHERE;
        }
        Set<String> mail = new LinkedHashSet<>();
        Set<URI> web = new LinkedHashSet<>();
        String[] fields = ours.getFirst().split(";", -1);
        for (int i = 1; i < fields.length; i++) {
            String field = fields[i].strip();
            if (field.isEmpty() && i == fields.length - 1) {
                break; // a record may end with a semicolon
            }
            int equals = field.indexOf('=');
            String name = field.substring(0, Math.max(equals, 0)).strip();
            if (name.equals("rua")) {
                for (String uri : field.substring(equals + 1).split(",", -1)) {
                    place(uri.strip(), mail, web);
                }
            } else if (!isField(name, field.substring(equals + 1).strip())) {
                return Wanted.NOWHERE;
            }
        }
        return new Wanted(
                mail.stream().limit(PLACES_MAX).toList(),
                web.stream().limit(PLACES_MAX).toList());
    }

    private static boolean isOurs(String text) {
        return text.startsWith(VERSION)
                && text.substring(VERSION.length()).strip().startsWith(";");
    }

    /// Whether it is a field that somebody may know (RFC 8460 §3): a record with any other is none.
    private static boolean isField(String name, String value) {
        return !name.isEmpty()
                && name.length() <= NAME_CHARS_MAX
                && isLetterOrDigit(name.charAt(0))
                && name.chars().allMatch(c -> isLetterOrDigit(c) || c == '_' || c == '-' || c == '.')
                && !value.isEmpty()
                && value.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '=');
    }

    private static boolean isLetterOrDigit(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static void place(String text, Set<String> mail, Set<URI> web) {
        if (text.length() > URI_CHARS_MAX) {
            return;
        }
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException _) {
            return;
        }
        if (MAILTO.equalsIgnoreCase(uri.getScheme())) {
            address(uri.getSchemeSpecificPart()).ifPresent(mail::add);
        } else if (HTTPS.equalsIgnoreCase(uri.getScheme())
                && uri.getHost() != null
                && uri.getUserInfo() == null
                && uri.getFragment() == null) {
            web.add(uri);
        }
    }

    private static Optional<String> address(String whole) {
        int query = whole.indexOf('?');
        String address = query < 0 ? whole : whole.substring(0, query);
        int at = address.lastIndexOf('@');
        String domain = DomainName.ascii(address.substring(at + 1));
        boolean good = at > 0
                && address.length() <= ADDRESS_CHARS_MAX
                && address.substring(0, at).chars().allMatch(c -> c > ' ' && c < 0x7f && SPECIAL.indexOf(c) < 0)
                && domain.indexOf('.') > 0
                && domain.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.');
        return good ? Optional.of(address.substring(0, at + 1) + domain) : Optional.empty();
    }
}
