package qrate.local.deliver;

import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import qrate.core.Body;
import qrate.message.Header;
import qrate.message.TraceFields;
import qrate.message.Wanted;

/// The Delivered-To lines of a message, read once for all its recipients.
final class Trail {
    private final Body body;
    private Optional<Set<String>> lines = Optional.empty();
    private boolean cut;

    Trail(Body body) {
        this.body = body;
    }

    /// Whether the header has exactly this line, so that the message is going round; or more lines than a header has.
    ///
    /// @param line with its end
    synchronized boolean has(String line) throws IOException {
        if (lines.isEmpty()) {
            Wanted.Limits limits = Wanted.Limits.USUAL;
            Wanted wanted = Wanted.some("delivered-to")
                    .within(new Wanted.Limits(
                            limits.lines(),
                            limits.bytes(),
                            limits.lines(),
                            TraceFields.DELIVERED_TO_BYTES_MAX,
                            Integer.MAX_VALUE));
            Header header = Header.of(body, wanted);
            cut = header.cut();
            Set<String> all = new HashSet<>();
            header.fields().forEach(field -> all.add(field.line() + "\n"));
            lines = Optional.of(all);
        }
        return cut || lines.get().contains(line);
    }
}
