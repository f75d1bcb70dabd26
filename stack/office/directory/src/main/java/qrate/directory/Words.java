package qrate.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/// Words for people, in the language of who reads them: a file of texts a language, `words/en.properties`. Another
/// language is another file.
public final class Words {
    /// How keys of properties begin.
    static final String PROPERTY = "property-";

    /// How keys of losses begin.
    static final String LOSS = "loss-";

    private static final String ENGLISH = "en";

    /// Most languages of one reader that are looked for.
    private static final int LANGUAGES_MAX = 8;

    /// Read once, and when first asked for.
    private static final class English {
        static final Words TEXTS = read(ENGLISH);
    }

    private final Properties texts;

    private Words(Properties texts) {
        this.texts = texts;
    }

    /// For whoever runs this system: logs, and the audit log.
    public static Words english() {
        return English.TEXTS;
    }

    /// For whoever runs a command: locale(7), `LC_ALL`, `LC_MESSAGES` or `LANG`.
    public static Words of(Map<String, String> environment) {
        for (String name : List.of("LC_ALL", "LC_MESSAGES", "LANG")) {
            String locale = environment.getOrDefault(name, "");
            if (!locale.isEmpty()) {
                return in(locale);
            }
        }
        return english();
    }

    /// For a reader of these languages, best first; English where there is none of them.
    ///
    /// @param languages in order: `Accept-Language` (RFC 9110 §12.5.4), whose weights do not count, or one locale:
    ///     `de_DE.UTF-8`
    public static Words in(String languages) {
        String[] all = languages.split(",", LANGUAGES_MAX + 1);
        for (int i = 0; i < Math.min(all.length, LANGUAGES_MAX); i++) {
            String language = language(all[i].strip());
            if (language.equals(ENGLISH)) {
                return english();
            }
            if (!language.isEmpty() && Words.class.getResource(file(language)) != null) {
                return read(language);
            }
        }
        return english();
    }

    /// The letters in front: of anything else there is no file.
    private static String language(String tag) {
        int end = 0;
        while (end < tag.length() && Character.isLetter(tag.charAt(end)) && tag.charAt(end) < 0x80) {
            end++;
        }
        return tag.substring(0, end).toLowerCase(Locale.ROOT);
    }

    private static String file(String language) {
        return "words/" + language + ".properties";
    }

    private static Words read(String language) {
        try (InputStream in = Words.class.getResourceAsStream(file(language))) {
            if (in == null) {
                throw new IOException(file(language) + " is missing");
            }
            Properties texts = new Properties();
            texts.load(new InputStreamReader(in, UTF_8));
            return new Words(texts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A refusal in one sentence.
    public String of(Refusal refusal) {
        return text(refusal.key().word(), refusal.arguments());
    }

    /// A loss in one clause.
    public String of(Loss loss) {
        return text(LOSS + loss.key().word(), loss.arguments());
    }

    /// Losses, a clause each.
    public List<String> all(List<Loss> losses) {
        return losses.stream().map(this::of).toList();
    }

    /// What a property of a mailbox is called.
    ///
    /// @param domain of the mailbox
    public String of(Property property, String domain) {
        return text(PROPERTY + property.word(), List.of(domain));
    }

    private String text(String key, List<String> arguments) {
        String text = texts.getProperty(key, key);
        StringBuilder said = new StringBuilder();
        int from = 0;
        for (int at = text.indexOf('{'); at >= 0; at = text.indexOf('{', from)) {
            int argument = at + 2 < text.length() && text.charAt(at + 2) == '}' ? text.charAt(at + 1) - '0' : -1;
            boolean is = argument >= 0 && argument < arguments.size();
            said.append(text, from, at).append(is ? arguments.get(argument) : text.substring(at, at + 1));
            from = is ? at + 3 : at + 1;
        }
        return said.append(text.substring(from)).toString();
    }

    /// The same of a change that was refused.
    public String of(Change.Refused refused) {
        return of(refused.refusal());
    }
}
