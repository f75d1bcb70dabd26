package qrate.tlsrpt;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import qrate.core.DomainName;

/// The TXT record at `_smtp._tls.DOMAIN`: who wants reports about mail to the domain (RFC 8460 §3).
public final class TlsRptRecord {
    /// Most addresses that get a report; others are passed over.
    public static final int ADDRESSES_MAX = 5;

    private static final String VERSION = "v=TLSRPTv1";
    private static final String MAILTO = "mailto";
    private static final int ADDRESS_CHARS_MAX = 254; // RFC 5321 §4.5.3.1.3

    private TlsRptRecord() {}

    /// Where a domain has its record.
    public static String name(String domain) {
        return "_smtp._tls." + domain;
    }

    /// The mail addresses that want reports; none where there is no record, more than one, or one that makes no sense.
    ///
    /// @param texts all TXT records of the name; others than this one may stand beside it
    public static List<String> addresses(List<String> texts) {
        List<String> ours = texts.stream().filter(TlsRptRecord::isOurs).toList();
        List<String> addresses = new ArrayList<>();
        if (ours.size() == 1) {
            for (String field : ours.getFirst().split(";", -1)) {
                int equals = field.indexOf('=');
                if (equals > 0 && field.substring(0, equals).strip().equals("rua")) {
                    for (String uri : field.substring(equals + 1).split(",", -1)) {
                        address(uri.strip())
                                .filter(one -> addresses.size() < ADDRESSES_MAX && !addresses.contains(one))
                                .ifPresent(addresses::add);
                    }
                }
            }
        }
        return List.copyOf(addresses);
    }

    private static boolean isOurs(String text) {
        return text.startsWith(VERSION)
                && text.substring(VERSION.length()).strip().startsWith(";");
    }

    private static Optional<String> address(String text) {
        try {
            URI uri = new URI(text);
            if (!MAILTO.equalsIgnoreCase(uri.getScheme())) {
                return Optional.empty();
            }
            String whole = uri.getSchemeSpecificPart();
            int query = whole.indexOf('?');
            String address = query < 0 ? whole : whole.substring(0, query);
            int at = address.lastIndexOf('@');
            String domain = DomainName.ascii(address.substring(at + 1));
            boolean good = at > 0
                    && address.length() <= ADDRESS_CHARS_MAX
                    && address.codePoints().noneMatch(c -> c <= ' ' || c == 0x7f || "<>,".indexOf(c) >= 0)
                    && domain.indexOf('.') > 0
                    && domain.chars()
                            .allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.');
            return good ? Optional.of(address.substring(0, at + 1) + domain) : Optional.empty();
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }
}
