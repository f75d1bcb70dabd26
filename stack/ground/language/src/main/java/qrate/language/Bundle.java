package qrate.language;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/// Texts of one module in one language, by key: `words/en.properties` beside a class of it. A text has `{0}`, `{1}`
/// where its arguments belong.
public final class Bundle {
    private final Language language;
    private final Map<String, String> texts;

    private Bundle(Language language, Map<String, String> texts) {
        this.language = language;
        this.texts = texts;
    }

    /// The texts beside a class, in every language; to be read once and kept.
    public static Map<Language, Bundle> beside(Class<?> type) {
        Map<Language, Bundle> all = new EnumMap<>(Language.class);
        for (Language language : Language.values()) {
            all.put(language, read(type, language));
        }
        return Collections.unmodifiableMap(all);
    }

    private static Bundle read(Class<?> type, Language language) {
        String file = "words/" + language.tag() + ".properties";
        try (InputStream in = type.getResourceAsStream(file)) {
            if (in == null) {
                throw new IOException(file + " beside " + type.getName() + " is missing");
            }
            Properties texts = new Properties();
            texts.load(new InputStreamReader(in, UTF_8));
            Map<String, String> all = new HashMap<>();
            texts.stringPropertyNames().forEach(key -> all.put(key, texts.getProperty(key)));
            return new Bundle(language, Map.copyOf(all));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whose words they are.
    public Language language() {
        return language;
    }

    /// Keys of all texts.
    public Collection<String> keys() {
        return texts.keySet();
    }

    /// A text with its arguments: numbers, times ({@link Instant}) and days ({@link LocalDate}) as the language
    /// writes them, all else as it is. A key without a text is said itself.
    public String say(String key, Object... arguments) {
        return say(key, List.of(arguments));
    }

    /// The same.
    public String say(String key, List<?> arguments) {
        String text = texts.getOrDefault(key, key);
        StringBuilder said = new StringBuilder();
        int from = 0;
        for (int at = text.indexOf('{'); at >= 0; at = text.indexOf('{', from)) {
            int argument = at + 2 < text.length() && text.charAt(at + 2) == '}' ? text.charAt(at + 1) - '0' : -1;
            boolean is = argument >= 0 && argument < arguments.size();
            said.append(text, from, at).append(is ? written(arguments.get(argument)) : text.substring(at, at + 1));
            from = is ? at + 3 : at + 1;
        }
        return said.append(text.substring(from)).toString();
    }

    private String written(Object argument) {
        return switch (argument) {
            case Integer number -> language.number(number);
            case Long number -> language.number(number);
            case Instant time -> language.time(time);
            case LocalDate day -> language.day(day);
            default -> argument.toString();
        };
    }
}
