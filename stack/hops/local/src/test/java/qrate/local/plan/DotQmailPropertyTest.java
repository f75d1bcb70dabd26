package qrate.local.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.address.Found;
import qrate.core.Steps;
import qrate.dotqmail.Line;
import qrate.testkit.Seeds;

/// Which `.qmail` file decides, against dot-qmail(5) written down as plainly as possible.
class DotQmailPropertyTest {
    private static final String[] PARTS = {"a", "B", "default", "-", "-", ".", ":", "", "owner"};

    @TempDir
    Path root;

    /// What the page says: the names to look for, in order, and what `default` stands for in each.
    private record Candidate(String name, Optional<String> rest) {}

    private static List<Candidate> candidates(String dash, String ext) {
        String safe = ext.toLowerCase(Locale.ROOT).replace('.', ':');
        List<Candidate> all = new ArrayList<>();
        Optional<String> last = safe.endsWith("default")
                ? Optional.of(ext.substring(ext.length() - "default".length()))
                : Optional.empty();
        all.add(new Candidate(".qmail" + dash + safe, last));
        if (!dash.isEmpty()) {
            String[] words = safe.split("-", -1);
            for (int kept = words.length; kept >= 0; kept--) {
                String prefix = String.join("-", List.of(words).subList(0, kept)) + (kept > 0 ? "-" : "");
                if (safe.startsWith(prefix)) {
                    all.add(new Candidate(
                            ".qmail" + dash + prefix + "default", Optional.of(ext.substring(prefix.length()))));
                }
            }
        }
        return all;
    }

    private static Found model(Set<String> files, String dash, String ext) {
        for (Candidate candidate : candidates(dash, ext)) {
            if (files.contains(candidate.name)) {
                return new Found.File(List.of(new Line.Forward(candidate.name + "@x")), false, candidate.rest);
            }
        }
        return dash.isEmpty() ? new Found.Default(Optional.empty()) : new Found.Nobody();
    }

    private static String extension(Random random) {
        StringBuilder ext = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            ext.append(PARTS[random.nextInt(PARTS.length)]);
        }
        return ext.toString();
    }

    @Test
    void theFirstFileOfThePageDecides() {
        Seeds.forAll(400, random -> {
            try {
                Path home = Files.createDirectory(root.resolve("home" + random.nextLong()));
                Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-x---"));
                String dash = random.nextInt(5) == 0 ? "" : "-";
                String ext = dash.isEmpty() ? "" : extension(random);
                Set<String> names = new TreeSet<>(List.of(".qmail-other", ".qmail"));
                for (int i = random.nextInt(4); i > 0; i--) {
                    List<Candidate> near = candidates("-", extension(random));
                    names.add(near.get(random.nextInt(near.size())).name);
                    List<Candidate> own = candidates(dash, ext);
                    names.add(own.get(random.nextInt(own.size())).name);
                }
                names.removeIf(_ -> random.nextInt(4) == 0);
                for (String name : names) {
                    Path file = Files.writeString(home.resolve(name), "&" + name + "@x\n");
                    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
                }
                Found found = new DotQmail(new Homes(root)).find(home, dash, ext, Steps.none());
                assertEquals(model(names, dash, ext), found, () -> dash + ext + " among " + names);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void noExtensionNamesAFileOutsideTheHome() throws IOException {
        Path home = Files.createDirectory(root.resolve("home"));
        Path outside = Files.createDirectory(root.resolve("outside"));
        for (Path folder : List.of(root, home, outside)) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-x---"));
        }
        Files.createDirectory(home.resolve(".qmail-x"));
        Files.writeString(outside.resolve("default"), "|touch stolen\n");
        String[] parts = {"/", "..", "x", "outside", "default", "-", "\0", "\n"};
        Seeds.forAll(300, random -> {
            StringBuilder ext = new StringBuilder();
            for (int i = random.nextInt(8); i > 0; i--) {
                ext.append(parts[random.nextInt(parts.length)]);
            }
            try {
                Found found = new DotQmail(new Homes(root)).find(home, "-", ext.toString(), Steps.none());
                // .qmail-x is there, and no file
                assertEquals(ext.toString().equals("x"), found instanceof Found.Wait, found.toString());
                assertFalse(found instanceof Found.File, found.toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
