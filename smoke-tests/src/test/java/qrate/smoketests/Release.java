package qrate.smoketests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What `./qrate release` makes of this checkout, made once a run.
final class Release {
    static final Path TOP = Path.of("..").toAbsolutePath().normalize();

    private static final Duration BUILD_MAX = Duration.ofMinutes(15);
    private static final Path FOLDER = TOP.resolve("smoke-tests/target/release");

    private Release() {}

    private static final class Made {
        static final Path FOLDER = make();

        private static Path make() {
            try {
                build(Release.FOLDER);
                return Release.FOLDER;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// The version that the sources say.
    static String version() throws IOException {
        return Files.readAllLines(TOP.resolve("pom.xml")).stream()
                .filter(line -> line.startsWith("  <version>"))
                .findFirst()
                .orElseThrow()
                .replaceAll("</?version>", "")
                .strip();
    }

    /// Makes one anew.
    static void build(Path folder, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(TOP.resolve("qrate").toString(), "release", "--to"));
        command.add(folder.toString());
        command.addAll(List.of(options));
        Ran.of(BUILD_MAX, Map.of(), command).orFail();
    }

    static Path folder() {
        return Made.FOLDER;
    }

    /// Its one file whose name ends so.
    static Path file(String end) throws IOException {
        try (Stream<Path> files = Files.list(folder())) {
            return files.filter(file -> file.toString().endsWith(end))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no release file *" + end));
        }
    }

    /// Unpacks the archive.
    ///
    /// @return the folder that `qrate` is in
    static Path unpack(Path folder) throws IOException {
        Path archive = file(".tar.gz");
        Ran.of(BUILD_MAX, Map.of(), List.of("tar", "-xzf", archive.toString(), "-C", folder.toString()))
                .orFail();
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith("qrate-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /// Ports that nobody has.
    static Map<String, String> ports() throws IOException {
        Map<String, String> ports = new HashMap<>();
        for (String name : List.of("SMTP", "SUBMISSION", "SMTPS", "POP3", "POP3S", "ADMIN", "QMQP", "ACME")) {
            ports.put("QRATE_" + name + "_PORT", Stack.freePort(ports.values()));
        }
        return ports;
    }
}
