package qrate.pop3d;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/// A response of SASL PLAIN (RFC 4616): authorization identity, NUL, login, NUL, password.
sealed interface Plain {
    /// A login to check.
    record Login(String user, Secret password) implements Plain {}

    /// No response of PLAIN, or one that asks for another's box.
    record Wrong(String reply) implements Plain {}

    /// Reads one.
    ///
    /// @param response in base64; `=` is the empty one
    static Plain read(String response) {
        byte[] bytes;
        try {
            bytes = response.equals("=") ? new byte[0] : Base64.getDecoder().decode(response);
        } catch (IllegalArgumentException _) {
            return new Wrong("-ERR not base64");
        }
        int first = indexOfNul(bytes, 0);
        int second = first < 0 ? -1 : indexOfNul(bytes, first + 1);
        if (second < 0 || indexOfNul(bytes, second + 1) >= 0 || second == first + 1) {
            return new Wrong("-ERR not a response of PLAIN");
        }
        String asked = new String(bytes, 0, first, StandardCharsets.UTF_8);
        String user = new String(bytes, first + 1, second - first - 1, StandardCharsets.UTF_8);
        if (!asked.isEmpty() && !asked.equals(user)) {
            return new Wrong("-ERR [AUTH] nobody may read for another");
        }
        return new Login(user, new Secret(Arrays.copyOfRange(bytes, second + 1, bytes.length)));
    }

    private static int indexOfNul(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                return i;
            }
        }
        return -1;
    }
}
