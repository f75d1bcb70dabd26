package qrate.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/// Encoded words (RFC 2047): written, and read as mail programs show them, wherever they stand: some programs decode
/// them in quoted strings and comments too.
public final class EncodedWords {
    /// Most bytes of text in one that is written, so that it is no longer than 75 characters (RFC 2047 §2).
    private static final int WORD_BYTES_MAX = 45;

    private EncodedWords() {}

    /// Text as a field can have it where words may stand: as it is where it is ASCII, or else as encoded words with a
    /// blank between two.
    public static String encoded(String text) {
        if (text.chars().allMatch(c -> c < 0x80)) {
            return text;
        }
        StringBuilder words = new StringBuilder();
        int from = 0;
        int bytes = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int more = utf8(text.codePointAt(i));
            if (bytes + more > WORD_BYTES_MAX) {
                word(words, text.substring(from, i)).append(' ');
                from = i;
                bytes = 0;
            }
            bytes += more;
        }
        return word(words, text.substring(from)).toString();
    }

    private static int utf8(int codePoint) {
        return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    }

    private static StringBuilder word(StringBuilder words, String text) {
        String base64 = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        return words.append("=?utf-8?B?").append(base64).append("?=");
    }

    /// A text with its encoded words decoded, blanks between two of them dropped.
    ///
    /// @return empty when one is in UTF-7, which says `@` in many ways and is nobody's charset any more
    public static Optional<String> decoded(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        int from = 0;
        boolean afterWord = false;
        for (int start = text.indexOf("=?"); start >= 0; start = text.indexOf("=?", start)) {
            int charset = text.indexOf('?', start + 2);
            int encoding = charset < 0 ? -1 : text.indexOf('?', charset + 1);
            if (encoding < 0) {
                break;
            }
            int end = encoding == charset + 2 ? text.indexOf("?=", encoding + 1) : -1;
            Optional<byte[]> bytes =
                    end < 0 ? Optional.empty() : bytes(text.charAt(charset + 1), text.substring(encoding + 1, end));
            if (bytes.isEmpty()) {
                start += 2;
                continue;
            }
            String name = text.substring(start + 2, charset).toLowerCase(Locale.ROOT);
            if (name.contains("utf-7") || name.contains("utf7")) {
                return Optional.empty();
            }
            String between = text.substring(from, start);
            shown.append(afterWord && between.isBlank() ? "" : between).append(string(name, bytes.get()));
            start = end + 2;
            from = start;
            afterWord = true;
        }
        return Optional.of(shown.append(text, from, text.length()).toString());
    }

    private static Optional<byte[]> bytes(char encoding, String text) {
        return switch (encoding) {
            case 'q', 'Q' -> Optional.of(quoted(text));
            case 'b', 'B' -> {
                try {
                    yield Optional.of(Base64.getMimeDecoder().decode(text));
                } catch (IllegalArgumentException _) {
                    yield Optional.empty(); // shown as it stands
                }
            }
            default -> Optional.empty();
        };
    }

    private static byte[] quoted(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int high = c == '=' && i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = high < 0 ? -1 : Character.digit(text.charAt(i + 2), 16);
            if (low >= 0) {
                bytes.write(high << 4 | low);
                i += 2;
            } else {
                bytes.writeBytes((c == '_' ? " " : String.valueOf(c)).getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    /// @param name of the charset, maybe with a language behind `*` (RFC 2231 §5)
    private static String string(String name, byte[] bytes) {
        int star = name.indexOf('*');
        try {
            return new String(bytes, Charset.forName(star < 0 ? name : name.substring(0, star)));
        } catch (IllegalCharsetNameException | java.nio.charset.UnsupportedCharsetException _) {
            // what is ASCII in it is what most programs show
            return new String(bytes, StandardCharsets.US_ASCII).replaceAll("[^ -~]", "?");
        }
    }
}
