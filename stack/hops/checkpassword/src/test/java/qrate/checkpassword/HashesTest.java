package qrate.checkpassword;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HashesTest {
    private static final String SEVENTY_TWO =
            "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /// crypt(3) gives it to anything that begins with the 72.
    private static final String FULL = "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui";

    private record Known(String password, String hash) {}

    private static final List<Known> BCRYPT = List.of(
            new Known("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
            new Known("U*U", "$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
            new Known("U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK"),
            new Known("U*U*U", "$2b$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a"),
            new Known("p\u00e4ssword", "$2b$05$abcdefghijklmnopqrstuucZGbUxuMlEqps0qcu2pjhO7vaatQZIC"),
            new Known(SEVENTY_TWO, FULL));

    /// From the published specification of SHA-crypt; MD5 ones from OpenSSL, DES ones from libcrypt.
    private static final List<Known> OLDER = List.of(
            new Known("secret", "abNANd1rDfiNc"),
            new Known("correct horse battery", "./DA5yokVJ1R2"),
            new Known("correct : only eight count", "./DA5yokVJ1R2"),
            new Known("", "zz6dpSdr.LHZw"),
            new Known("pässwörd", "ZzwM.07XybWK6"),
            new Known("12345678", "a13HUOKHyiDM2"),
            new Known("Hello world!", "$1$saltstri$YMyguxXMBpd2TEZ.vS/3q1"),
            new Known("", "$1$abc$Or2rbeUYTvt12aiVzMuS/."),
            new Known("a very long password that is over sixteen bytes", "$1$deadbeef$rg9X30ZkYyNuU8vUmtS/Q1"),
            new Known("Hello world!", "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5"),
            new Known("Hello world!", "$5$rounds=10000$saltstringsaltst$3xv.VbSHBb41AL9AvLeujZkZRBAwqFMz2.opqey6IcA"),
            new Known(
                    "This is just a test",
                    "$5$rounds=5000$toolongsaltstrin$Un/5jzAHMgOGZ5.mWJpuVolil07guHPvOW8mGRcvxa5"),
            new Known(
                    "a very much longer text to encrypt.  This one even stretches over morethan one line.",
                    "$5$rounds=1400$anotherlongsalts$Rx.j8H.h8HjEDGomFU8bDkXm3XIUnzyxf12oP84Bnq1"),
            new Known(
                    "we have a short salt string but not a short password",
                    "$5$rounds=77777$short$JiO1O3ZpDAxGJeaDIuqCoEFysAe1mZNJRs3pw0KQRd/"),
            new Known(
                    "the minimum number is still observed",
                    "$5$rounds=1000$roundstoolow$yfvwcWrQ8l/K0DAWyuPMDNHpIVlTQebY9l/gL972bIC"),
            new Known(
                    "Hello world!",
                    "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1"),
            new Known(
                    "a very much longer text to encrypt.  This one even stretches over morethan one line.",
                    "$6$rounds=1400$anotherlongsalts$POfYwTEok97VWcjxIiSOjiykti.o/pQs.wPvMxQ6Fm7I6IoYN3CmLs66x9t0oSwbtEW7o7UmJEi"
                            + "DwGqd8p4ur1"),
            new Known(
                    "the minimum number is still observed",
                    "$6$rounds=1000$roundstoolow$kUMsbe306n21p9R.FRkW3IGn.S9NPN0x50YhH1xhLsPuWGsUSklZt58jaTfF4ZEQpyUNGc0dqbp"
                            + "BYYBaHHrsX."));

    private final Hashes hashes = new Hashes(Hashes.BCRYPT_COST_DEFAULT);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void knowsTheirPasswords() {
        for (List<Known> kind : List.of(BCRYPT, OLDER)) {
            for (Known known : kind) {
                assertEquals(Hashes.Match.SAME, hashes.compare(bytes(known.password), known.hash), known.hash);
                assertEquals(Hashes.Match.OTHER, hashes.compare(bytes("x" + known.password), known.hash), known.hash);
            }
        }
    }

    @Test
    void liftsTooFewRoundsAsTheSpecificationSays() {
        assertEquals(
                Optional.of("$5$rounds=1000$roundstoolow$yfvwcWrQ8l/K0DAWyuPMDNHpIVlTQebY9l/gL972bIC"),
                Crypt.hash(bytes("the minimum number is still observed"), "$5$rounds=10$roundstoolow"));
    }

    @Test
    void computesNothingForWhatItDoesNotKnow() {
        for (String hash : List.of(
                "",
                "*",
                "!",
                "plain",
                "$2b$15$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
                "$2b$03$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
                "$2b$05$short",
                "$6$rounds=999999999$salt$x",
                "$6$rounds=x$salt$x",
                "$6$rounds=1000",
                "$argon2id$v=19$m=65536")) {
            assertEquals(Hashes.Match.UNKNOWN, hashes.compare(bytes("plain"), hash), hash);
        }
        assertEquals(0, hashes.computed());
    }

    /// Whatever stands behind what bcrypt sees would open the box too.
    @Test
    void takesNoPasswordByItsFirst72Bytes() {
        for (String more : List.of("x", " ", "\0", "chars after 72 are ignored", "x".repeat(400))) {
            assertEquals(Hashes.Match.OTHER, hashes.compare(bytes(SEVENTY_TWO + more), FULL), more);
        }
        assertEquals(5, hashes.computed(), "and it costs what every other wrong one costs");
        assertEquals(Hashes.Match.OTHER, hashes.compare(bytes(SEVENTY_TWO.substring(1)), FULL));
    }

    @Test
    void knowsAPasswordInEachSpellingOfItsLetters() {
        String composed = "$2b$05$abcdefghijklmnopqrstuucZGbUxuMlEqps0qcu2pjhO7vaatQZIC";
        assertEquals(Hashes.Match.SAME, hashes.compare(bytes("pa\u0308ssword"), composed));
        assertEquals(Hashes.Match.OTHER, hashes.compare(bytes("passw\u00f6rd"), composed));
        String decomposed = Crypt.hash(bytes("pa\u0308ss"), "$6$salt").orElseThrow();
        assertEquals(
                Hashes.Match.SAME, hashes.compare(bytes("pa\u0308ss"), decomposed), "from a system without a rule");
        byte[] latin = "p\u00e4ss".getBytes(StandardCharsets.ISO_8859_1);
        assertEquals(
                Hashes.Match.SAME,
                hashes.compare(latin, Crypt.hash(latin, "$6$salt").orElseThrow()));
    }

    @Test
    void tellsCostlyHashesFromUsualOnes() {
        String rest = "CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
        for (String usual : List.of("$2b$04$" + rest, "$2b$11$" + rest, "$6$rounds=100000$s$x", "$1$a$b", "x", "")) {
            assertFalse(hashes.costly(usual), usual);
        }
        for (String costly : List.of("$2b$12$" + rest, "$2b$14$" + rest, "$5$rounds=100001$s$x")) {
            assertTrue(hashes.costly(costly), costly);
        }
    }

    @Test
    void pretendsAtTheCostOfNewHashesWhateverItHasSeen() {
        Hashes cheap = new Hashes(4);
        assertEquals("$2b$04$", Hashes.dummy(4).substring(0, 7));
        cheap.compare(bytes("no"), "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW");
        cheap.pretend(bytes("no"));
        assertEquals(2, cheap.computed());
        assertTrue(Hashes.dummy(5).startsWith("$2b$05$"));
        assertEquals(Hashes.Match.OTHER, hashes.compare(bytes("x"), Hashes.dummy(5)), "a dummy is well-formed");
    }
}
