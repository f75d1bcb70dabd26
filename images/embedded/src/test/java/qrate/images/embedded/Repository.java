package qrate.images.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import qrate.core.Manual;

/// The files of the sources, and those among them that are made of others.
final class Repository {
    private static final Set<String> NOT_OURS = Set.of("target", ".git", ".cache", "out", "var", "node_modules");

    private Repository() {}

    /// Its uppermost folder.
    static Path root() {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("qrate"))) {
            root = root.getParent();
        }
        return root;
    }

    /// Every file whose path, relative to the uppermost folder, has this in it and ends so.
    static List<Path> files(String part, String end) throws IOException {
        Path root = root();
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return NOT_OURS.contains(folder.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String path = root.relativize(file).toString();
                if (attributes.isRegularFile() && path.contains(part) && path.endsWith(end)) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        found.sort(null);
        return found;
    }

    /// Every page of the manual by its name.
    static Map<String, Manual> pages() throws IOException {
        Map<String, Manual> pages = new TreeMap<>();
        for (Path file : files("src/main/resources/qrate/man/", ".txt")) {
            Manual page = Manual.parse(Files.readString(file));
            assertEquals(file.getFileName().toString(), page.name() + ".txt");
            assertEquals(null, pages.put(page.name(), page), page.name() + " has two pages");
        }
        return pages;
    }

    /// A file that is made of others is as it would be made now; with `-Dqrate.write=true` it is made.
    static void isMade(String path, String text) throws IOException {
        Path file = root().resolve(path);
        if (Boolean.getBoolean("qrate.write")) {
            Files.writeString(file, text);
        }
        assertEquals(
                text,
                Files.exists(file) ? Files.readString(file) : "",
                path + " is not up to date: run this test once with -Dqrate.write=true");
    }
}
