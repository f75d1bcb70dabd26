package qrate.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BudgetTest {
    private static long fill(Budget.Share share) {
        long all = 0;
        while (share.take(1)) {
            all++;
        }
        return all;
    }

    @Test
    void leavesHalfToOthersHoweverMuchOneTakes() {
        Budget budget = new Budget(1000);
        assertEquals(500, fill(budget.share("a")));
        assertTrue(budget.share("b").take(200));
    }

    @Test
    void servesANewcomerFromWhatTheGreediestHolds() {
        Budget budget = new Budget(100_000);
        Map<String, Budget.Share> all = new HashMap<>();
        for (int i = 0; i < 40; i++) {
            all.put("greedy" + i, budget.share("greedy" + i));
            fill(all.get("greedy" + i));
        }
        List<String> dismissed = new ArrayList<>();
        budget.relieve(client -> {
            dismissed.add(client);
            all.get(client).close();
        });
        assertTrue(budget.share("modest").take(900), budget::toString);
        assertEquals(List.of("greedy0"), dismissed);
    }

    @Test
    void dismissesNobodyForTheGreedy() {
        Budget budget = new Budget(100_000);
        Budget.Share share = budget.share("a");
        budget.relieve(client -> {
            throw new AssertionError(client + " was dismissed");
        });
        assertFalse(share.take(60_000));
        assertTrue(share.take(40_000));
        assertFalse(share.take(40_000));
    }

    @Test
    void countsAllConnectionsOfOneClientTogether() {
        Budget budget = new Budget(1000);
        Budget.Share one = budget.share("a");
        assertTrue(one.take(500));
        assertFalse(budget.share("a").take(1));
        one.close();
        assertTrue(budget.share("a").take(500));
    }

    @Test
    void givesBackNoMoreThanWasTaken() {
        Budget budget = new Budget(1000);
        Budget.Share share = budget.share("a");
        assertTrue(share.take(100));
        share.give(400);
        share.close();
        assertEquals(1000, budget.free());
        assertEquals(0, budget.heldBy("a"));
    }
}
