package qrate.doctor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import qrate.directory.Json;

/// Something that was found.
///
/// @param area what it is about: `name`, `dns`, `port`…
/// @param what a plain sentence without a full stop
/// @param mend the command, or the step, that mends it; empty when nothing is to be done
record Finding(Level level, String area, String what, String mend) {
    /// The worst first; the same level stays in the order of the checks.
    static final Comparator<Finding> WORST_FIRST = Comparator.comparing(Finding::level);

    /// How bad it is, the worst first.
    enum Level {
        /// Mail is lost on the way to us, is refused by others, or strangers may do what they should not.
        BROKEN(2),
        /// It works, and will not for long, or not everywhere.
        DOUBTFUL(1),
        /// As it should be, or only to know.
        WELL(0);

        private final int code;

        Level(int code) {
            this.code = code;
        }

        /// Exit code of a look whose worst finding this is.
        int code() {
            return code;
        }

        private static Level of(String word) throws IOException {
            for (Level level : values()) {
                if (level.word().equals(word)) {
                    return level;
                }
            }
            throw new IOException("no level: " + word);
        }

        private String word() {
            return switch (this) {
                case BROKEN -> "broken";
                case DOUBTFUL -> "doubtful";
                case WELL -> "well";
            };
        }
    }

    static Finding broken(String area, String what, String mend) {
        return new Finding(Level.BROKEN, area, what, mend);
    }

    static Finding doubtful(String area, String what, String mend) {
        return new Finding(Level.DOUBTFUL, area, what, mend);
    }

    static Finding well(String area, String what) {
        return new Finding(Level.WELL, area, what, "");
    }

    /// `broken    dns: example.org has no MX record. What to do: ./qrate dns example.org`.
    String line() {
        return String.format("%-9s %s: %s%s", level.word(), area, what, mend.isEmpty() ? "" : ". What to do: " + mend);
    }

    /// What another look has found, as `--json` prints it; nothing when it found no words.
    ///
    /// @throws IOException when it is something else
    static List<Finding> read(byte[] json) throws IOException {
        if (json.length == 0) {
            return List.of();
        }
        List<Finding> all = new ArrayList<>();
        for (Map<String, Object> one : Json.objects(Json.object(json), "findings")) {
            all.add(new Finding(
                    Level.of(Json.text(one, "level")),
                    Json.text(one, "area"),
                    Json.text(one, "what"),
                    Json.text(one, "mend")));
        }
        return all;
    }

    Map<String, Object> json() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("level", level.word());
        members.put("area", area);
        members.put("what", what);
        members.put("mend", mend);
        return members;
    }
}
