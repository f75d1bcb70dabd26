package qrate.mtasts;

import java.util.List;
import java.util.Optional;

/// The TXT record at `_mta-sts.DOMAIN`: that there is a policy, and which one (RFC 8461 §3.1).
public final class StsRecord {
    private static final String VERSION = "v=STSv1";

    /// Longest id, in characters.
    private static final int ID_CHARS_MAX = 32;

    private StsRecord() {}

    /// Where a domain has its record.
    public static String name(String domain) {
        return "_mta-sts." + domain;
    }

    /// The id of the policy there is now.
    ///
    /// @param texts all TXT records of the name; others than this one may stand beside it
    /// @return 1 to 32 letters and digits; empty when there is no record, more than one, or one that makes no sense
    public static Optional<String> id(List<String> texts) {
        List<String> ours = texts.stream().filter(StsRecord::isOurs).toList();
        return ours.size() == 1 ? field(ours.getFirst()) : Optional.empty();
    }

    private static boolean isOurs(String text) {
        return text.startsWith(VERSION)
                && blanks(text.substring(VERSION.length())).startsWith(";");
    }

    private static Optional<String> field(String text) {
        for (String one : text.substring(text.indexOf(';') + 1).split(";", -1)) {
            int equals = one.indexOf('=');
            if (equals > 0 && blanks(one.substring(0, equals)).equals("id")) {
                String id = blanks(one.substring(equals + 1));
                return Optional.of(id).filter(StsRecord::isId);
            }
        }
        return Optional.empty();
    }

    private static boolean isId(String text) {
        return !text.isEmpty()
                && text.length() <= ID_CHARS_MAX
                && text.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'));
    }

    /// Without blanks and tabs at either end.
    static String blanks(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
