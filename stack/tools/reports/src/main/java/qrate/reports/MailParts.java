package qrate.reports;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import qrate.message.Parts;

/// The parts of a message that may be reports.
final class MailParts {
    private static final List<String> TYPES =
            List.of("gzip", "zip", "xml", "json", "octet-stream", FeedbackReport.TYPE);
    private static final List<String> NAMES = List.of(".xml", ".gz", ".zip", ".json");

    private MailParts() {}

    /// @param message the whole of it
    static List<Parts.Leaf> of(byte[] message) throws IOException {
        return Parts.of(message).stream().filter(MailParts::mayBeReport).toList();
    }

    private static boolean mayBeReport(Parts.Leaf part) {
        return TYPES.stream().anyMatch(part.type()::contains)
                || NAMES.stream().anyMatch(part.name().toLowerCase(Locale.ROOT)::endsWith);
    }
}
