package qrate.httpd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Map;

/// What goes back.
///
/// @param headers beside those that every answer has ({@link #EVERY})
public record Answer(int status, Map<String, String> headers, byte[] body) {
    /// What stands in every answer, whoever makes it: nothing runs but our own scripts, nothing is framed, nothing is
    /// kept.
    static final Map<String, String> EVERY = every();

    private static Map<String, String> every() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(
                "Content-Security-Policy",
                "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("X-Frame-Options", "DENY");
        headers.put("Referrer-Policy", "same-origin");
        headers.put("Cross-Origin-Opener-Policy", "same-origin");
        headers.put("Cache-Control", "no-store");
        return Map.copyOf(headers);
    }

    /// One line of text.
    static Answer plain(int status, String text) {
        return new Answer(status, Map.of("Content-Type", "text/plain; charset=utf-8"), (text + "\n").getBytes(UTF_8));
    }

    /// The bytes of a whole answer, for a connection that is closed after it.
    static byte[] last(int status, String reason) {
        StringBuilder text = new StringBuilder("HTTP/1.1 " + status + " " + reason + "\r\n");
        EVERY.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        return text.append("Retry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                .toString()
                .getBytes(UTF_8);
    }
}
