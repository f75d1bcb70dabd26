package qrate.spf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 7208 §7.
class SpfMacroTest {
    private static SpfMacroValues values(String address, String helo, String sender) {
        SpfSubject subject = SpfSubject.mailFrom(new SpfClient(InetAddress.ofLiteral(address), helo), sender);
        return new SpfMacroValues(
                subject,
                subject.domain(),
                "mx.here.test",
                Instant.ofEpochSecond(1_700_000_000),
                () -> "mx.example.org");
    }

    private static String explained(String text, SpfMacroValues values) {
        return SpfMacro.explanation(text, new SpfFaults())
                .flatMap(read -> read.text(values, 10_000))
                .orElse("refused");
    }

    private static String name(String text, SpfMacroValues values) {
        return SpfMacro.domain(text, new SpfFaults())
                .map(read -> read.name(values))
                .orElse("refused");
    }

    /// §7.4.
    @ParameterizedTest
    @CsvSource({
        "%{s}, strong-bad@email.example.com",
        "%{o}, email.example.com",
        "%{d}, email.example.com",
        "%{d4}, email.example.com",
        "%{d3}, email.example.com",
        "%{d2}, example.com",
        "%{d1}, com",
        "%{dr}, com.example.email",
        "%{d2r}, example.email",
        "%{l}, strong-bad",
        "%{l-}, strong.bad",
        "%{lr}, strong-bad",
        "%{lr-}, bad.strong",
        "%{l1r-}, strong",
        "%{ir}.%{v}._spf.%{d2}, 3.2.0.192.in-addr._spf.example.com",
        "%{lr-}.lp._spf.%{d2}, bad.strong.lp._spf.example.com",
        "%{lr-}.lp.%{ir}.%{v}._spf.%{d2}, bad.strong.lp.3.2.0.192.in-addr._spf.example.com",
        "%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}, 3.2.0.192.in-addr.strong.lp._spf.example.com",
        "%{d2}.trusted-domains.example.net, example.com.trusted-domains.example.net"
    })
    void theExamplesOfTheRfc(String text, String expected) {
        SpfMacroValues values = values("192.0.2.3", "mail.client.test", "strong-bad@email.example.com");
        assertEquals(expected, explained(text, values));
        assertEquals(expected, name(text, values));
    }

