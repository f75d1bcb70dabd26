package qrate.authres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import qrate.language.Language;

class PlainWordsTest {
    private static final String OURS = "mx.here.test";

    private static List<String> of(String... fields) {
        return PlainWords.of(List.of(fields), OURS, Language.ENGLISH);
    }

    @Test
    void saysWhatEachMethodFoundAndWhatTheDomainWants() {
        List<String> said = of("mx.here.test; spf=softfail smtp.mailfrom=ann@far.test; dkim=none;"
                + " dmarc=fail reason=\"nothing aligned\" header.from=bank.test policy.dmarc=quarantine");
        assertEquals(
                List.of(
                        "far.test says that this host should not send its mail (SPF).",
                        "Nobody has signed this message (DKIM).",
                        "The author claims to be in bank.test, and nothing that bank.test stands behind bears that out"
                                + " (DMARC).",
                        "bank.test asks that such mail be put aside.",
                        "More exactly: nothing aligned."),
                said);
    }

    @Test
    void passesOverWhatOthersSayAndWhatMakesNoSense() {
        assertEquals(List.of(), of("elsewhere.test; spf=pass smtp.mailfrom=a@b.test", "mx.here.test; spf", ""));
        assertEquals(
                1,
                of("elsewhere.test; dmarc=pass", "MX.here.test.; dmarc=pass header.from=a.test")
                        .size());
    }

    @Test
    void repeatsLittleOfAStrangersWords() {
        String said = of(
                        "mx.here.test; x-\u00e4=\"" + "y".repeat(5_000) + "\"",
                        "mx.here.test; dmarc=pass header.from=\"" + "a\u0007b".repeat(500) + "\"")
                .getLast();
        assertTrue(said.length() < 2 * PlainWords.WORD_CHARS_MAX + 200, said);
        assertFalse(said.contains("\u0007"), said);
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void hasWordsForWhatTheGateFinds(Language language) {
        for (String method : List.of("spf", "dkim", "dmarc")) {
            for (String result : List.of("pass", "fail", "none", "temperror", "permerror")) {
                List<String> said = PlainWords.of(List.of(OURS + "; " + method + "=" + result), OURS, language);
                assertEquals(1, said.size());
                assertFalse(said.getFirst().contains("=") || said.getFirst().contains("{"), said.getFirst());
            }
        }
        assertEquals(
                1, PlainWords.of(List.of(OURS + "; iprev=pass"), OURS, language).size());
    }
}
