package qrate.mtasts;

import java.util.List;
import java.util.Optional;

/// The TXT record at `_mta-sts.DOMAIN`: that there is a policy, and which one (RFC 8461 §3.1).
public final class StsRecord {
    private static final String VERSION = "v=STSv1";

    /// Longest id, in characters.
    private static final int ID_CHARS_MAX = 32;

    /// Longest name of a field, in characters.
    private static final int NAME_CHARS_MAX = 32;

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

    /// The id, where every field is one of the grammar's: a record with any other is none (RFC 8461 §3.1).
    private static Optional<String> field(String text) {
        Optional<String> id = Optional.empty();
        String[] fields = text.substring(text.indexOf(';') + 1).split(";", -1);
        for (int i = 0; i < fields.length; i++) {
            String field = blanks(fields[i]);
            if (field.isEmpty() && i == fields.length - 1) {
                break; // a record may end with a semicolon
            }
            int equals = field.indexOf('=');
            String name = blanks(field.substring(0, Math.max(equals, 0)));
            String value = blanks(field.substring(equals + 1));
            if (!isName(name) || !isValue(value)) {
                return Optional.empty();
            }
            if (name.equals("id") && id.isEmpty()) {
                id = Optional.of(value);
            }
        }
        return id.filter(StsRecord::isId);
    }

    private static boolean isName(String text) {
        return !text.isEmpty()
                && text.length() <= NAME_CHARS_MAX
                && isLetterOrDigit(text.charAt(0))
                && text.chars().allMatch(c -> isLetterOrDigit(c) || c == '_' || c == '-' || c == '.');
    }

    private static boolean isValue(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '=');
    }

    private static boolean isLetterOrDigit(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static boolean isId(String text) {
        return !text.isEmpty() && text.length() <= ID_CHARS_MAX && text.chars().allMatch(StsRecord::isLetterOrDigit);
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
