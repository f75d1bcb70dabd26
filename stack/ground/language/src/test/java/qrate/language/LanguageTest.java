package qrate.language;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LanguageTest {
    @Test
    void readersOfTraditionalChineseReadIt() {
        for (String accepted : List.of(
                "zh-TW",
                "zh-HK",
                "zh-MO",
                "zh-Hant",
                "ZH-hant-tw",
                "zh",
                "zh-TW,zh;q=0.9,en-US;q=0.8,en;q=0.7",
                "en;q=0.5, zh-HK;q=0.501",
                "fr, de;q=0.9, zh-Hant;q=0.1",
                "en;q=0, zh;q=0.001",
                "zh_TW.UTF-8",
                "zh_HK@radical")) {
            assertEquals(Language.TRADITIONAL_CHINESE, Language.of(accepted), accepted);
        }
    }

    @Test
    void allOthersReadEnglish() {
        for (String accepted : List.of(
                "",
                "en",
                "en-GB,zh-TW;q=0.9",
                "zh-CN,zh-Hans;q=0.9,en;q=0.1",
                "zh-CN",
                "zh_SG.UTF-8",
                "zh-TW;q=0",
                "zh-TW;q=0.000",
                "zh-TW;q=2, en;q=0.1",
                "zh-TW;q=0.1234",
                "zh-TW;weight=1",
                "zh-Hantx",
                "*",
                "C",
                "POSIX",
                "de_DE.UTF-8",
                "../zh-TW",
                ",,,;q=;",
                "x,".repeat(999) + "zh-TW",
                "陳")) {
            assertEquals(Language.ENGLISH, Language.of(accepted), accepted);
        }
    }

    @Test
    void ofTwoThatAReaderLikesTheSameTheFirstCounts() {
        assertEquals(Language.TRADITIONAL_CHINESE, Language.of("zh-TW, en"));
        assertEquals(Language.ENGLISH, Language.of("en;q=0.5, zh-TW;q=0.5"));
    }

    @Test
    void whateverIsAskedForOneLanguageComesOut() {
        Random random = new Random(17);
        String letters = "zhentwHKq=01.;,-_ *@\t陳";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(40); length > 0; length--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            Language.of(text.toString());
        }
    }

    @Test
    void commandsSpeakTheLanguageOfTheirEnvironment() {
        assertEquals(Language.TRADITIONAL_CHINESE, Language.of(Map.of("LANG", "zh_TW.UTF-8")));
        assertEquals(Language.ENGLISH, Language.of(Map.of("LC_ALL", "C", "LANG", "zh_TW.UTF-8")));
        assertEquals(Language.TRADITIONAL_CHINESE, Language.of(Map.of("LC_ALL", "", "LC_MESSAGES", "zh_HK.utf8")));
        assertEquals(Language.ENGLISH, Language.of(Map.of("LANG", "zh_TW.Big5")), "it could not be read");
        assertEquals(Language.ENGLISH, Language.of(Map.of("LANG", "zh_TW")), "Big5 too");
        assertEquals(Language.ENGLISH, Language.of(Map.of()));
    }

    @Test
    void onlyATagIsSpelledSo() {
        assertEquals(Optional.of(Language.TRADITIONAL_CHINESE), Language.spelled("zh-hant"));
        assertEquals(Optional.empty(), Language.spelled("zh-TW"));
        assertEquals(Optional.empty(), Language.spelled(""));
    }

    @Test
    void numbersSizesAndTimesAreWrittenAsPeopleWriteThem() {
        Language english = Language.ENGLISH;
        Language chinese = Language.TRADITIONAL_CHINESE;
        assertEquals("1,234,567", english.number(1_234_567));
        assertEquals(
                List.of("0 bytes", "1 byte", "1,023 bytes", "1 KB", "1.5 KB", "500 MB", "1.5 GB", "2,048 TB"),
                List.of(0L, 1L, 1023L, 1024L, 1536L, 500L << 20, 1536L << 20, 2048L << 40).stream()
                        .map(english::size)
                        .toList());
        assertEquals("999 位元組", chinese.size(999));
        assertEquals("61 MB", chinese.size(61 << 20));
        Instant time = Instant.parse("2026-11-30T09:05:59Z");
        assertEquals("30 Nov 2026, 09:05 UTC", english.time(time));
        assertEquals("2026年11月30日 09:05 UTC", chinese.time(time));
        assertEquals("30 Nov 2026", english.day(time));
        assertEquals("2026年1月2日", chinese.day(LocalDate.of(2026, 1, 2)));
    }
}
