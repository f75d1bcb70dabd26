package qrate.directory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import qrate.checkpassword.Unfit;
import qrate.language.Language;

/// Every refusal, loss and property has words, in every language that there is a file of.
class WordsTest {
    private static List<Path> files() throws Exception {
        Path folder =
                Path.of(Objects.requireNonNull(Words.class.getResource("words")).toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static Properties texts(Path file) throws IOException {
        Properties texts = new Properties();
        try (var in = Files.newBufferedReader(file, UTF_8)) {
            texts.load(in);
        }
        return texts;
    }

    private static Set<Integer> places(String text) {
        Set<Integer> all = new TreeSet<>();
        for (int i = 0; i < 9; i++) {
            if (text.contains("{" + i + "}")) {
                all.add(i);
            }
        }
        return all;
    }

    @Test
    void everyKeyHasATextAndEveryTextAKeyInEachLanguage() throws Exception {
        Set<String> keys = Stream.concat(
                        Arrays.stream(Refusal.Key.values()).map(Refusal.Key::word),
                        Stream.concat(
                                Arrays.stream(Loss.Key.values()).map(key -> Words.LOSS + key.word()),
                                Arrays.stream(Property.values()).map(property -> Words.PROPERTY + property.word())))
                .collect(Collectors.toCollection(TreeSet::new));
        List<Path> files = files();
        assertFalse(files.isEmpty());
        Properties english = texts(files.stream()
                .filter(file -> file.endsWith("en.properties"))
                .findFirst()
                .orElseThrow());
        for (Path file : files) {
            Properties texts = texts(file);
            assertEquals(keys, new TreeSet<>(texts.stringPropertyNames()), file.toString());
            for (String key : keys) {
                assertFalse(texts.getProperty(key).isBlank(), key);
                assertEquals(places(english.getProperty(key)), places(texts.getProperty(key)), file + " " + key);
            }
        }
    }

    @Test
    void everyUnfitPasswordIsARefusal() {
        for (Unfit.Why why : Unfit.Why.values()) {
            assertEquals(
                    why.name(), Refusal.of(new Unfit(why, List.of(1, 2))).key().name());
        }
    }

    @Test
    void aRefusalIsSaidInTheLanguageOfItsReader() {
        Refusal refusal = Refusal.of(Refusal.Key.DOMAIN_MISSING_NAMED, "{1}");
        assertEquals("Domain does not exist: {1}", Words.english().of(refusal));
        assertEquals(
                "\u7db2\u57df\u4e0d\u5b58\u5728\uff1a{1}",
                Words.in(Language.TRADITIONAL_CHINESE).of(refusal));
        assertEquals(Words.english(), Words.of(Map.of("LANG", "xx_XX")));
        assertEquals(Words.in(Language.TRADITIONAL_CHINESE), Words.of(Map.of("LANG", "zh_TW.UTF-8")));
    }
}
