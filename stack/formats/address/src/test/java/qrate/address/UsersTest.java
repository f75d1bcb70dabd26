package qrate.address;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.snapshots.Assignments;
import qrate.testkit.Seeds;

/// users/cdb as qmail-users(5) explains users/assign, against the plain words of that page.
class UsersTest {
    @TempDir
    Path folder;

    private record Line(char kind, String local, String user, String ext) {
        String text() {
            return kind + local + ":" + user + ":1:1:/home/" + user + ":-:" + ext + ":";
        }
    }

    @Test
    void findsTheFirstSimpleLineElseTheMostSpecificWildcard() {
        Seeds.forAll(300, random -> {
            List<Line> lines = new ArrayList<>();
            int count = random.nextInt(12);
            for (int i = 0; i < count; i++) {
                lines.add(new Line(random.nextBoolean() ? '=' : '+', word(random), "u" + i, word(random)));
            }
            try {
                Assignments.toCdb(lines.stream().map(Line::text).toList()).write(folder.resolve("cdb"), "rw-r-----");
                try (Users users = new Users(folder)) {
                    for (int i = 0; i < 40; i++) {
                        String local = word(random);
                        assertEquals(
                                expected(lines, local),
                                users.find(local).map(user -> user.name() + " " + user.ext()),
                                () -> local + " in " + lines);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static Optional<String> expected(List<Line> lines, String local) {
        String lower = local.toLowerCase(Locale.ROOT);
        for (Line line : lines) {
            if (line.kind == '=' && line.local.toLowerCase(Locale.ROOT).equals(lower)) {
                return Optional.of(line.user + " " + line.ext);
            }
        }
        Optional<Line> best = Optional.empty();
        for (Line line : lines) {
            if (line.kind == '+'
                    && lower.startsWith(line.local.toLowerCase(Locale.ROOT))
                    && line.local.length() > best.map(b -> b.local.length()).orElse(-1)) {
                best = Optional.of(line);
            }
        }
        return best.map(line -> line.user + " " + line.ext + local.substring(line.local.length()));
    }

    private static String word(Random random) {
        StringBuilder word = new StringBuilder();
        int length = random.nextInt(6);
        for (int i = 0; i < length; i++) {
            word.append("aAb-.".charAt(random.nextInt(5)));
        }
        return word.toString();
    }
}
