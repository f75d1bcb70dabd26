package qrate.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BundleTest {
    private static final Map<Language, Bundle> ALL = Bundle.beside(BundleTest.class);
    private static final Bundle ENGLISH = ALL.get(Language.ENGLISH);

    @Test
    void saysATextInTheLanguageOfItsReader() {
        assertEquals("Good morning, 小安", ENGLISH.say("greeting", "小安"));
        assertEquals("小安,早安", ALL.get(Language.TRADITIONAL_CHINESE).say("greeting", "小安"));
    }

    @Test
    void argumentsStandWhereTheTextHasThemAndAreNotReadAgain() {
        assertEquals("{0} and {1} and {0}", ENGLISH.say("twice", "{1}", "{0}"));
        assertEquals("{x} {9} { {0", ENGLISH.say("brace", "never"));
        assertEquals("Good morning, {0}", ENGLISH.say("greeting"));
    }

    @Test
    void numbersAndTimesAreWrittenAsTheLanguageDoes() {
        Instant time = Instant.parse("2026-11-30T09:05:59Z");
        assertEquals(
                "Messages: 12,345, the oldest since 30 Nov 2026, 09:05 UTC", ENGLISH.say("counted", 12_345L, time));
        assertEquals(
                "信件:7,最舊的一封:2026年11月30日 09:05 UTC",
                ALL.get(Language.TRADITIONAL_CHINESE).say("counted", 7, time));
    }

    @Test
    void aTextThatIsMissingShowsItsKeyAndAFileThatIsMissingIsSaid() {
        assertEquals("no-such-key", ENGLISH.say("no-such-key", 1));
        assertThrows(UncheckedIOException.class, () -> Bundle.beside(String.class));
    }
}
