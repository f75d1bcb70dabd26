package qrate.milter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MilterSettingTest {
    @Test
    void anAddressAloneIsEnough() {
        MilterSetting setting = MilterSetting.parse("inet:8891@localhost");
        assertEquals(new MilterAddress.Inet("localhost", 8891, false), setting.address());
        assertEquals("inet:8891@localhost", setting.name());
        assertEquals(Duration.ofSeconds(60), setting.waits().bodyEnd());
        assertEquals(Duration.ofMinutes(5), setting.waits().total());
        assertEquals(false, setting.accept());
    }

    @Test
    void aLineSaysHowLongAndWhatOtherwise() {
        MilterSetting setting = MilterSetting.parse("  unix:/run/gate.sock\ttimeout=5  away=accept name=gate ");
        assertEquals(new MilterAddress.Unix(Path.of("/run/gate.sock")), setting.address());
        assertEquals("gate", setting.name());
        assertEquals(true, setting.accept());
        Duration five = Duration.ofSeconds(5);
        assertEquals(new MilterSetting.Waits(five, five, five, five, Duration.ofSeconds(25)), setting.waits());
    }

    @Test
    void noMilterMayTakeLongerThanClientsWait() {
        assertEquals(
                Duration.ofMinutes(9),
                MilterSetting.parse("local:/x timeout=540").waits().total());
    }

    @Test
    void addressesAreWrittenAsTheyAreRead() {
        for (String text : new String[] {"inet:25@127.0.0.1", "inet6:25@::1", "unix:/a b"}) {
            assertEquals(text, MilterAddress.parse(text).toString());
        }
        assertEquals(new MilterAddress.Inet("::1", 25, true), MilterAddress.parse("inet6:25@[::1]"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "localhost:25, an address begins with inet:",
                "inet:localhost:25, write it as inet:PORT@HOST",
                "inet:25, write it as inet:PORT@HOST",
                "inet:0@x, write it as inet:PORT@HOST",
                "inet:65536@x, write it as inet:PORT@HOST",
                "inet:99999999999@x, write it as inet:PORT@HOST",
                "inet:+25@x, write it as inet:PORT@HOST",
                "unix:sock, write it as unix:/FOLDER/SOCKET",
                "unix:/x timeout=0, timeout is 1 to 540 seconds",
                "unix:/x timeout=541, timeout is 1 to 540 seconds",
                "unix:/x timeout=1m, timeout is 1 to 540 seconds",
                "unix:/x away=reject, away is tempfail or accept",
                "unix:/x name=, a name has letters",
                "unix:/x name=a/b, a name has letters",
                "unix:/x fast, fast is none of timeout=SECONDS",
                "unix:/x colour=red, colour=red is none of timeout=SECONDS",
                "unix:/x away=accept away=accept, away stands there twice"
            })
    void whatIsWrongIsSaidInWordsThatNameTheLine(String line, String why) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> MilterSetting.parse(line));
        assertEquals(
                "control/milters: " + line + ": " + why,
                e.getMessage().substring(0, ("control/milters: " + line + ": " + why).length()));
    }
}
