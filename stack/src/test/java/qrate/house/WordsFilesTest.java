package qrate.house;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Texts for people stand in folders `words`, a file a language: whoever adds one adds it in each.
class WordsFilesTest {
    private static final String ENGLISH = "en.properties";
    private static final String CHINESE = "zh-Hant.properties";
    private static final Pattern PLACE = Pattern.compile("\\{[0-9]}");

    /// Chinese has marks of its own, and no blank beside them.
    private static final Pattern FOREIGN_MARK =
            Pattern.compile("[\\p{IsHan}\u300d][,;:?!()]|[,;:?!()][\\p{IsHan}\u300c]"
                    + "|[\\uff0c\\u3002\\uff1a\\uff1b\\uff1f\\uff01\\u3001] ");

    private static List<Path> folders() throws IOException {
        try (Stream<Path> files = Files.walk(FloorsTest.ROOT)) {
            return files.filter(
                            file -> file.endsWith(ENGLISH) && file.toString().contains("/src/main/resources/"))
                    .filter(file -> file.getParent().endsWith("words"))
                    .map(Path::getParent)
                    .sorted()
                    .toList();
        }
    }

    /// Its texts by key; a key that stands twice is a fault.
    private static Map<String, String> texts(Path file) throws IOException {
        Map<String, String> all = new TreeMap<>();
        for (String line : Files.readAllLines(file, UTF_8)) {
            int equals = line.indexOf(" = ");
            if (equals > 0 && !line.startsWith("#")) {
                String before = all.put(line.substring(0, equals), line.substring(equals + 3));
                assertEquals(null, before, file + ": stands twice: " + line);
            }
        }
        return all;
    }

    private static Set<String> places(String text) {
        return PLACE.matcher(text).results().map(one -> one.group()).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyTextStandsInEachLanguageAndTakesTheSameArguments() throws IOException {
        List<Path> folders = folders();
        assertTrue(folders.size() > 2, folders.toString());
        for (Path folder : folders) {
            Map<String, String> english = texts(folder.resolve(ENGLISH));
            Map<String, String> chinese = texts(folder.resolve(CHINESE));
            assertEquals(english.keySet(), chinese.keySet(), folder.toString());
            english.forEach((key, text) -> {
                assertTrue(!text.isBlank() && !chinese.get(key).isBlank(), folder + " " + key);
                assertEquals(places(text), places(chinese.get(key)), folder + " " + key);
            });
        }
    }

    @Test
    void chineseIsWrittenWithItsOwnMarks() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path folder : folders()) {
            texts(folder.resolve(CHINESE)).forEach((key, text) -> {
                if (FOREIGN_MARK.matcher(text).find()) {
                    found.add(folder + " " + key + " = " + text);
                }
            });
        }
        assertEquals(List.of(), found);
    }
}
