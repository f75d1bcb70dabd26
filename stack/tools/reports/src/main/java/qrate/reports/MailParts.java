package qrate.reports;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import qrate.message.Parts;

/// The attachments of a message that may be reports, decoded.
final class MailParts {
    private static final List<String> TYPES = List.of("gzip", "zip", "xml", "json", "octet-stream");
    private static final List<String> NAMES = List.of(".xml", ".gz", ".zip", ".json");

    private MailParts() {}

    /// @param message the whole of it
    static List<byte[]> of(byte[] message) throws IOException {
        return Parts.of(message).stream()
                .filter(MailParts::mayBeReport)
                .map(Parts.Leaf::content)
                .toList();
    }

    private static boolean mayBeReport(Parts.Leaf part) {
        return TYPES.stream().anyMatch(part.type()::contains)
                || NAMES.stream().anyMatch(part.name().toLowerCase(Locale.ROOT)::endsWith);
    }
}
