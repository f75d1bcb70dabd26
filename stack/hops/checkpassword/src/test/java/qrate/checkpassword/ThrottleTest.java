package qrate.checkpassword;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    private final MovedClock clock = new MovedClock();
    private final Throttle throttle = new Throttle(clock);

    private void fail(int times, String remote, String account) {
        for (int i = 0; i < times; i++) {
            throttle.failed(remote, account);
        }
    }

    @Test
    void slowsOneAccountFromOneAddressAndOnlyThat() {
        fail(Throttle.PAIR_FREE - 1, "192.0.2.1", "ann");
        assertTrue(throttle.open("192.0.2.1", "ann"));
        fail(1, "192.0.2.1", "ann");
        assertFalse(throttle.open("192.0.2.1", "ann"));
        assertTrue(throttle.open("192.0.2.1", "bob"));
        assertTrue(throttle.open("192.0.2.2", "ann"));
    }

    @Test
    void doublesTheWaitUpToAMostAndForgetsInTheEnd() {
        fail(Throttle.PAIR_FREE + 2, "192.0.2.1", "ann");
        clock.move(Duration.ofSeconds(3));
        assertFalse(throttle.open("192.0.2.1", "ann"));
        clock.move(Duration.ofSeconds(1));
        assertTrue(throttle.open("192.0.2.1", "ann"));
        fail(40, "192.0.2.1", "ann");
        assertFalse(throttle.open("192.0.2.1", "ann"));
        clock.move(Throttle.WAIT_MAX);
        assertTrue(throttle.open("192.0.2.1", "ann"));
        clock.move(Throttle.FORGET.plusSeconds(1));
        fail(1, "192.0.2.1", "ann");
        assertTrue(throttle.open("192.0.2.1", "ann"));
    }

    @Test
    void slowsAnAddressThatTriesManyAccounts() {
        for (int i = 0; i < Throttle.ADDRESS_FREE; i++) {
            throttle.failed("192.0.2.1", "user" + i);
        }
        assertFalse(throttle.open("192.0.2.1", "someone"));
        assertTrue(throttle.open("192.0.2.2", "someone"));
    }

    @Test
    void keepsAnAttackedAccountOpenWhereItsOwnerHasLoggedIn() {
        throttle.succeeded("198.51.100.7", "ann");
        for (int i = 0; i < Throttle.ACCOUNT_FREE + 10; i++) {
            throttle.failed("10.0." + i + ".1", "ann");
        }
        assertFalse(throttle.open("192.0.2.1", "ann"));
        assertTrue(throttle.open("198.51.100.7", "ann"));
    }

    @Test
    void knowsAnOwnersNextAddressInTheSameNetwork() {
        throttle.succeeded("198.51.100.7", "ann");
        throttle.succeeded("2001:db8:1:2::7", "ann");
        for (int i = 0; i < Throttle.ACCOUNT_FREE + 12; i++) {
            throttle.failed("10.0." + i + ".1", "ann");
        }
        assertTrue(throttle.open("198.51.100.99", "ann"));
        assertTrue(throttle.open("2001:db8:1:2::99", "ann"));
        assertFalse(throttle.open("198.51.101.7", "ann"));
        assertFalse(throttle.open("2001:db8:1:3::7", "ann"));
        assertFalse(throttle.open("unknown", "ann"));
        // and from a new place within half a minute
        clock.move(Throttle.ACCOUNT_WAIT_MAX);
        assertTrue(throttle.open("198.51.101.7", "ann"));
    }

    @Test
    void slowsNobodyForOthersWhereAddressesAreNotKnown() {
        for (int i = 0; i < 10 * Throttle.ADDRESS_FREE; i++) {
            throttle.failed("unknown", "user" + i);
        }
        assertTrue(throttle.open("unknown", "ann"));
        fail(Throttle.ACCOUNT_FREE, "", "ann");
        assertFalse(throttle.open("", "ann"));
    }

    @Test
    void tellsLongNamesApartAndKeepsThemShort() {
        String name = "x".repeat(300);
        fail(Throttle.PAIR_FREE, "192.0.2.1", name + "1");
        assertFalse(throttle.open("192.0.2.1", name + "1"));
        assertTrue(throttle.open("192.0.2.1", name + "2"));
    }

    @Test
    void countsAnIpv6NetworkAsOne() {
        assertEquals(Networks.one("2001:db8:1:2:3:4:5:6"), Networks.one("2001:DB8:1:2::99"));
        assertEquals(Networks.one("2001:db8::1"), Networks.one("2001:0db8:0:0:ffff::"));
        assertNotEquals(Networks.one("2001:db8:1:2::1"), Networks.one("2001:db8:1:3::1"));
        assertEquals("192.0.2.1", Networks.one("::ffff:192.0.2.1"));
        assertEquals(Networks.one("fe80::1%eth0"), Networks.one("fe80::2"));
        assertEquals(Networks.one("::1"), Networks.one("0:0:0:0:0:0:0:1"));
    }

    @Test
    void keepsItsMemoryBounded() {
        for (int i = 0; i < 3 * Throttle.ENTRIES_MAX; i++) {
            throttle.failed("a" + i, "user" + i);
            throttle.succeeded("b" + i, "user" + i);
        }
        assertTrue(throttle.size() <= 3 * Throttle.ENTRIES_MAX);
    }
}
