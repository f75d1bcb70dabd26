package qrate.directory;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.language.Language;
import qrate.wordings.Phrase;
import qrate.wordings.Wordings;

/// What a domain, or this system, says in its own words.
///
/// @param language what its people read, as BCP 47 spells it; empty where nobody said
/// @param own each text of its own, in the order of {@link Phrase}
public record DomainTexts(String language, List<Own> own) {
    /// Nothing is said.
    public static final DomainTexts NONE = new DomainTexts("", List.of());

    /// Keeps a copy.
    public DomainTexts {
        own = List.copyOf(own);
    }

    /// One text in one language, with its placeholders.
    public record Own(Phrase wording, Language language, String text) {}

    /// A text; empty where another is said.
    public Optional<String> text(Phrase wording, Language language) {
        return own.stream()
                .filter(one -> one.wording == wording && one.language == language)
                .map(Own::text)
                .findFirst();
    }

    /// The text that counts where this is a domain's: its own, else the system's, else the built-in one.
    public String text(Phrase wording, Language language, DomainTexts system) {
        return text(wording, language)
                .or(() -> system.text(wording, language))
                .orElseGet(() -> Wordings.builtIn(wording, language));
    }

    /// As the REST API has it.
    public Map<String, Object> shape() {
        List<Map<String, Object>> texts = new ArrayList<>();
        for (Own one : own) {
            Map<String, Object> text = new LinkedHashMap<>();
            text.put("name", one.wording.word());
            text.put("language", one.language.tag());
            text.put("text", one.text);
            texts.add(text);
        }
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("language", language);
        shape.put("texts", texts);
        return shape;
    }

    /// From the REST API. What only a newer service knows is left out.
    static DomainTexts of(Map<String, Object> shape) throws IOException {
        List<Own> all = new ArrayList<>();
        for (Map<String, Object> text : Json.objects(shape, "texts")) {
            Optional<Phrase> wording = Phrase.of(Json.text(text, "name"));
            Optional<Language> language = Language.spelled(Json.text(text, "language"));
            if (wording.isPresent() && language.isPresent()) {
                all.add(new Own(wording.get(), language.get(), Json.text(text, "text")));
            }
        }
        return new DomainTexts(Json.text(shape, "language", ""), all);
    }
}
