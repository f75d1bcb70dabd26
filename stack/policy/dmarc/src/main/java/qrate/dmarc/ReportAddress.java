package qrate.dmarc;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Where reports are wanted: a `mailto:` address of `rua` or `ruf` (RFC 9989 §4.6, §4.8).
///
/// @param address to send to, without `mailto:` and percent signs
/// @param host its domain in ASCII, lower case
public record ReportAddress(String address, String host) {
    /// Most addresses that are read of one tag.
    public static final int ADDRESSES_MAX = 10;

    private static final String SCHEME = "mailto:";
    private static final int ADDRESS_CHARS_MAX = 254; // RFC 5321 §4.5.3.1.3

    /// Those of a comma-separated list that are well-formed and have a scheme that is known here; others are
    /// passed over.
    static List<ReportAddress> list(String value) {
        List<ReportAddress> all = new ArrayList<>();
        for (int from = 0; from <= value.length() && all.size() < ADDRESSES_MAX; ) {
            int comma = value.indexOf(',', from);
            int end = comma < 0 ? value.length() : comma;
            of(value.substring(from, end).strip()).ifPresent(all::add);
            from = end + 1;
        }
        return all;
    }

    private static Optional<ReportAddress> of(String uri) {
        if (!uri.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            return Optional.empty();
        }
        String text = withoutSize(uri.substring(SCHEME.length()));
        int query = text.indexOf('?');
        return decoded(query < 0 ? text : text.substring(0, query)).flatMap(ReportAddress::ofAddress);
    }

    private static Optional<ReportAddress> ofAddress(String address) {
        int at = address.lastIndexOf('@');
        boolean good = at > 0
                && address.length() <= ADDRESS_CHARS_MAX
                && address.codePoints().noneMatch(c -> c <= ' ' || c == 0x7f || "<>,".indexOf(c) >= 0);
        return good
                ? DomainNames.of(address.substring(at + 1))
                        .map(host -> new ReportAddress(address.substring(0, at + 1) + host, host))
                : Optional.empty();
    }

    /// Without the size of RFC 7489, which is to be ignored (RFC 9989 §4.8 `obs-dmarc-report-size`).
    private static String withoutSize(String text) {
        int mark = text.lastIndexOf('!');
        int end = text.length() - (!text.isEmpty() && "kmgtKMGT".indexOf(text.charAt(text.length() - 1)) >= 0 ? 1 : 0);
        boolean size = mark >= 0
                && mark + 1 < end
                && text.substring(mark + 1, end).chars().allMatch(c -> c >= '0' && c <= '9');
        return size ? text.substring(0, mark) : text;
    }

    /// RFC 3986 §2.1; empty where a percent sign is followed by anything else than a byte of UTF-8 text.
    private static Optional<String> decoded(String text) {
        byte[] bytes = new byte[text.length()];
        int n = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 0x7f) {
                return Optional.empty();
            }
            if (c == '%') {
                int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    return Optional.empty();
                }
                c = (char) (high * 16 + low);
                i += 2;
            }
            bytes[n++] = (byte) c;
        }
        String decoded = new String(bytes, 0, n, StandardCharsets.UTF_8);
        return decoded.indexOf('\ufffd') >= 0 ? Optional.empty() : Optional.of(decoded);
    }
}
