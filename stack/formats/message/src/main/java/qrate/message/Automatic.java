package qrate.message;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Whether a program sent a message, as its header says: who answers by a program answers none of these.
public final class Automatic {
    private static final Set<String> BULK = Set.of("bulk", "junk", "list");

    private Automatic() {}

    /// Whether it is sent to many (`Precedence`).
    ///
    /// @param header with that field, if there is one
    public static boolean isBulk(Header header) {
        return word(header, "precedence").filter(BULK::contains).isPresent();
    }

    /// Whether it says that no person sent it (`Auto-Submitted`, RFC 3834 §5).
    ///
    /// @param header with that field, if there is one
    public static boolean isByProgram(Header header) {
        return word(header, "auto-submitted")
                .filter(value -> !value.startsWith("no"))
                .isPresent();
    }

    private static Optional<String> word(Header header, String name) {
        return header.value(name).map(value -> value.toLowerCase(Locale.ROOT));
    }
}
