package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ClientBudgetTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-06-01T12:00:59Z"));

    @Test
    void oneClientCannotUseUpWhatOthersHave() {
        ClientBudget budget = new ClientBudget(now::get, Duration.ofMinutes(1), 2, 10);
        assertTrue(budget.admits("192.0.2.1"));
        assertTrue(budget.admits("192.0.2.1"));
        assertFalse(budget.admits("192.0.2.1"));
        assertTrue(budget.admits("192.0.2.2"));
        now.set(Instant.parse("2026-06-01T12:01:00Z"));
        assertTrue(budget.admits("192.0.2.1"));
    }

    @Test
    void aNetworkOfOneCustomerIsOneClient() {
        ClientBudget budget = new ClientBudget(now::get, Duration.ofMinutes(1), 1, 10);
        assertTrue(budget.admits("2001:db8:0:1::1"));
        assertFalse(budget.admits("2001:db8:0:1::2"));
        assertTrue(budget.admits("2001:db8:0:2::1"));
    }

    @Test
    void allTogetherHaveOneToo() {
        ClientBudget budget = new ClientBudget(now::get, Duration.ofMinutes(1), 2, 3);
        assertTrue(budget.admits("192.0.2.1"));
        assertTrue(budget.admits("192.0.2.2"));
        assertTrue(budget.admits("192.0.2.3"));
        assertFalse(budget.admits("192.0.2.4"));
    }
}
