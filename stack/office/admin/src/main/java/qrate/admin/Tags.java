package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import qrate.core.JsonWriter;
import qrate.directory.Domains;
import qrate.directory.Shapes;

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

    /// The directory as a request may change it: where it says what it has seen of a thing, only while that is so,
    /// which
    /// the transaction of the change looks at.
    ///
    /// @return as it is where the request does not say
    static Domains seen(Request request, Domains domains) {
        String wanted = request.client().ifMatch();
        if (wanted.isEmpty()) {
            return domains;
        }
        return request.path().containsKey("domain")
                ? domains.whileDomain(request.path("domain"), is -> among(wanted, of(Shapes.of(is))))
                : domains.whileMailbox(request.path("address"), is -> among(wanted, of(Shapes.of(is))));
    }

    private static boolean among(String wanted, String tag) {
        return Arrays.stream(wanted.split(",", 32))
                .map(String::strip)
                .anyMatch(one -> one.equals("*") || one.equals(tag));
    }
}
