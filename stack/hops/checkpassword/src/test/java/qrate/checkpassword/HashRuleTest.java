package qrate.checkpassword;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HashRuleTest {
    private static String bcrypt(String cost) {
        return "$2b$" + cost + "$" + "x".repeat(53);
    }

    private static boolean taken(String hash, int costSet) {
        return HashRule.problem(hash, costSet).isEmpty();
    }

    @Test
    void takesEachKindThatIsChecked() {
        for (String good : List.of(
                bcrypt("04"),
                bcrypt("12"),
                "$1$saltstri$YMyguxXMBpd2TEZ.vS/3q1",
                "$1$$YMyguxXMBpd2TEZ.vS/3q1",
                "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5",
                "$5$rounds=200000$short$JiO1O3ZpDAxGJeaDIuqCoEFysAe1mZNJRs3pw0KQRd/",
                "$6$saltstring$" + "x".repeat(86),
                "abJnggxhB/yWI")) {
            assertEquals(Optional.empty(), HashRule.problem(good, 10), good);
        }
    }

    @Test
    void boundsWhatACheckMayCost() {
        for (String bad : List.of(
                bcrypt("03"),
                bcrypt("13"),
                bcrypt("16"),
                bcrypt("31"),
                bcrypt("99"),
                "$6$rounds=200001$salt$" + "x".repeat(86),
                "$5$rounds=999999999$salt$" + "x".repeat(43))) {
            Unfit.Why why = HashRule.problem(bad, 10).orElseThrow().why();
            assertTrue(why == Unfit.Why.HASH_COST || why == Unfit.Why.HASH_ROUNDS, bad);
        }
        assertTrue(taken(bcrypt("14"), 14));
        assertTrue(taken(bcrypt("12"), 4));
    }

    /// A mailbox with one of these would be one that nobody can open.
    @Test
    void refusesWhatNoCheckKnows() {
        for (String bad : List.of(
                "",
                "plain",
                "$2b$10$short",
                "$2x$10$" + "x".repeat(53),
                bcrypt("1"),
                "$6$" + "x".repeat(86),
                "$6$salt$" + "x".repeat(43),
                "$5$salt$" + "x".repeat(86),
                "$6$rounds=$salt$" + "x".repeat(86),
                "$6$rounds=9999999999$salt$" + "x".repeat(86),
                "$6$salt\n$" + "x".repeat(86),
                "$6$salt:$" + "x".repeat(86),
                "$1$salt$" + "x".repeat(21),
                "$7$salt$" + "x".repeat(43),
                "{SSHA}aaaaaaaaaaaaaaaaaaaa",
                "abJnggxhB/yWI\n",
                bcrypt("10") + "\n")) {
            assertEquals(
                    Unfit.Why.HASH_KIND, HashRule.problem(bad, 10).orElseThrow().why(), bad);
        }
    }
}
