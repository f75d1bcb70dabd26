package qrate.admin;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import qrate.directory.DomainTexts;
import qrate.directory.Domains;
import qrate.language.Language;
import qrate.snapshots.Names;
import qrate.wordings.Phrase;
import qrate.wordings.Placeholder;
import qrate.wordings.Wordings;

/// What people of a domain are written, as it counts: the domain's words, else this system's, else the built-in ones.
///
/// @param domain as it is stored; empty for this system
/// @param own the domain's
/// @param system this system's
record OwnWords(String domain, DomainTexts own, DomainTexts system) {
    /// Those of the domain that a path names, or of this system where it names none; empty where no such domain is.
    static Optional<OwnWords> of(Domains domains, Request request) throws IOException {
        String name = request.path("domain");
        if (name.isEmpty()) {
            return Optional.of(of(domains, ""));
        }
        Optional<String> real = Names.domain(name).isEmpty()
                ? Optional.empty()
                : domains.domain(name).map(domain -> domain.real());
        return real.isEmpty() ? Optional.empty() : Optional.of(of(domains, real.get()));
    }

    /// Those of a domain.
    static OwnWords of(Domains domains, String domain) throws IOException {
        DomainTexts system = domains.texts("");
        return new OwnWords(domain, domain.isEmpty() ? system : domains.texts(domain), system);
    }

    /// A text with its placeholders.
    String text(Phrase wording, Language language) {
        return own.text(wording, language, system);
    }

    /// Whether it has words of its own.
    boolean has(Phrase wording, Language language) {
        return own.text(wording, language).isPresent();
    }

    /// What its people read.
    Language spoken(Language otherwise) {
        return Language.spelled(own.language())
                .or(() -> Language.spelled(system.language()))
                .orElse(otherwise);
    }

    /// A text as it would be sent, with examples at its placeholders.
    String preview(Phrase wording, String text) {
        Map<Placeholder, String> values = new EnumMap<>(Placeholder.class);
        for (Placeholder one : Placeholder.values()) {
            String example = one.example();
            values.put(one, domain.isEmpty() ? example : example.replace("example.test", domain));
        }
        String sent = Wordings.filled(text, wording, values);
        return switch (wording) {
            case BOUNCE_FAILED, BOUNCE_DELAYED, BOUNCE_DONE, BOUNCE_DOUBLE ->
                Wordings.greeting(values.get(Placeholder.HOST)) + sent
                        + "\n<somebody@elsewhere.example>:\n…\n\n--- Below this line is a copy of the message.\n";
            default -> sent;
        };
    }
}
