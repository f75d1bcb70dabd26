package qrate.directory;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Second factors as JSON objects, for both ends of the REST API.
public final class FactorShapes {
    private static final String PASSKEYS = "passkeys";

    private FactorShapes() {}

    /// A second factor, or that there is none.
    public static Map<String, Object> of(Optional<SecondFactors.Present> present) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("on", present.isPresent());
        shape.put(
                "since",
                Shapes.orNever(present.map(SecondFactors.Present::since).orElse(Instant.EPOCH)));
        shape.put("codes", present.map(SecondFactors.Present::codes).orElse(0));
        shape.put("program", present.map(SecondFactors.Present::program).orElse(false));
        shape.put(
                PASSKEYS,
                present.map(SecondFactors.Present::passkeys).orElse(List.of()).stream()
                        .map(FactorShapes::of)
                        .toList());
        return shape;
    }

    /// A second factor; empty where the object says that there is none.
    static Optional<SecondFactors.Present> secondFactor(Map<String, Object> shape) throws IOException {
        return Json.truth(shape, "on", false)
                ? Optional.of(new SecondFactors.Present(
                        Shapes.time(shape, "since"),
                        Shapes.bounded(shape, "codes", 0),
                        Json.truth(shape, "program", true),
                        passkeys(shape)))
                : Optional.empty();
    }

    private static Map<String, Object> of(Passkeys.Listed passkey) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("id", passkey.id());
        shape.put("label", passkey.label());
        shape.put("site", passkey.site());
        shape.put("created", passkey.created().toString());
        shape.put("used", Shapes.orNever(passkey.used()));
        return shape;
    }

    private static List<Passkeys.Listed> passkeys(Map<String, Object> shape) throws IOException {
        List<Passkeys.Listed> all = new ArrayList<>();
        if (!shape.containsKey(PASSKEYS)) { // of a service before this one
            return all;
        }
        for (Map<String, Object> one : Json.objects(shape, PASSKEYS)) {
            all.add(new Passkeys.Listed(
                    Json.text(one, "id"),
                    Json.text(one, "label", ""),
                    Json.text(one, "site", ""),
                    Shapes.time(one, "created"),
                    Shapes.time(one, "used")));
        }
        return all;
    }
}
