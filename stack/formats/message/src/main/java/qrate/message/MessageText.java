package qrate.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import qrate.core.Body;

/// A message as somebody reads it who has no mail program at hand: a few fields and its text, all of it a stranger's
/// and none of it checked.
///
/// @param from who says that they wrote it
/// @param to whom it says that it is for
/// @param date as it says, in whatever form
/// @param subject decoded
/// @param text its first part of plain text, or else of HTML as it stands; without control characters
/// @param others what else is in it: names of files, or kinds
/// @param cut whether there is more than is shown
public record MessageText(
        String from, String to, String date, String subject, String text, List<String> others, boolean cut) {
    /// Most bytes of a message that are read for its text.
    public static final int BYTES_MAX = 512 << 10;

    /// Longest text, in characters.
    public static final int TEXT_CHARS_MAX = 30_000;

    /// Longest value of a field, in characters.
    public static final int VALUE_CHARS_MAX = 300;

    private static final Wanted FIELDS = Wanted.some("from", "to", "date", "subject");
    private static final String PLAIN = "text/plain";

    public MessageText {
        others = List.copyOf(others);
    }

    /// Reads the fields, and no further than the header goes: no text, nothing else.
    public static MessageText header(Body message) throws IOException {
        return of(Header.of(message, FIELDS), "", List.of(), false);
    }

    /// Reads a message.
    public static MessageText of(Body message) throws IOException {
        byte[] bytes;
        try (InputStream in = message.open()) {
            bytes = in.readNBytes(BYTES_MAX);
        }
        List<Parts.Leaf> parts = Parts.of(bytes);
        int shown = first(parts, PLAIN);
        List<String> others = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            String name = parts.get(i).name();
            if (i != shown) {
                others.add(name.isEmpty() ? plain(parts.get(i).type()) : decoded(name));
            }
        }
        String text = shown < 0 ? "" : text(parts.get(shown));
        boolean cut = message.size() > BYTES_MAX || text.length() > TEXT_CHARS_MAX;
        return of(Header.of(Body.of(bytes), FIELDS), cut(text, TEXT_CHARS_MAX), others, cut);
    }

    /// The part to be shown: the first of a kind that is no file, or the first of any text; -1 for none.
    private static int first(List<Parts.Leaf> parts, String kind) {
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).type().equals(kind) && parts.get(i).name().isEmpty()) {
                return i;
            }
        }
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).type().startsWith("text/")) {
                return i;
            }
        }
        return -1;
    }

    private static MessageText of(Header header, String text, List<String> others, boolean cut) {
        return new MessageText(
                field(header, "from"),
                field(header, "to"),
                field(header, "date"),
                field(header, "subject"),
                text,
                others,
                cut);
    }

    private static String field(Header header, String name) {
        return decoded(header.value(name).orElse(""));
    }

    /// @param value bytes as characters
    private static String decoded(String value) {
        String text = new String(cut(value, VALUE_CHARS_MAX * 4).getBytes(ISO_8859_1), UTF_8);
        return plain(cut(EncodedWords.decoded(text).orElse(text), VALUE_CHARS_MAX));
    }

    private static String text(Parts.Leaf part) {
        byte[] content = part.content();
        StringBuilder text = new StringBuilder(content.length);
        new String(content, charset(part.charset()))
                .codePoints()
                .map(c -> c == '\n' || c == '\t' || !strange(c) ? c : c == '\r' ? -1 : '\uFFFD')
                .filter(c -> c >= 0)
                .forEach(text::appendCodePoint);
        return text.toString().strip();
    }

    /// Without what a screen obeys, letters that turn the direction of others among it.
    private static String plain(String text) {
        StringBuilder all = new StringBuilder(text.length());
        text.codePoints().map(c -> strange(c) ? ' ' : c).forEach(all::appendCodePoint);
        return all.toString().strip();
    }

    private static boolean strange(int c) {
        return Character.isISOControl(c) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
    }

    /// Never in the middle of a character.
    private static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }

    private static Charset charset(String name) {
        try {
            return name.isEmpty() || name.equalsIgnoreCase("us-ascii") ? UTF_8 : Charset.forName(name);
        } catch (IllegalArgumentException _) {
            return ISO_8859_1; // shows what is ASCII in it, and something for each other byte
        }
    }
}
