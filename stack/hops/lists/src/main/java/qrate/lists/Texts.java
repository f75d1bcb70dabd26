package qrate.lists;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import qrate.language.Language;
import qrate.wordings.Phrase;
import qrate.wordings.Placeholder;
import qrate.wordings.Wordings;

/// What a letter says: the list's own text in `text/`, else what its domain says, else what is built in.
///
/// `ezmlm-make` writes the built-in English ones into `text/`, for the owner to change. A file that says that, and one
/// that is missing, is no text of the list's own. Tags there: `<#l#>` and `<#h#>` the list, `<#A#>` the address it is
/// about, `<#F#>` the same folded, `<#R#>` where to reply.
record Texts(Wordings wordings) {
    private static final Map<Placeholder, String> TAGS = Map.of(
            Placeholder.LIST, "<#l#>",
            Placeholder.HOST, "<#h#>",
            Placeholder.ADDRESS, "<#A#>",
            Placeholder.FOLDED, "<#F#>",
            Placeholder.REPLY, "<#R#>");

    /// What `ezmlm-make` writes, by names in `text/`.
    static Map<String, String> ofNewList() {
        Map<String, String> all = new TreeMap<>();
        for (Phrase wording : Phrase.values()) {
            wording.inList().ifPresent(name -> all.put(name, builtIn(wording)));
        }
        return all;
    }

    private static String builtIn(Phrase wording) {
        return Wordings.filled(Wordings.builtIn(wording, Language.ENGLISH), wording, TAGS);
    }

    /// One text of a letter.
    ///
    /// @param name in `text/`
    /// @param values what stands at placeholders
    String say(MailingList list, String name, Language language, Map<Placeholder, String> values) throws IOException {
        Optional<Phrase> wording = Phrase.ofList(name);
        Optional<String> file = list.folder().text("text/" + name);
        boolean own = file.isPresent()
                && wording.filter(one -> file.get().equals(builtIn(one))).isEmpty();
        if (own || wording.isEmpty()) {
            return tagged(file.orElse(""), values);
        }
        return wordings.say(list.host(), wording.get(), language, values);
    }

    private static String tagged(String text, Map<Placeholder, String> values) {
        String said = text;
        for (Map.Entry<Placeholder, String> tag : new EnumMap<>(TAGS).entrySet()) {
            said = said.replace(tag.getValue(), values.getOrDefault(tag.getKey(), ""));
        }
        return said;
    }
}
