package qrate.authres;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import qrate.language.Bundle;
import qrate.language.Language;

/// What was found out about a message, in sentences for whoever reads no RFC.
public final class PlainWords {
    /// Longest name or reason that is repeated, in characters: it is a stranger's.
    static final int WORD_CHARS_MAX = 200;

    private static final Map<Language, Bundle> ALL = Bundle.beside(PlainWords.class);

    private PlainWords() {}

    /// What the fields say that one host has written; those of others prove nothing, and are passed over.
    ///
    /// @param fields values of Authentication-Results, topmost first
    /// @param host its name
    public static List<String> of(List<String> fields, String host, Language language) {
        return fields.stream()
                .map(AuthenticationResults::parse)
                .flatMap(found -> found instanceof AuthenticationResults.Found.Good(var good)
                                && AuthenticationResults.isBy(good.server(), host)
                        ? good.results().stream()
                        : Stream.empty())
                .flatMap(result -> of(result, ALL.get(language)).stream())
                .toList();
    }

    private static List<String> of(MethodResult result, Bundle bundle) {
        String key = result.method() + "-" + result.result();
        if (!bundle.keys().contains(key)) {
            return List.of(bundle.say("other", word(result.method()), word(result.result())));
        }
        String who = who(result).map(PlainWords::word).orElseGet(() -> bundle.say("nobody"));
        List<String> said = new ArrayList<>(List.of(bundle.say(key, who)));
        if (result.method().equals("dmarc") && result.result().equals("fail")) {
            result.value("policy", "dmarc")
                    .map(wish -> "wish-" + wish)
                    .filter(bundle.keys()::contains)
                    .ifPresent(wish -> said.add(bundle.say(wish, who)));
        }
        if (!result.reason().isBlank()) {
            said.add(bundle.say("reason", word(result.reason())));
        }
        return said;
    }

    /// Whom a result is about.
    private static Optional<String> who(MethodResult result) {
        return switch (result.method()) {
            case "spf" ->
                result.value("smtp", "mailfrom")
                        .or(() -> result.value("smtp", "helo"))
                        .map(address -> address.substring(address.lastIndexOf('@') + 1));
            case "dkim" -> result.value("header", "d");
            default -> result.value("header", "from");
        };
    }

    private static String word(String text) {
        String plain = text.replaceAll("\\p{Cntrl}", " ").strip();
        return plain.length() <= WORD_CHARS_MAX ? plain : plain.substring(0, WORD_CHARS_MAX);
    }
}
