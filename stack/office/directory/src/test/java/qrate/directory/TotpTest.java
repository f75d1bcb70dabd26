package qrate.directory;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import qrate.testkit.Seeds;

/// Codes of authenticator programs, by the numbers that the RFCs print.
class TotpTest {
    private static final byte[] SECRET = "12345678901234567890".getBytes(US_ASCII);

    /// RFC 4226, appendix D.
    @Test
    void makesTheCodesOfRfc4226() {
        List<String> codes = List.of(
                "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489");
        for (int i = 0; i < codes.size(); i++) {
            assertEquals(codes.get(i), Totp.hotp(SECRET, i));
        }
    }

    /// RFC 6238, appendix B: the last six of its eight digits, for SHA-1.
    @Test
    void makesTheCodesOfRfc6238() {
        Map<Long, String> codes = Map.of(
                59L, "287082",
                1_111_111_109L, "081804",
                1_111_111_111L, "050471",
                1_234_567_890L, "005924",
                2_000_000_000L, "279037",
                20_000_000_000L, "353130");
        codes.forEach((time, code) -> assertEquals(code, new Totp(SECRET).code(Instant.ofEpochSecond(time))));
    }

    @Test
    void takesTheCodeBeforeAndAfterAndNoOther() {
        Totp totp = new Totp(SECRET);
        Instant now = Instant.ofEpochSecond(1_000_000_000);
        long step = Totp.step(now);
        for (int around = -5; around <= 5; around++) {
            String code = Totp.hotp(SECRET, step + around);
            OptionalLong expected =
                    Math.abs(around) <= Totp.STEPS_AROUND ? OptionalLong.of(step + around) : OptionalLong.empty();
            assertEquals(expected, totp.step(code, now), "step " + around);
        }
        String code = totp.code(now);
        assertEquals(OptionalLong.of(step), totp.step(" " + code.substring(0, 3) + " " + code.substring(3), now));
        for (String odd : List.of("", " ", code + "0", "0" + code, code.substring(1), "abcdef", "１２３４５６", "-12345")) {
            assertEquals(OptionalLong.empty(), totp.step(odd, now), odd);
        }
    }

    @Test
    void isShownAsProgramsTakeIt() {
        Totp totp = new Totp(SECRET);
        assertEquals("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", totp.text());
        assertEquals(
                "otpauth://totp/Qrate:ann%2Bx%40example.test?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Qrate",
                totp.link("ann+x@example.test"));
        assertEquals(Optional.of(totp), Totp.of(totp.text().toLowerCase(Locale.ROOT)));
        assertFalse(totp.toString().contains(totp.text()));
        for (String odd : List.of("", "GEZD", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1", totp.text() + "AA", "ſ".repeat(32))) {
            assertEquals(Optional.empty(), Totp.of(odd), odd);
        }
        assertFalse(Totp.make(new SecureRandom()).equals(Totp.make(new SecureRandom())));
    }

    /// RFC 4648 §10, without padding.
    @Test
    void writesBase32AsRfc4648() {
        Map<String, String> all = Map.of(
                "",
                "",
                "f",
                "MY",
                "fo",
                "MZXQ",
                "foo",
                "MZXW6",
                "foob",
                "MZXW6YQ",
                "fooba",
                "MZXW6YTB",
                "foobar",
                "MZXW6YTBOI");
        all.forEach((text, coded) -> {
            assertEquals(coded, Base32.encode(text.getBytes(US_ASCII)));
            assertArrayEquals(text.getBytes(US_ASCII), Base32.decode(coded).orElseThrow());
        });
        Seeds.forAll(300, random -> {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            assertArrayEquals(bytes, Base32.decode(Base32.encode(bytes)).orElseThrow());
        });
    }
}
