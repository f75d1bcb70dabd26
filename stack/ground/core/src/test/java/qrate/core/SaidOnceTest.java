package qrate.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SaidOnceTest {
    @Test
    void saysWhatFailsOnceUntilItFailsOtherwiseOrWentWell() {
        List<String> lines = new ArrayList<>();
        SaidOnce trouble = new SaidOnce(lines::add);
        trouble.say("look: ", new IOException("disk full"));
        trouble.say("look: ", new IOException("disk full"));
        trouble.say("look: ", new IllegalStateException("bug"));
        trouble.say("look: ", new IllegalStateException("bug"));
        trouble.say("look: ", new IOException("disk full"));
        trouble.well();
        trouble.well();
        trouble.say("look: disk full");
        assertEquals(
                List.of(
                        "look: disk full",
                        "look: java.lang.IllegalStateException: bug",
                        "look: disk full",
                        "look: disk full"),
                lines);
    }
}
