package qrate.spf;

import java.util.ArrayList;
import java.util.List;

/// What is wrong in a text, in words, as far as there is room for it.
final class SpfFaults {
    static final int FAULTS_MAX = 20;

    /// Longest piece of a stranger's text that is shown.
    static final int SHOWN_CHARS_MAX = 80;

    private final List<String> all = new ArrayList<>();

    void add(String fault) {
        if (all.size() < FAULTS_MAX) {
            all.add(fault);
        }
    }

    List<String> all() {
        return List.copyOf(all);
    }

    /// A stranger's text between quotes, short and printable.
    static String shown(String text) {
        StringBuilder out = new StringBuilder("'");
        for (int i = 0; i < Math.min(text.length(), SHOWN_CHARS_MAX); i++) {
            char c = text.charAt(i);
            out.append(c < ' ' || c > '~' ? '?' : c);
        }
        return out.append(text.length() > SHOWN_CHARS_MAX ? "...'" : "'").toString();
    }
}
