package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import qrate.core.JsonWriter;

/// Tags of what the API shows (RFC 9110 §8.8.3), so that nobody overwrites what they have not seen: a change with
/// `If-Match` is done only while the thing is as it was shown.
final class Tags {
    private static final int TAG_BYTES = 12;

    private Tags() {}

    /// The tag of a thing: another one when anything of it is another.
    static String of(Map<String, Object> shape) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(JsonWriter.write(shape).getBytes(UTF_8));
            return "\"" + HexFormat.of().formatHex(digest, 0, TAG_BYTES) + "\"";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// Does something to a thing, if it still is what the request says, where it says that.
    static Reply matched(Request request, Optional<Map<String, Object>> shape, Router.Action deed) throws IOException {
        String wanted = request.client().ifMatch();
        if (wanted.isEmpty()) {
            return deed.answer(request);
        }
        String is = shape.map(Tags::of).orElse("");
        boolean same = !is.isEmpty()
                && Arrays.stream(wanted.split(",", 32))
                        .map(String::strip)
                        .anyMatch(tag -> tag.equals("*") || tag.equals(is));
        return same ? deed.answer(request) : Errors.data(412);
    }
}
