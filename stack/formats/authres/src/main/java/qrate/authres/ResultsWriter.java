package qrate.authres;

import java.nio.charset.StandardCharsets;
import qrate.message.HeaderWords;

/// Writes what stands behind the colon, word by word, and folds between words.
final class ResultsWriter {
    /// Longest line in columns (RFC 5322 §2.1.1), where words are shorter.
    private static final int LINE_COLUMNS_MAX = 78;

    private static final int TAB_COLUMNS = 8;

    /// Longest value or reason in bytes; what is longer is cut: a line has 998 bytes at most.
    static final int VALUE_BYTES_MAX = 512;

    private final StringBuilder out = new StringBuilder();
    private int column;

    ResultsWriter(int column) {
        this.column = column;
    }

    String write(AuthenticationResults all) {
        word(value(all.server()) + ";", false);
        if (all.results().isEmpty()) {
            word("none", true);
        }
        for (int i = 0; i < all.results().size(); i++) {
            MethodResult one = all.results().get(i);
            String end = i == all.results().size() - 1 ? "" : ";";
            int left = one.properties().size();
            boolean reason = !one.reason().isEmpty();
            line(method(one.method()) + "=" + keyword(one.result()) + (left == 0 && !reason ? end : ""));
            if (reason) {
                word("reason=" + value(one.reason()) + (left == 0 ? end : ""), true);
            }
            for (MethodResult.MethodProperty property : one.properties()) {
                left--;
                String name = keyword(property.type()) + "." + keyword(property.name());
                word(name + "=" + value(property.value()) + (left == 0 ? end : ""), true);
            }
        }
        return out.toString();
    }

    private void line(String text) {
        out.append("\n\t").append(text);
        column = TAB_COLUMNS + text.length();
    }

    private void word(String text, boolean blank) {
        if (column + 1 + text.length() > LINE_COLUMNS_MAX && blank) {
            line(text);
        } else {
            out.append(blank ? " " : "").append(text);
            column += text.length() + (blank ? 1 : 0);
        }
    }

    /// A method, which may have a version.
    private static String method(String method) {
        int slash = method.indexOf('/');
        if (slash > 0 && method.substring(slash + 1).chars().allMatch(c -> c >= '0' && c <= '9')) {
            keyword(method.substring(0, slash));
            return method;
        }
        return keyword(method);
    }

    private static String keyword(String word) {
        boolean good = !word.isEmpty() && word.chars().allMatch(ResultsReader::isKeyword);
        if (!good) {
            throw new IllegalArgumentException("no keyword: " + word);
        }
        return word;
    }

    /// A token where it is one, an address where both of its halves are (RFC 8601 §2.2 `pvalue`), else quoted.
    private static String value(String text) {
        String safe = cut(text);
        int at = safe.indexOf('@');
        boolean address = at >= 0 && at < safe.length() - 1;
        String rest = address ? safe.substring(0, at) + safe.substring(at + 1) : safe;
        boolean bare = !rest.isEmpty() && rest.chars().allMatch(ResultsReader::isToken);
        return bare ? safe : HeaderWords.phrase(HeaderWords.bytes(safe));
    }

    /// Without what could end a line or hide what follows, and no longer than a line can bear.
    private static String cut(String text) {
        StringBuilder safe = new StringBuilder();
        int bytes = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            boolean odd = Character.isISOControl(c)
                    || Character.getType(c) == Character.FORMAT
                    || Character.getType(c) == Character.SURROGATE
                    || Character.getType(c) == Character.LINE_SEPARATOR
                    || Character.getType(c) == Character.PARAGRAPH_SEPARATOR;
            String one = odd ? "?" : Character.toString(c);
            bytes += one.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > VALUE_BYTES_MAX) {
                break;
            }
            safe.append(one);
        }
        return safe.toString();
    }
}
