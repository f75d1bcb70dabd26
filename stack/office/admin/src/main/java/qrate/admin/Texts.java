package qrate.admin;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import qrate.language.Bundle;
import qrate.language.Language;

/// The texts of pages; `words/en.properties` and the other languages beside it.
record Texts(Bundle bundle) {
    private static final Map<Language, Texts> ALL = Bundle.beside(Texts.class).values().stream()
            .collect(Collectors.toUnmodifiableMap(Bundle::language, Texts::new));

    static Texts in(Language language) {
        return ALL.get(language);
    }

    /// A text; an argument that is one itself ({@link Said}) is said in the same language.
    String say(String key, Object... arguments) {
        return bundle.say(
                key,
                Arrays.stream(arguments)
                        .map(argument -> argument instanceof Said said ? said.in(bundle.language()) : argument)
                        .toList());
    }
}
