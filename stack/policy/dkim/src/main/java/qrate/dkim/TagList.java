package qrate.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `v=1; a=rsa-sha256; …`: what stands in a signature and in a key record (RFC 6376 §3.2).
///
/// Text is bytes as characters (ISO 8859-1). Values may hold bytes beyond ASCII (RFC 8616). A tag that
/// stands twice, a tag without a name or `=`, and a control character make the whole list malformed. Read
/// in one pass, whatever it is.
public final class TagList {
    /// Longest Base64 value read, in characters: a key of 16,384 bits has some 2,800.
    private static final int BASE64_CHARS_MAX = 8 << 10;

    private record Span(int from, int to) {}

    private final String text;
    private final Map<String, Span> spans;

    private TagList(String text, Map<String, Span> spans) {
        this.text = text;
        this.spans = spans;
    }

    /// Reads a list.
    ///
    /// @throws MalformedField says why it is none
    public static TagList of(String text) throws MalformedField {
        return of(text, 0);
    }

    /// Reads the list behind a field's colon.
    ///
    /// @param raw the field with its name; lines end with LF
    /// @throws MalformedField says why it is none
    public static TagList ofField(String raw) throws MalformedField {
        return of(raw, raw.indexOf(':') + 1);
    }

    private static TagList of(String text, int from) throws MalformedField {
        Map<String, Span> spans = new LinkedHashMap<>();
        int at = skip(text, from);
        while (at < text.length()) {
            int nameEnd = at;
            while (nameEnd < text.length() && isNameChar(text.charAt(nameEnd), nameEnd == at)) {
                nameEnd++;
            }
            String name = text.substring(at, nameEnd);
            int equals = skip(text, nameEnd);
            if (name.isEmpty() || equals >= text.length() || text.charAt(equals) != '=') {
                throw new MalformedField("a tag without a name and =");
            }
            int end = equals + 1;
            while (end < text.length() && text.charAt(end) != ';') {
                if (!isValueChar(text, end)) {
                    throw new MalformedField("a character that no tag may hold");
                }
                end++;
            }
            if (spans.put(name, new Span(equals + 1, end)) != null) {
                throw new MalformedField("a tag that stands twice");
            }
            at = skip(text, Math.min(text.length(), end + 1));
        }
        return new TagList(text, spans);
    }

    private static boolean isNameChar(char c, boolean first) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (!first && (c == '_' || (c >= '0' && c <= '9')));
    }

    private static boolean isValueChar(String text, int at) {
        return text.charAt(at) > ' ' ? text.charAt(at) != 0x7f : isBlank(text, at);
    }

    /// Blanks and line ends; that a blank follows a line end is what makes it one field.
    private static boolean isBlank(String text, int at) {
        char c = text.charAt(at);
        return c == ' ' || c == '\t' || c == '\n';
    }

    private static int skip(String text, int from) {
        int at = from;
        while (at < text.length() && isBlank(text, at)) {
            at++;
        }
        return at;
    }

    /// A tag's value, without blanks around it; those within it stand as they are.
    public Optional<String> value(String tag) {
        return Optional.ofNullable(spans.get(tag)).map(span -> trimmed(span.from, span.to));
    }

    private String trimmed(int from, int to) {
        int start = Math.min(skip(text, from), to);
        int end = to;
        while (end > start && isBlank(text, end - 1)) {
            end--;
        }
        return text.substring(start, end);
    }

    /// A tag's value.
    ///
    /// @throws MalformedField when it is not there or empty
    public String required(String tag) throws MalformedField {
        String value = value(tag).orElse("");
        if (value.isEmpty()) {
            throw new MalformedField("the required tag " + tag + "= is missing or empty");
        }
        return value;
    }

    /// A tag's value as text: in UTF-8 where it is no ASCII (RFC 8616).
    ///
    /// @throws MalformedField when it is not there or empty
    public String requiredText(String tag) throws MalformedField {
        return new String(required(tag).getBytes(ISO_8859_1), UTF_8);
    }

    /// A tag's value as bytes, blanks in it passed over; empty where it is empty.
    ///
    /// @throws MalformedField when it is not there, too long, or no Base64
    public byte[] base64(String tag) throws MalformedField {
        Span span = spans.get(tag);
        if (span == null) {
            throw new MalformedField("the required tag " + tag + "= is missing");
        }
        StringBuilder plain = new StringBuilder();
        for (int i = span.from; i < span.to; i++) {
            if (!isBlank(text, i)) {
                plain.append(text.charAt(i));
            }
        }
        if (plain.length() > BASE64_CHARS_MAX) {
            throw new MalformedField(tag + "= is longer than " + BASE64_CHARS_MAX + " characters");
        }
        try {
            return Base64.getDecoder().decode(plain.toString());
        } catch (IllegalArgumentException _) {
            throw new MalformedField(tag + "= is no Base64");
        }
    }

    /// The parts of a value between colons, each without blanks around it; none where the tag is not there.
    ///
    /// @throws MalformedField when one is empty
    public List<String> parts(String tag) throws MalformedField {
        Span span = spans.get(tag);
        List<String> parts = new ArrayList<>();
        if (span == null) {
            return parts;
        }
        int from = span.from;
        while (from <= span.to) {
            int colon = text.indexOf(':', from);
            int end = colon < 0 || colon > span.to ? span.to : colon;
            String part = trimmed(from, end);
            if (part.isEmpty()) {
                throw new MalformedField(tag + "= has an empty part");
            }
            parts.add(part);
            from = end + 1;
        }
        return parts;
    }

    /// A number, as large as a long at most; nothing where the tag is not there.
    ///
    /// @param digits most digits
    /// @throws MalformedField when it is none
    public Optional<Long> number(String tag, int digits) throws MalformedField {
        Optional<String> value = value(tag);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        String text = value.get();
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new MalformedField(tag + "= is no number");
            }
            number = number > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : number * 10 + digit;
        }
        if (text.isEmpty() || text.length() > digits) {
            throw new MalformedField(tag + "= is no number of 1 to " + digits + " digits");
        }
        return Optional.of(number);
    }

    /// The first tag's name; empty where there is none.
    String first() {
        return spans.isEmpty() ? "" : spans.keySet().iterator().next();
    }

    /// The text it was read from without the value of `b=` and the blanks around that (RFC 6376 §3.5), and
    /// without a line end behind it: what a signature says of itself while it is made.
    public String unsigned() {
        Span span = spans.get("b");
        String without = span == null ? text : text.substring(0, span.from) + text.substring(span.to);
        return without.endsWith("\n") ? without.substring(0, without.length() - 1) : without;
    }
}
