package qrate.dkim;

import java.util.Base64;
import java.util.List;

/// Writes the field of a signature, folded (RFC 6376 §3.5, RFC 5322 §2.2.3).
public final class FieldText {
    /// Longest line, in characters, without its end.
    private static final int LINE_CHARS_MAX = 76;

    private static final int SIGNATURE_CHARS = 72;

    private final StringBuilder text;
    private int line;

    /// @param name without the colon
    public FieldText(String name) {
        text = new StringBuilder(name).append(':');
        line = text.length();
    }

    /// Adds a tag.
    ///
    /// @param tag with `=`, without `;`
    public void tag(String tag) {
        piece(tag + ";", true);
    }

    /// Adds `h=`.
    public void names(List<String> names) {
        for (int i = 0; i < names.size(); i++) {
            String end = i + 1 < names.size() ? ":" : ";";
            piece((i == 0 ? "h=" : "") + names.get(i) + end, i == 0);
        }
    }

    private void piece(String piece, boolean apart) {
        int blank = apart ? 1 : 0;
        if (line + blank + piece.length() > LINE_CHARS_MAX) {
            text.append("\n ");
            line = 1;
        } else if (apart) {
            text.append(' ');
            line++;
        }
        text.append(piece);
        line += piece.length();
    }

    /// The field up to an empty `b=`: what is signed.
    public String unsigned() {
        return text + "\n b=";
    }

    /// The whole field, with LF at its end.
    ///
    /// @param unsigned from {@link #unsigned}
    public static String signed(String unsigned, byte[] signature) {
        String base64 = Base64.getEncoder().encodeToString(signature);
        StringBuilder whole = new StringBuilder(unsigned);
        for (int i = 0; i < base64.length(); i += SIGNATURE_CHARS) {
            whole.append(i == 0 ? "" : "\n ").append(base64, i, Math.min(base64.length(), i + SIGNATURE_CHARS));
        }
        return whole.append('\n').toString();
    }
}
