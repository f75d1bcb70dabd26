package qrate.sendlimits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import qrate.testkit.Seeds;

class SlidingTest {
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long START = 1_767_225_600_000L;

    private static Sliding hour() {
        return new Sliding(Duration.ofHours(1), 12);
    }

    @Test
    void countsAtLeastTheHourAndAtMostFiveMinutesMore() {
        Seeds.forAll(300, random -> {
            Sliding hour = hour();
            List<Long> times = new ArrayList<>();
            long now = START + random.nextInt(1_000_000);
            for (int i = 0; i < 300; i++) {
                now += random.nextInt((int) (random.nextInt(20) == 0 ? 80 * MINUTE : MINUTE));
                hour.add(now, 1);
                times.add(now);
                long then = now;
                long least = times.stream().filter(t -> t > then - 60 * MINUTE).count();
                long most = times.stream().filter(t -> t > then - 65 * MINUTE).count();
                int sum = hour.sum(now);
                assertTrue(least <= sum && sum <= most, least + " <= " + sum + " <= " + most);
            }
        });
    }

    @Test
    void takesBackWhatStillCountsAndNothingElse() {
        Sliding hour = hour();
        hour.add(START, 5);
        hour.add(START + 20 * MINUTE, 7);
        hour.takeBack(START, 5);
        assertEquals(7, hour.sum(START + 20 * MINUTE));
        hour.add(START + 90 * MINUTE, 3);
        hour.takeBack(START, 3);
        assertEquals(3, hour.sum(START + 90 * MINUTE));
    }

    @Test
    void aClockSetBackALittleForgetsNothingAndSetBackFarKeepsNothingForEver() {
        Sliding hour = hour();
        hour.add(START, 5);
        hour.add(START - 30 * MINUTE, 1);
        assertEquals(6, hour.sum(START - 30 * MINUTE));
        hour.add(START - Duration.ofDays(300).toMillis(), 2);
        assertEquals(2, hour.sum(START - Duration.ofDays(300).toMillis()));
    }

    @Test
    void neverOverflows() {
        Sliding hour = hour();
        hour.add(START, Integer.MAX_VALUE);
        hour.add(START, Integer.MAX_VALUE);
        hour.add(START + 10 * MINUTE, 5);
        assertEquals(Integer.MAX_VALUE, hour.sum(START + 10 * MINUTE));
    }
}
