package qrate.httpd;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// One request, read whole.
///
/// @param method as given; of any kind
/// @param path decoded, without the query
/// @param query the values of each parameter, decoded; none is empty
/// @param headers the first value of each, by its name in small letters
/// @param body its bytes, at most {@link HttpListener#BODY_BYTES_MAX}
/// @param client who asks
public record Asked(
        String method,
        String path,
        Map<String, List<String>> query,
        Map<String, String> headers,
        byte[] body,
        Client client) {
    /// Whoever is at the other end.
    ///
    /// @param address of the client itself, behind whatever trusted proxy
    /// @param secure whether it speaks TLS with such a proxy
    public record Client(String address, boolean secure) {}

    /// A header, or an empty text.
    public String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    /// The value of a cookie (RFC 6265 §5.4); the first where there are two of a name, of which Undertow's own reading
    /// keeps the last.
    public Optional<String> cookie(String name) {
        String header = header("Cookie");
        int at = 0;
        while (at < header.length()) {
            int end = header.indexOf(';', at);
            int stop = end < 0 ? header.length() : end;
            int equals = header.indexOf('=', at);
            if (equals > at
                    && equals < stop
                    && header.substring(at, equals).strip().equals(name)) {
                return Optional.of(header.substring(equals + 1, stop).strip());
            }
            at = stop + 1;
        }
        return Optional.empty();
    }
}
