package qrate.httpd;

import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.util.List;
import java.util.Optional;

/// Refuses what a proxy and this door could read differently: two lengths, a length beside an encoding, two hosts
/// (RFC 9112 §3.2, §6.1, §6.3).
final class Wording {
    /// Fields that may stand once at most.
    private static final List<HttpString> ONCE = List.of(
            Headers.HOST,
            Headers.CONTENT_LENGTH,
            Headers.TRANSFER_ENCODING,
            Headers.CONTENT_TYPE,
            Headers.AUTHORIZATION);

    private static final int HOST_CHARS_MAX = 300;
    private static final int LENGTH_DIGITS_MAX = 18;

    private Wording() {}

    /// What is wrong with a request, if anything.
    ///
    /// @param dated whether the request is of HTTP/1.1, which must name its host
    static Optional<String> problem(HeaderMap headers, boolean dated) {
        for (HttpString name : ONCE) {
            HeaderValues values = headers.get(name);
            if (values != null && values.size() > 1) {
                return Optional.of("two fields " + name);
            }
        }
        String length = headers.getFirst(Headers.CONTENT_LENGTH);
        String encoding = headers.getFirst(Headers.TRANSFER_ENCODING);
        if (length != null
                && (length.isEmpty()
                        || length.length() > LENGTH_DIGITS_MAX
                        || !length.chars().allMatch(c -> c >= '0' && c <= '9'))) {
            return Optional.of("a length that is no number");
        }
        if (encoding != null && (length != null || !encoding.strip().equalsIgnoreCase("chunked"))) {
            return Optional.of("an encoding that is not chunked, or a length beside it");
        }
        String host = headers.getFirst(Headers.HOST);
        if (host == null ? dated : !isHost(host)) {
            return Optional.of("no host, or a host that is none");
        }
        return Optional.empty();
    }

    private static boolean isHost(String host) {
        return !host.isEmpty()
                && host.length() <= HOST_CHARS_MAX
                && host.chars().allMatch(c -> Character.isLetterOrDigit(c) || ".-_:[]".indexOf(c) >= 0);
    }
}
