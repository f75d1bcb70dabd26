package qrate.migration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import qrate.cdb.Cdb;
import qrate.snapshots.Names;
import qrate.vpopmail.VpasswdLine;

/// vpopmail's users of a domain: the text `vpasswd`, or `vpasswd.cdb` where that alone is there.
final class Vpasswd {
    /// Most users of one domain.
    static final int USERS_MAX = 200_000;

    private static final String TEXT = "vpasswd";

    private Vpasswd() {}

    /// Reads the users of a domain's folder.
    ///
    /// @param where the folder, for the report
    /// @return by name, as {@link Names#local} spells it; empty when there is neither file
    static Optional<Map<String, VpasswdLine>> read(Path folder, String where, Report report) throws IOException {
        if (Source.exists(folder.resolve(TEXT))) {
            return Optional.of(ofText(Source.read(folder.resolve(TEXT)), where + "/" + TEXT, report));
        }
        Path cdb = folder.resolve(TEXT + ".cdb");
        return Source.exists(cdb) ? Optional.of(ofCdb(cdb, where + "/" + TEXT + ".cdb", report)) : Optional.empty();
    }

    static Map<String, VpasswdLine> ofText(byte[] content, String where, Report report) {
        Map<String, VpasswdLine> users = new LinkedHashMap<>();
        for (Lines.Line line : Lines.of(content)) {
            if (line.problem().isEmpty() && line.text().isEmpty()) {
                continue;
            }
            add(users, line.problem().isEmpty() ? line.text() : "", where + ":" + line.number(), report);
        }
        return users;
    }

    /// Key: the name, value: the rest of the line behind its first colon.
    static Map<String, VpasswdLine> ofCdb(Path file, String where, Report report) throws IOException {
        if (!Source.attributes(file).isRegularFile() || Files.size(file) > Source.FILE_BYTES_MAX) {
            throw new IOException("no file of at most " + Source.FILE_BYTES_MAX + " bytes");
        }
        Map<String, VpasswdLine> users = new LinkedHashMap<>();
        int[] number = {0};
        try (Cdb cdb = Cdb.open(file)) {
            cdb.forEach((key, value) -> {
                number[0]++;
                boolean bounded = key.length + value.length <= Lines.LINE_BYTES_MAX;
                Optional<String> name = bounded ? Lines.utf8(ByteBuffer.wrap(key)) : Optional.empty();
                Optional<String> rest = bounded ? Lines.utf8(ByteBuffer.wrap(value)) : Optional.empty();
                String line = name.isPresent() && rest.isPresent() ? name.get() + ":" + rest.get() : "";
                add(users, line, where + ": record " + number[0], report);
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return users;
    }

    private static void add(Map<String, VpasswdLine> users, String line, String where, Report report) {
        Optional<VpasswdLine> user = parse(line);
        if (user.isEmpty()) {
            report.leftOut(where, "no user");
        } else if (users.size() >= USERS_MAX) {
            report.leftOut(where, "more than " + USERS_MAX + " users");
        } else if (users.putIfAbsent(user.get().name(), user.get()) != null) {
            report.leftOut(where, "the same user again");
        }
    }

    /// A line under the name that {@link Names#local} makes of its own.
    static Optional<VpasswdLine> parse(String line) {
        if (line.chars().anyMatch(c -> c < ' ')) {
            return Optional.empty();
        }
        return VpasswdLine.parse(line).flatMap(user -> Names.local(user.name()).map(user::named));
    }
}
