package qrate.directory;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import qrate.language.Bundle;
import qrate.language.Language;

/// Words for people, in the language of who reads them, for what the directory refuses, removes and keeps.
public final class Words {
    /// How keys of properties begin.
    static final String PROPERTY = "property-";

    /// How keys of losses begin.
    static final String LOSS = "loss-";

    private static final Map<Language, Words> ALL = Bundle.beside(Words.class).values().stream()
            .collect(Collectors.toUnmodifiableMap(Bundle::language, Words::new));

    private final Bundle texts;

    private Words(Bundle texts) {
        this.texts = texts;
    }

    /// For whoever runs this system: logs, and the audit log.
    public static Words english() {
        return in(Language.ENGLISH);
    }

    /// For whoever runs a command: {@link Language#of(Map)}.
    public static Words of(Map<String, String> environment) {
        return in(Language.of(environment));
    }

    /// For a reader of a language.
    public static Words in(Language language) {
        return ALL.get(language);
    }

    /// A refusal in one sentence.
    public String of(Refusal refusal) {
        return texts.say(refusal.key().word(), refusal.arguments());
    }

    /// A loss in one clause.
    public String of(Loss loss) {
        return texts.say(LOSS + loss.key().word(), loss.arguments());
    }

    /// Losses, a clause each.
    public List<String> all(List<Loss> losses) {
        return losses.stream().map(this::of).toList();
    }

    /// What a property of a mailbox is called.
    ///
    /// @param domain of the mailbox
    public String of(Property property, String domain) {
        return texts.say(PROPERTY + property.word(), domain);
    }

    /// The same of a change that was refused.
    public String of(Change.Refused refused) {
        return of(refused.refusal());
    }
}
