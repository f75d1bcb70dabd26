package qrate.spf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/// RFC 7208 §9.1.
class ReceivedSpfTest {
    private static SpfFindings findings(String helo, String sender, String mechanism) {
        SpfSubject subject = SpfSubject.mailFrom(new SpfClient(InetAddress.ofLiteral("2001:db8::1"), helo), sender);
        return new SpfFindings(subject, mechanism, "a.test", SpfFindings.Authority.DOMAIN, List.of());
    }

    @Test
    void theFieldHasAResultACommentAndPairs() {
        assertEquals(
                """
                pass (mx.here.test: a.test lets 2001:db8::1 send for it, by mx/24 of a.test)
                  receiver=mx.here.test;
                  client-ip=2001:db8::1;
                  identity=mailfrom;
                  envelope-from="ann@a.test";
                  helo=mail.client.test;
                  mechanism=mx/24""",
                new SpfResult.Pass(findings("mail.client.test", "ann@a.test", "mx/24")).receivedSpf("mx.here.test"));
    }

    @Test
    void anErrorNamesItsProblem() {
        String text = new SpfResult.PermError(findings("h.test", "ann@a.test", ""), "'x' is \"no\" mechanism")
                .receivedSpf("mx.here.test");
        assertTrue(text.startsWith("permerror (mx.here.test: SPF of a.test makes no sense: "), text);
        assertTrue(text.endsWith("helo=h.test;\n  problem=\"'x' is \\\"no\\\" mechanism\""), text);
    }

    @Test
    void strangersWordsStayWhereTheyAre() {
        String text =
                new SpfResult.None(findings("[x];\r\nBcc: evil (", "\"a\\\nb\"@x)y", "")).receivedSpf("mx.here.test");
        assertTrue(text.contains("helo=\"[x];??Bcc: evil (\""), text);
        assertTrue(text.contains("envelope-from=\"\\\"a\\\\?b\\\"@x)y\""), text);
        assertTrue(text.startsWith("none (mx.here.test: x\\)y publishes no SPF record)"), text);
        String longest = new SpfResult.TempError(
                        findings("h".repeat(5_000), "l".repeat(5_000) + "@" + "d".repeat(5_000), "m".repeat(5_000)),
                        "w".repeat(5_000))
                .receivedSpf("r".repeat(5_000));
        assertTrue(longest.lines().allMatch(line -> line.length() < 900), longest);
    }

    @Test
    void everyResultHasAWordAndAReason() {
        SpfFindings found = findings("h.test", "ann@a.test", "-all");
        List<SpfResult> all = List.of(
                new SpfResult.None(found),
                new SpfResult.Neutral(found),
                new SpfResult.Pass(found),
                new SpfResult.Fail(found, "", false),
                new SpfResult.SoftFail(found),
                new SpfResult.TempError(found, "no resolver"),
                new SpfResult.PermError(found, "nonsense"));
        assertEquals(
                List.of("none", "neutral", "pass", "fail", "softfail", "temperror", "permerror"),
                all.stream().map(SpfResult::word).toList());
        assertEquals(7, all.stream().map(SpfResult::reason).distinct().count());
        assertEquals("there is no domain to ask", new SpfResult.None(findings("h.test", "root", "")).reason());
    }
}
