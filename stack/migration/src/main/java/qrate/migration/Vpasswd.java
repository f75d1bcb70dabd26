package qrate.migration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import qrate.cdb.Cdb;
import qrate.directory.Names;

/// vpopmail's users of a domain: the text `vpasswd`, or `vpasswd.cdb` where that alone is there.
final class Vpasswd {
    /// Most users of one domain.
    static final int USERS_MAX = 200_000;

    private static final int FIELDS = 8;
    private static final String TEXT = "vpasswd";
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,10}");

    /// Flags in the gid field that mean something here.
    static final int NO_POP = 0x02;

    static final int BOUNCE_MAIL = 0x10;
    static final int NO_SMTP = 0x800;
    static final int QA_ADMIN = 0x1000;

    private Vpasswd() {}

    /// One user. The password in clear, which some lines carry behind the quota, is not read.
    ///
    /// @param name as {@link Names#local} spells it
    /// @param hash as crypt(3) wrote it
    /// @param flags vpopmail's, from the gid field
    /// @param home his folder, as it was called there
    /// @param quota as vpopmail spells it
    record User(String name, String hash, long flags, String home, String quota) {
        boolean may(int not) {
            return (flags & not) == 0;
        }

        @Override
        public String toString() {
            return "User[" + name + "]";
        }
    }

    /// Reads the users of a domain's folder.
    ///
    /// @param where the folder, for the report
    /// @return by name; empty when there is neither file
    static Optional<Map<String, User>> read(Path folder, String where, Report report) throws IOException {
        if (Files.exists(folder.resolve(TEXT))) {
            return Optional.of(ofText(Source.read(folder.resolve(TEXT)), where + "/" + TEXT, report));
        }
        Path cdb = folder.resolve(TEXT + ".cdb");
        return Files.exists(cdb) ? Optional.of(ofCdb(cdb, where + "/" + TEXT + ".cdb", report)) : Optional.empty();
    }

    static Map<String, User> ofText(byte[] content, String where, Report report) {
        Map<String, User> users = new LinkedHashMap<>();
        for (Lines.Line line : Lines.of(content)) {
            if (line.problem().isEmpty() && line.text().isEmpty()) {
                continue;
            }
            add(users, line.problem().isEmpty() ? line.text() : "", where + ":" + line.number(), report);
        }
        return users;
    }

    /// Key: the name, value: the rest of the line behind its first colon.
    static Map<String, User> ofCdb(Path file, String where, Report report) throws IOException {
        if (!Source.attributes(file).isRegularFile() || Files.size(file) > Source.FILE_BYTES_MAX) {
            throw new IOException("no file of at most " + Source.FILE_BYTES_MAX + " bytes");
        }
        Map<String, User> users = new LinkedHashMap<>();
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

    private static void add(Map<String, User> users, String line, String where, Report report) {
        Optional<User> user = parse(line);
        if (user.isEmpty()) {
            report.leftOut(where, "no user");
        } else if (users.size() >= USERS_MAX) {
            report.leftOut(where, "more than " + USERS_MAX + " users");
        } else if (users.putIfAbsent(user.get().name(), user.get()) != null) {
            report.leftOut(where, "the same user again");
        }
    }

    /// `name:hash:uid:gid:gecos:home:quota[:clear]`
    static Optional<User> parse(String line) {
        String[] fields = line.split(":", FIELDS);
        if (fields.length < FIELDS - 1 || line.chars().anyMatch(c -> c < ' ')) {
            return Optional.empty();
        }
        Optional<String> name = Names.local(fields[0]);
        if (name.isEmpty() || !NUMBER.matcher(fields[3]).matches()) {
            return Optional.empty();
        }
        return Optional.of(new User(name.get(), fields[1], Long.parseLong(fields[3]), fields[5], fields[6]));
    }
}