    @Test
    void anIpv6AddressIsNibblesBetweenDots() {
        SpfMacroValues values = values("2001:db8::cb01", "mail.client.test", "strong-bad@email.example.com");
        assertEquals(
                "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com",
                name("%{ir}.%{v}._spf.%{d2}", values));
        assertEquals("0.1", explained("%{i2}", values("2001:db8::cb01", "a.test", "a@b.test")));
        assertEquals(
                "1.0",
                explained("%{i32r}", values("2001:db8::cb01", "a.test", "a@b.test"))
                        .substring(0, 3));
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "0:0:0:0:0:0:0:0, ::",
        "0:0:0:0:0:0:0:1, ::1",
        "1:0:0:0:0:0:0:0, 1::",
        "::ffff:192.0.2.7, 192.0.2.7",
        "fe80::1%7, fe80::1"
    })
    void theReadableAddressLeavesZerosOut(String address, String expected) throws Exception {
        SpfClient client = new SpfClient(InetAddress.getByName(address), "");
        assertEquals(expected, SpfMacroValues.readable(client.address()));
    }

    @Test
    void explanationsHaveThreeLettersMore() {
        SpfMacroValues values = values("2001:db8::1", "a.test", "ann@b.test");
        assertEquals("2001:db8::1 mx.here.test 1700000000", explained("%{c} %{r} %{t}", values));
        for (String text : new String[] {"%{c}.test", "%{r}.test", "%{t}.test", "%{R}"}) {
            assertEquals("refused", name(text, values), text);
        }
    }

    @Test
    void theClientsNameIsAskedForOnlyWhenItIsWanted() {
        SpfSubject subject =
                SpfSubject.mailFrom(new SpfClient(InetAddress.ofLiteral("192.0.2.1"), "a.test"), "ann@b.test");
        SpfMacroValues none = new SpfMacroValues(subject, "b.test", "r", Instant.EPOCH, () -> {
            throw new AssertionError("asked");
        });
        assertEquals("ann.b.test", name("%{l}.%{d}", none));
        assertEquals(
                "x." + "y".repeat(60) + ".b.test",
                name("%{p}" + "z".repeat(253) + ".x." + "y".repeat(60) + ".%{d}", none));
        assertEquals("example.org", name("%{p2}", values("192.0.2.3", "a.test", "a@b.test")));
    }

    @Test
    void signsOfTheirOwnArePercentSpaceAndEscapedSpace() {
        assertEquals("100% sure%20thing", explained("100%%%_sure%-thing", values("192.0.2.1", "a.test", "a@b.test")));
    }

    @Test
    void upperCaseEscapesForUrls() {
        SpfMacroValues values = values("192.0.2.1", "a.test", "~jack&jill=up-a_b3.c\u00e9@b.test");
        assertEquals("~jack%26jill%3Dup-a_b3.c%C3%A9", explained("%{L}", values));
        assertEquals("~jack%26jill%3Dup-a_b3.c%C3%A9%40b.test", explained("%{S}", values));
    }

    @Test
    void everyDelimiterSeparates() {
        SpfMacroValues values = values("192.0.2.1", "a.test", "a-b+c,d/e_f=g.h@b.test");
        assertEquals("a.b.c.d.e.f.g.h", explained("%{l.-+,/_=}", values));
        assertEquals("h.g.f.e.d.c.b.a", explained("%{lr.-+,/_=}", values));
        assertEquals("c,d/e_f=g.h", explained("%{l1+}", values));
        assertEquals("b", explained("%{l2r-+}", values).substring(0, 1));
        assertEquals("a-b+c,d/e_f=g.h", explained("%{l999999999999}", values));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%",
                "a%",
                "%a.test",
                "%{",
                "%{d",
                "%{}",
                "%{x}",
                "%{d0}",
                "%{d00}",
                "%{d1.r}",
                "%{drr}",
                "%{d*}",
                "%{dr2}",
                "%(d)",
                "%{ d}",
                "a\u00e9.test",
                "a b.test",
                "a\t.test",
                "test",
                ".",
                "test.",
                "a.1",
                "a.-b",
                "a.b-",
                "a..",
                "%{d}a",
                "a.test:25",
                "\u212A.test",
                "%{\u017f}"
            })
    void whatIsNoDomainSpecIsRefusedInWords(String text) {
        SpfFaults faults = new SpfFaults();
        assertEquals(Optional.empty(), SpfMacro.domain(text, faults));
        assertFalse(faults.all().isEmpty());
        assertTrue(faults.all().getFirst().chars().allMatch(c -> c >= ' ' && c <= '~'));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a.test", "a.test.", "%{d}", "a%%", "a%_", "a.1a", "a.b--c", "_x!#/$&.te-st", "%{L9R-}", "a..b"})
    void whatIsOneIsRead(String text) {
        SpfFaults faults = new SpfFaults();
        assertTrue(SpfMacro.domain(text, faults).isPresent(), faults.all().toString());
    }

    @Test
    void aLongNameLosesLabelsOnItsLeft() {
        String label = "x".repeat(60);
        String domain = String.join(".", label, label, label, "b.test"); // 189
        SpfMacroValues values = values("192.0.2.1", "a.test", "ann@" + domain);
        assertEquals(253, name("1." + "y".repeat(61) + ".%{d}", values).length());
        assertEquals("y".repeat(62) + "." + domain, name("1." + "y".repeat(62) + ".%{d}", values));
        assertEquals("y".repeat(63) + "." + domain, name("y".repeat(63) + ".%{d}", values));
        assertEquals(domain, name("y".repeat(64) + ".%{d}", values));
        assertEquals("", name("z".repeat(300) + "%{d1}", values));
        assertEquals("b.test." + domain + ".b.test", name("%{d}.%{d}.%{d2}", values));
    }

    @Test
    void anExplanationThatGrowsTooLongIsNone() {
        SpfMacro text =
                SpfMacro.explanation("%{s}".repeat(2_000), new SpfFaults()).orElseThrow();
        assertEquals(Optional.empty(), text.text(values("192.0.2.1", "a.test", "ann@b.test"), 450));
    }
}
