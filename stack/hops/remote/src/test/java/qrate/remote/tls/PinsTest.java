package qrate.remote.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import qrate.dns.Question.Association;
import qrate.remote.Certificates;

/// RFC 7671, 7672 §3.
class PinsTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Certificates TOP = Certificates.selfSigned("top.test", DAY);
    private static final Certificates MIDDLE = TOP.signs("middle.test", DAY);
    private static final Certificates SERVER = TOP.signs("mx.test", DAY);
    private static final List<String> NAMES = List.of("mx.test", "domain.test");

    @Test
    void fitAServersOwnCertificateOrKeyInEachForm() throws Exception {
        for (int selector = 0; selector <= 1; selector++) {
            for (int matching = 0; matching <= 2; matching++) {
                assertTrue(fits(SERVER, List.of("whoever.test"), pin(3, selector, matching, SERVER)));
                assertFalse(fits(SERVER, NAMES, pin(3, selector, matching, TOP)), "the authority is not the server");
                assertTrue(fits(SERVER, NAMES, pin(2, selector, matching, TOP)));
                assertFalse(fits(SERVER, NAMES, pin(2, selector, matching, SERVER)), "nor the server an authority");
                assertFalse(fits(SERVER, NAMES, pin(2, selector, matching, MIDDLE)));
            }
        }
    }

    @Test
    void wantANameAndADateFromAServerThatAnAuthorityVouchesFor() throws Exception {
        Pins pins = pins(pin(2, 0, 1, TOP));
        assertTrue(pins.fit(chain(SERVER), NAMES));
        assertTrue(pins.fit(chain(TOP.signs("domain.test", DAY)), NAMES));
        assertTrue(pins.fit(chain(TOP.signs("*.here.test", DAY)), List.of("mx.here.test")));
        assertFalse(pins.fit(chain(TOP.signs("*.here.test", DAY)), List.of("a.mx.here.test", "here.test")));
        assertFalse(pins.fit(chain(TOP.signs("other.test", DAY)), NAMES));
        assertFalse(pins.fit(chain(TOP.signs("mx.test", DAY.negated())), NAMES));
    }

    @Test
    void fitNoAuthorityThatDidNotSignWhatIsInFrontOfIt() throws Exception {
        X509Certificate[] pasted = {Certificates.selfSigned("mx.test", DAY).certificate(), TOP.certificate()};
        assertFalse(pins(pin(2, 0, 1, TOP)).fit(pasted, NAMES));
        assertFalse(pins(pin(2, 0, 1, TOP)).fit(new X509Certificate[0], NAMES));
        assertFalse(pins(pin(3, 0, 1, TOP)).fit(new X509Certificate[0], NAMES));
    }

    @Test
    void leaveOutWhatIsOfNoUse() {
        String digest = "ab".repeat(32);
        List<Association> useless = List.of(
                new Association(0, 0, 1, digest),
                new Association(1, 1, 1, digest),
                new Association(4, 1, 1, digest),
                new Association(255, 1, 1, digest),
                new Association(3, 2, 1, digest),
                new Association(3, 1, 3, digest),
                new Association(3, 1, 1, digest + "00"),
                new Association(3, 1, 2, digest),
                new Association(3, 1, 0, ""));
        assertEquals(List.of(), Pins.of(useless).usable());
    }

    @Test
    void keepTheStrongestDigestOfOneUsageAndSelectorAndTheBytesThemselves() throws Exception {
        Association weak = pin(3, 1, 1, TOP);
        Association strong = pin(3, 1, 2, SERVER);
        Association whole = pin(3, 1, 0, SERVER);
        Association elsewhere = pin(3, 0, 1, SERVER);
        Pins pins = Pins.of(List.of(weak, strong, whole, elsewhere, strong));
        assertEquals(3, pins.usable().size());
        assertFalse(pins.usable().contains(weak));
        assertEquals(pins, Pins.of(List.of(elsewhere, strong, weak, whole)), "in whatever order they come");
    }

    private static boolean fits(Certificates server, List<String> names, Association... pins) throws Exception {
        return pins(pins).fit(chain(server), names);
    }

    private static Pins pins(Association... pins) {
        return Pins.of(List.of(pins));
    }

    private static Association pin(int usage, int selector, int matching, Certificates of) throws Exception {
        return new Association(usage, selector, matching, of.association(selector, matching));
    }

    private static X509Certificate[] chain(Certificates server) {
        return server.chain().toArray(X509Certificate[]::new);
    }
}
