package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gg.jte.output.StringOutput;
import java.awt.image.BufferedImage;
import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class QrCodeTest {
    private static final Pattern RUN = Pattern.compile("M(\\d+) (\\d+)h(\\d+)v1h-(\\d+)z");

    /// Pixels of a module.
    private static final int SCALE = 4;

    /// The dark modules, a row after the other.
    private static BitSet drawn(QrCode code) {
        BitSet dark = new BitSet();
        Matcher run = RUN.matcher(code.path());
        int at = 0;
        while (run.find()) {
            assertEquals(at, run.start(), "something else stands in the path");
            at = run.end();
            assertEquals(run.group(3), run.group(4));
            int from = Integer.parseInt(run.group(2)) * code.side() + Integer.parseInt(run.group(1));
            dark.set(from, from + Integer.parseInt(run.group(3)));
        }
        assertEquals(code.path().length(), at);
        return dark;
    }

    @Test
    void drawsEveryModuleOfTheCodeAndAQuietZoneAroundIt() {
        for (String text :
                new String[] {"x", "https://mail.example.test/set-up?for=ann%40example.test", "陳".repeat(200)}) {
            QrCode code = QrCode.of(text);
            var expected = io.nayuki.qrcodegen.QrCode.encodeText(text, io.nayuki.qrcodegen.QrCode.Ecc.MEDIUM);
            assertEquals(expected.size + 8, code.side());
            BitSet dark = drawn(code);
            for (int y = 0; y < code.side(); y++) {
                for (int x = 0; x < code.side(); x++) {
                    // the library's modules are light outside of the code
                    assertEquals(expected.getModule(x - 4, y - 4), dark.get(y * code.side() + x), x + ", " + y);
                }
            }
        }
    }

    @Test
    void isReadByATelephone() {
        for (String text : new String[] {
            "https://mail.example.test/set-up?address=o%27neil%26co%40example.test",
            "otpauth://totp/Qrate:ann@b\u00fccher.test?secret=ABC&issuer=Qrate",
            "陳".repeat(200),
            "x".repeat(QrCode.TEXT_BYTES_MAX)
        }) {
            QrCode code = QrCode.of(text);
            BitSet dark = drawn(code);
            int side = code.side() * SCALE;
            BufferedImage picture = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
            for (int y = 0; y < side; y++) {
                for (int x = 0; x < side; x++) {
                    boolean black = dark.get(y / SCALE * code.side() + x / SCALE);
                    picture.setRGB(x, y, black ? 0 : 0xffffff);
                }
            }
            assertEquals(text, QrReader.read(picture));
        }
    }

    @Test
    void refusesATextThatNoPhoneWouldRead() {
        assertThrows(IllegalArgumentException.class, () -> QrCode.of("x".repeat(601)));
        assertThrows(IllegalArgumentException.class, () -> QrCode.of("陳".repeat(201)));
    }

    @Test
    void isAnImageWithANameThatIsEscaped() {
        StringOutput out = new StringOutput();
        Reply.PAGES.qr(QrCode.of("hello"), "\"><script>").render(out);
        String tag = out.toString().substring(0, out.toString().indexOf(" viewBox"));
        assertEquals("<svg class=\"qr\" role=\"img\" aria-label=\"&#34;>&lt;script>\"", tag);
    }
}
