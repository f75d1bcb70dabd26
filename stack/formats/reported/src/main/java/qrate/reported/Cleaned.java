package qrate.reported;

/// Strangers' texts and numbers as they are kept.
final class Cleaned {
    /// Most characters that are kept of a text.
    static final int TEXT_CHARS_MAX = 80;

    private Cleaned() {}

    /// The text without anything that cannot be seen, or could end a field of the file.
    static String text(String text) {
        return of(
                text,
                c -> !(Character.isISOControl(c)
                        || Character.isSurrogate(c)
                        || Character.getType(c) == Character.FORMAT
                        || Character.getType(c) == Character.LINE_SEPARATOR
                        || Character.getType(c) == Character.PARAGRAPH_SEPARATOR));
    }

    /// A name or an address: ASCII, and nothing that could end one of a list.
    static String name(String text) {
        return of(text, c -> c > ' ' && c < 0x7f && c != ',');
    }

    /// Which characters may stay.
    @FunctionalInterface
    private interface Kept {
        boolean is(char c);
    }

    private static String of(String text, Kept kept) {
        StringBuilder clean = new StringBuilder(text.substring(0, Math.min(text.length(), TEXT_CHARS_MAX)));
        for (int i = 0; i < clean.length(); i++) {
            if (!kept.is(clean.charAt(i))) {
                clean.setCharAt(i, '?');
            }
        }
        return clean.toString();
    }

    /// A sum; whoever sends reports may write any number into them.
    static long sum(long one, long other) {
        long sum = one + other;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }
}
