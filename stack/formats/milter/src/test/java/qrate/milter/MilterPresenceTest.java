package qrate.milter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MilterPresenceTest {
    private static final MilterSetting ONE = Scenes.setting(1, Scenes.LONG, false);
    private static final MilterSetting TWO = Scenes.setting(2, Scenes.LONG, true);

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(1);
    private final MilterPresence presence = new MilterPresence(clock, Scenes.log(log));

    @AfterEach
    void end() {
        clock.shutdownNow();
    }

    @Test
    void logsThatOneIsAwayOnceWhateverTheReasonAndOnceThatItIsThereAgain() {
        presence.here(ONE);
        presence.gone(ONE, "refused", true);
        presence.gone(ONE, "it does not answer", true);
        presence.gone(TWO, "refused", true);
        assertEquals(Optional.of("m1: it does not answer, m2: refused"), presence.problem());
        presence.here(ONE);
        presence.here(ONE);
        assertEquals(Optional.of("m2: refused"), presence.problem());
        presence.gone(ONE, "refused", true);
        assertEquals(
                List.of(
                        "milter: warning: m1: refused: mail is put off",
                        "milter: warning: m2: refused: mail goes on without it",
                        "milter: status: m1: is there again",
                        "milter: warning: m1: refused: mail is put off"),
                log.toString(StandardCharsets.ISO_8859_1).lines().toList());
    }

    @Test
    void forgetsThoseThatNobodyAsksAnyMore() {
        presence.gone(ONE, "refused", true);
        presence.gone(TWO, "refused", true);
        presence.only(List.of(TWO));
        assertEquals(Optional.of("m2: refused"), presence.problem());
        presence.only(List.of());
        assertEquals(Optional.empty(), presence.problem());
    }
}
