package qrate.smoketests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Releases as they are handed to a machine.
final class Archive {
    private Archive() {}

    /// That of this checkout.
    ///
    /// @param folder that it is put into
    static Path made(Path folder) throws IOException {
        return Files.copy(Release.file(".tar.gz"), folder.resolve("qrate-test.tar.gz"));
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
