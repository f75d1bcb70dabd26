package qrate.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GroupTest {
    @Test
    void namedOnesAloneAreMeasured() {
        assertEquals(EnumSet.of(Group.DEAD, Group.BOX), Group.wanted(List.of(Group.DEAD, Group.BOX), true));
    }

    @Test
    void longOnesWaitUntilTheyAreAskedFor() {
        Set<Group> usual = Group.wanted(List.of(), false);
        assertTrue(usual.contains(Group.REMOTE));
        assertFalse(usual.contains(Group.QUEUE));
        assertEquals(EnumSet.allOf(Group.class), Group.wanted(List.of(), true));
    }

    @Test
    void seriesGoByDecades() {
        assertEquals(List.of(1_000, 10_000, 100_000), Series.steps(1_000, 100_000));
        assertEquals(List.of(10, 100), Series.steps(10, 999));
    }
}
