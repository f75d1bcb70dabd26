package qrate.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.IDN;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DomainNameTest {
    @ParameterizedTest
    @CsvSource({
        "Example.TEST, example.test",
        "bücher.test, xn--bcher-kva.test",
        "BÜCHER.Test, xn--bcher-kva.test",
        "xn--BCHER-kva.test, xn--bcher-kva.test",
        ".bücher.test, .xn--bcher-kva.test",
        "straße.test, xn--strae-oqa.test",
        "faß.de, xn--fa-hia.de",
        "βόλος.com, xn--nxasmm1c.com",
        "öbb.at, xn--bb-eka.at",
        "日本語。JP, xn--wgv71a119e.jp",
        "i♥ny.de, xn--iny-zx5a.de",
        "[127.0.0.1], [127.0.0.1]",
        "'', ''"
    })
    void hasOneFormForEachName(String name, String ascii) {
        assertEquals(ascii, DomainName.ascii(name));
    }

    @Test
    void leavesANameThatCanBeNoneAsItIs() {
        String tooLong = "ü".repeat(63) + ".test";
        assertEquals(tooLong, DomainName.ascii(tooLong));
        assertEquals("ü\u2028.test", DomainName.ascii("Ü\u2028.test"));
        assertEquals("ü\u202e.test", DomainName.ascii("ü\u202e.test"));
        assertEquals("\ud800ü.test", DomainName.ascii("\ud800ü.test"));
    }

    @Test
    void agreesWithTheJdkWhereTheRulesHaveNotChanged() {
        String letters = "abc-09äöüéñåøčžğαβγδабвгд日本語中文한글ไทย";
        Random random = new Random(7);
        for (int n = 0; n < 2_000; n++) {
            StringBuilder label = new StringBuilder("é");
            for (int i = 1 + random.nextInt(12); i > 0; i--) {
                label.append(letters.charAt(random.nextInt(letters.length())));
            }
            assertEquals(IDN.toASCII(label.toString()), DomainName.ascii(label.toString()));
        }
    }
}
