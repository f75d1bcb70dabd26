package qrate.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.ControlFile;
import qrate.core.JsonWriter;

/// Control files by the admin service's REST API.
final class RemoteControl {
    private static final String LINES = "lines";

    private RemoteControl() {}

    static String path(ControlFile file) {
        return "control/" + RemoteDirectory.encode(file.file());
    }

    static Map<String, Object> body(List<String> lines) {
        return Map.of(LINES, lines);
    }

    /// The refusal of what no request can hold.
    static Optional<Change> tooLarge(ControlFile file, List<String> lines) {
        int bytes = JsonWriter.write(body(lines)).getBytes(UTF_8).length;
        return bytes > Shapes.BODY_BYTES_MAX
                ? Optional.of(Change.refuse(Refusal.Key.CONTROL_LARGE, file.file()))
                : Optional.empty();
    }
}
