package qrate.admin;

import qrate.directory.Change;
import qrate.directory.Loss;
import qrate.directory.Words;
import qrate.language.Language;

/// Something to say, before it is known in which language: to whoever reads a page, and in English to the audit log.
@FunctionalInterface
interface Said {
    /// What is said where nothing is.
    Said NOTHING = _ -> "";

    String in(Language language);

    /// The field of a form that it is about, by its name there, or empty.
    default String field() {
        return "";
    }

    /// The same about a field.
    default Said at(String field) {
        return new AtField(this, field);
    }

    /// The same, where a form calls a field otherwise than the directory does.
    default Said moved(String from, String to) {
        return field().equals(from) ? at(to) : this;
    }

    /// What is said of a field.
    record AtField(Said what, String field) implements Said {
        @Override
        public String in(Language language) {
            return what.in(language);
        }
    }

    /// A text of pages.
    ///
    /// @param arguments numbers and times of them are written as the language does
    static Said of(String key, Object... arguments) {
        return language -> Texts.in(language).say(key, arguments);
    }

    /// Why something is not done.
    static Said of(Change.Refused refused) {
        Said why = language -> Words.in(language).of(refused);
        return why.at(FieldNames.of(refused.refusal().key()));
    }

    /// What goes with a removal.
    static Said of(Loss loss) {
        return language -> Words.in(language).of(loss);
    }

    /// A name, or what somebody else said, which is the same in each language.
    static Said as(String text) {
        return _ -> text;
    }
}
