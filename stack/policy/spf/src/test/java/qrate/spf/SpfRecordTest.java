package qrate.spf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 7208 §4.5, §4.6, §5, §6, §12: a record read alone.
class SpfRecordTest {
    private static List<String> faults(String terms) {
        return SpfRecord.parse("v=spf1 " + terms) instanceof SpfRecord.Parsed.Bad(var faults) ? faults : List.of();
    }

    private static SpfRecord good(String text) {
        return assertInstanceOf(SpfRecord.Parsed.Good.class, SpfRecord.parse(text))
                .record();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "all",
                "-ALL",
                "a",
                "A/0",
                "a//0",
                "a/32//128",
                "a:b.test/24",
                "a:b.test//64",
                "a:x/y.test",
                "mx",
                "mx:b.test/24//64",
                "ptr",
                "ptr:b.test",
                "include:b.test",
                "exists:%{i}.test",
                "ip4:0.0.0.0",
                "ip4:255.255.255.255/32",
                "IP4:192.0.2.1/0",
                "ip6:::1",
                "ip6:2001:DB8::/32",
                "ip6:::ffff:192.0.2.1",
                "ip6:1:2:3:4:5:6:7:8",
                "redirect=b.test",
                "exp=b.test",
                "Redirect=b.test EXP=c.test",
                "x=",
                "x-1_2.y=%%",
                "a.b=c",
                "a:a%_b.test",
                "a:%{l}/%{d}",
                "a:b%%/24"
            })
    void whatIsWellFormedIsRead(String terms) {
        assertEquals(List.of(), faults(terms));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "all:b.test",
                "all/8",
                "all.",
                "-",
                "--all",
                "!all",
                "a:",
                "a/",
                "a/33",
                "a/024",
                "a//129",
                "a//064",
                "a//64/24",
                "a/1000",
                "a:/24",
                "a:test",
                "a:b.test:25",
                "a=b c",
                "mx:",
                "mx/-1",
                "ptr:",
                "ptr/24",
                "include",
                "include:",
                "include:b",
                "include:b.test/24",
                "exists",
                "exists:",
                "exists/24",
                "ip4",
                "ip4:",
                "ip4:192.0.2",
                "ip4:192.0.2.1.1",
                "ip4:192.0.2.256",
                "ip4:192.0.2.01",
                "ip4:192.0.2.1/33",
                "ip4:192.0.2.1//24",
                "ip4:192.0.2.1/",
                "ip4:.1.2.3",
                "ip4:1..2.3",
                "ip4:1.2.3.",
                "ip4:::1",
                "ip6:",
                "ip6:192.0.2.1",
                "ip6:::1/129",
                "ip6:fe80::1%1",
                "ip6:1:2",
                "ip6:::1//64",
                "ip6:1::2::3",
                "ip6:12345::",
                "ipv4:192.0.2.1",
                "redirect:b.test",
                "redirect=",
                "redirect=b",
                "redirect=a.test redirect=a.test",
                "exp=",
                "exp=a.test exp=b.test",
                "exp=%{c}.test",
                "1x=y",
                "=y",
                "x=%",
                "a,mx",
                "mx,",
                "\ta",
                "a\tb",
                "a:\u00e9.test",
                "\u00a0all",
                "a:b.test\n",
                "%{d}"
            })
    void whatIsNotIsRefusedInWords(String terms) {
        List<String> faults = faults(terms);
        assertFalse(faults.isEmpty());
        assertTrue(faults.stream().allMatch(f -> f.chars().allMatch(c -> c >= ' ' && c <= '~')), faults.toString());
    }

    @Test
    void everyFaultIsNamedUpToABound() {
        assertEquals(
                List.of("'foo' is no mechanism", "'a/64' has a prefix length that is not 0 to 32"),
                faults("foo ip4:192.0.2.1 a/64"));
        assertEquals(SpfFaults.FAULTS_MAX, faults("foo ".repeat(1_000)).size());
        assertTrue(faults("x".repeat(5_000)).getFirst().length() < 200);
    }

    @Test
    void onlyTheExactVersionMakesARecord() {
        for (String text : List.of("v=spf1", "v=spf1 ", "V=Spf1 -all", "v=spf1  a")) {
            assertTrue(SpfRecord.claims(text), text);
        }
        for (String text : List.of("", "v=spf", "v=spf10", "v=spf1-all", "v=spf1\t-all", " v=spf1", "v=spf2.0/pra")) {
            assertFalse(SpfRecord.claims(text), text);
            assertInstanceOf(SpfRecord.Parsed.Bad.class, SpfRecord.parse(text), text);
        }
    }

    @Test
    void aRecordBeyondAllBoundsIsNotRead() {
        String most = "v=spf1 " + "a ".repeat((SpfRecord.RECORD_CHARS_MAX - 7) / 2);
        good(most);
        assertEquals(
                new SpfRecord.Parsed.Bad(List.of("it is longer than 8192 bytes")),
                SpfRecord.parse(most + " ".repeat(SpfRecord.RECORD_CHARS_MAX + 1 - most.length())));
    }

    @Test
    void itsOwnerIsToldWhatItMeansAndMayNot() {
        assertEquals(List.of(), good("v=spf1 mx -all").advice());
        assertEquals("v=spf1 mx -all", good("v=spf1 mx -all").text());
        String all = String.join("\n", good("v=spf1 ptr all mx redirect=b.test").advice());
        for (String part : List.of("every host", "never looked at", "redirect= means nothing", "ptr is slow")) {
            assertTrue(all.contains(part), all);
        }
        assertTrue(good("v=spf1 mx").advice().getFirst().contains("ends without"));
        assertEquals(List.of(), good("v=spf1 redirect=b.test").advice());
        assertTrue(
                good("v=spf1 " + "mx ".repeat(11) + "-all").advice().getFirst().contains("11 look-ups"));
        assertTrue(good("v=spf1 " + "ip4:192.0.2.1 ".repeat(40) + "-all")
                .advice()
                .getFirst()
                .contains("571 bytes"));
    }

    @Test
    void lookUpsAreCountedWithoutDns() {
        assertEquals(0, good("v=spf1 ip4:192.0.2.1 ip6:::1 exp=b.test x=y -all").lookups());
        assertEquals(
                6,
                good("v=spf1 a mx ptr include:b.test exists:b.test redirect=b.test")
                        .lookups());
        assertEquals(4, good("v=spf1 exists:%{p}.test redirect=%{p}.test").lookups());
    }
}
