package qrate.directory;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// Lines of the audit log as JSON objects, for both ends of the REST API.
public final class AuditShapes {
    private AuditShapes() {}

    /// A line.
    public static Map<String, Object> of(Audit.Numbered line) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("number", line.number());
        shape.put("when", line.event().when().toString());
        shape.put("who", line.event().who());
        shape.put("door", line.event().door());
        shape.put("from", line.event().from());
        shape.put("what", line.event().what());
        shape.put("problem", line.event().problem());
        return shape;
    }

    /// A line.
    static Audit.Numbered line(Map<String, Object> shape) throws IOException {
        return new Audit.Numbered(
                Json.number(shape, "number", 0),
                new Audit.Event(
                        Shapes.time(shape, "when"),
                        Json.text(shape, "who", ""),
                        Json.text(shape, "door", ""),
                        Json.text(shape, "from", ""),
                        Json.text(shape, "what", ""),
                        Json.text(shape, "problem", "")));
    }
}
