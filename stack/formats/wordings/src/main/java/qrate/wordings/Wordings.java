package qrate.wordings;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import qrate.core.Address;
import qrate.core.Log;
import qrate.language.Bundle;
import qrate.language.Language;
import qrate.snapshots.Directory;

/// The texts as people are to get them: what their domain says, else what this system says, else what is built in.
///
/// @param directory has what domains say
/// @param log hears of a text that cannot be used
public record Wordings(Directory directory, Log log) {
    /// Under this name a domain says which language its people speak.
    public static final String LANGUAGE = "language";

    /// Read when somebody is first written to.
    private static final class BuiltIn {
        static final Map<Language, Bundle> TEXTS = Bundle.beside(Phrase.class);
    }

    /// Those that are built in, and no others.
    public static Wordings builtIn() {
        return new Wordings(_ -> new Directory.Route.NotOurs(), Log.silent());
    }

    /// One that is built in, with its placeholders.
    public static String builtIn(Phrase wording, Language language) {
        return BuiltIn.TEXTS.get(language).say(wording.word());
    }

    /// The first line of a notice about a message, by which programs know it (QSBMF), with its LF; it is nobody's to
    /// change.
    public static String greeting(String host) {
        return "Hi. This is the qmail-send program at " + host + ".\n";
    }

    /// The name under which a domain says a text.
    public static String name(Phrase wording, Language language) {
        return wording.word() + " " + language.tag();
    }

    /// A text, ended by LF; one of a single line without. Nothing that is wrong with a domain's gets in the way.
    ///
    /// @param domain of the people that it is about; any text
    public String say(String domain, Phrase wording, Language language, Map<Placeholder, String> values) {
        String text = own(domain, wording, language).orElseGet(() -> builtIn(wording, language));
        return filled(text, wording, values);
    }

    /// A text of anybody's as it would be sent.
    public static String filled(String text, Phrase wording, Map<Placeholder, String> values) {
        String filled = Braces.filled(text, values);
        return switch (wording.form()) {
            case LINE -> filled.strip();
            case PARAGRAPH -> Braces.folded(filled.strip());
            case TEXT -> Braces.folded(filled);
        };
    }

    /// What a domain, or this system, says instead of what is built in; with its placeholders.
    public Optional<String> own(String domain, Phrase wording, Language language) {
        try {
            Optional<String> text = directory.said(domain, name(wording, language));
            Optional<Phrase.Problem> problem = text.flatMap(wording::problem);
            problem.ifPresent(what -> log.line("wordings: warning: " + Log.escape(domain) + ": " + wording.word()
                    + ": not used: " + what.getClass().getSimpleName()));
            return problem.isPresent() ? Optional.empty() : text;
        } catch (IOException e) {
            log.line("wordings: warning: " + Log.escape(domain) + ": the built-in text is used: " + e);
            return Optional.empty();
        }
    }

    /// What somebody here reads: as the mailbox says it, else its domain, else this system; empty where none does.
    public Optional<Language> language(String address) {
        try {
            Address who = Address.of(address);
            Optional<Language> own = directory.route(who) instanceof Directory.Route.Mailbox box
                    ? Language.spelled(box.language())
                    : Optional.empty();
            return own.isPresent() ? own : spoken(who.domain());
        } catch (IOException e) {
            return unknown(address, e);
        }
    }

    /// What a domain's people read, as the domain says it, else this system; empty where neither does.
    public Optional<Language> spoken(String domain) {
        try {
            return directory.said(domain, LANGUAGE).flatMap(Language::spelled);
        } catch (IOException e) {
            return unknown(domain, e);
        }
    }

    private Optional<Language> unknown(String whose, IOException e) {
        log.line("wordings: warning: " + Log.escape(whose) + ": the language is not known: " + e);
        return Optional.empty();
    }
}
