package qrate.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RowGroupTest {
    @Test
    void namedOnesAloneAreMeasured() {
        assertEquals(
                EnumSet.of(RowGroup.DEAD, RowGroup.BOX), RowGroup.wanted(List.of(RowGroup.DEAD, RowGroup.BOX), true));
    }

    @Test
    void longOnesWaitUntilTheyAreAskedFor() {
        Set<RowGroup> usual = RowGroup.wanted(List.of(), false);
        assertTrue(usual.contains(RowGroup.REMOTE));
        assertFalse(usual.contains(RowGroup.QUEUE));
        assertEquals(EnumSet.allOf(RowGroup.class), RowGroup.wanted(List.of(), true));
    }

    @Test
    void seriesGoByDecades() {
        assertEquals(List.of(1_000, 10_000, 100_000), Series.steps(1_000, 100_000));
        assertEquals(List.of(10, 100), Series.steps(10, 999));
    }
}
