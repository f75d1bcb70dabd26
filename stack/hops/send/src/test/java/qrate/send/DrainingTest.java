package qrate.send;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import qrate.qcontrol.Channel;

class DrainingTest {
    private static final long MINUTE = 60_000;

    private final Set<Channel> there = EnumSet.allOf(Channel.class);
    private final Draining draining = new Draining();

    private Optional<String> look(long now, boolean owing) {
        draining.look(now, there::contains, owing);
        return draining.problem(now);
    }

    @Test
    void aQueueOfWhichNothingEndsIsStuck() {
        assertEquals(Optional.empty(), look(MINUTE, true));
        assertEquals(Optional.empty(), look(45 * MINUTE, true));
        assertEquals(
                Optional.of("the queue does not drain: messages are due, and no delivery has ended for 46 minutes"),
                look(47 * MINUTE, true));
        draining.ended();
        assertEquals(Optional.empty(), look(48 * MINUTE, true));
        assertEquals(Optional.empty(), look(92 * MINUTE, true));
    }

    @Test
    void aQueueThatOwesNothingOrWaitsForItsTimeIsNotStuck() {
        look(MINUTE, true);
        assertEquals(Optional.empty(), look(2 * MINUTE, false));
        assertEquals(Optional.empty(), look(400 * MINUTE, false));
        assertEquals(Optional.empty(), look(401 * MINUTE, true));
    }

    @Test
    void aSpawnerMayBeAwayForAMomentOnly() {
        there.remove(Channel.REMOTE);
        assertEquals(Optional.empty(), look(MINUTE, false));
        assertEquals(Optional.empty(), look(MINUTE + 29_999, false));
        assertEquals(Optional.of("rspawn does not answer: remote mail waits"), look(MINUTE + 30_000, false));
        there.add(Channel.REMOTE);
        assertEquals(Optional.empty(), look(3 * MINUTE, false));
        there.remove(Channel.LOCAL);
        look(4 * MINUTE, false);
        assertEquals(Optional.of("lspawn does not answer: local mail waits"), look(5 * MINUTE, false));
    }
}
