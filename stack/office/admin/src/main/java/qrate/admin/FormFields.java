package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Map;
import qrate.httpd.Asked;

/// Reads what a form sends.
final class FormFields {
    /// Most fields of a form.
    static final int FIELDS_MAX = 100;

    private FormFields() {}

    /// Undertow's form parser reads the body itself, past what counts its bytes against each client's share, and fails
    /// at a percent sign that encodes nothing.
    static Map<String, String> of(Asked asked) {
        Map<String, String> fields = new HashMap<>();
        if (!asked.header("Content-Type").startsWith("application/x-www-form-urlencoded")) {
            return fields;
        }
        for (String pair : new String(asked.body(), UTF_8).split("&", FIELDS_MAX)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                fields.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            }
        }
        return fields;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException _) {
            // a percent sign that encodes nothing stands for itself
            return text;
        }
    }
}
