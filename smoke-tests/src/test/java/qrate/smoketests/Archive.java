package qrate.smoketests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Releases as they are handed to a machine.
final class Archive {
    static final Path TOP = Path.of("..").toAbsolutePath().normalize();

    private Archive() {}

    /// Makes one of what `./qrate` and the smoke test run from; builds that first where it is not built.
    ///
    /// @param folder that it is put into
    static Path made(Path folder) throws IOException {
        String qrate = TOP.resolve("qrate").toString();
        Machine.run(Map.of(), qrate, "smoke", "--help").orFail();
        Machine.run(Map.of(), qrate, "qmail-send", "--help").orFail();
        Path archive = folder.resolve("qrate-test.tar.gz");
        List<String> command = new ArrayList<>(List.of("tar", "-czf", archive.toString(), "-C", TOP.toString()));
        command.addAll(List.of("--transform=s,^,qrate/,", "--owner=0", "--group=0", "--exclude=*.aot*"));
        command.addAll(List.of("qrate", "LICENSE", "provisioning/jdk", "images/embedded/target/run"));
        command.add("smoke-tests/target/run");
        for (String file : List.of("begin", "codes", "flags", "modules", "program")) {
            command.add("images/base/" + file);
        }
        Machine.run(Map.of(), command.toArray(String[]::new)).orFail();
        return archive;
    }

    /// Another release: the same with one file beside, or in the place of one that is there.
    ///
    /// @param name of the new archive, beside the old one
    /// @param file in the topmost folder
    static Path other(Path archive, String name, String file, String content) throws IOException {
        Path folder = Files.createTempDirectory(archive.getParent(), "other");
        Path top = Files.createDirectory(folder.resolve("qrate"));
        Machine.run(Map.of(), "tar", "-xzf", archive.toString(), "-C", top.toString(), "--strip-components=1")
                .orFail();
        Files.writeString(top.resolve(file), content);
        Path made = archive.resolveSibling(name);
        Machine.run(
                        Map.of(),
                        "tar",
                        "-czf",
                        made.toString(),
                        "-C",
                        folder.toString(),
                        "--owner=0",
                        "--group=0",
                        "qrate")
                .orFail();
        return made;
    }
}
