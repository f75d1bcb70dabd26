package qrate.authres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import qrate.authres.AuthenticationResults.Found;
import qrate.message.Field;
import qrate.testkit.Seeds;

/// RFC 8601 §2.2 and the shapes of its appendix B.
class AuthenticationResultsTest {
    private static final String SERVER = "mx.example.test";

    private static String written(MethodResult... results) {
        return new AuthenticationResults(SERVER, List.of(results)).field().raw();
    }

    private static AuthenticationResults read(String text) {
        Found found = AuthenticationResults.parse(text);
        return assertInstanceOf(Found.Good.class, found, found::toString).results();
    }

    private static String refused(String text) {
        Found found = AuthenticationResults.parse(text);
        return assertInstanceOf(Found.Bad.class, found, found::toString).why();
    }

    @Test
    void writesNoneWhereNothingWasChecked() {
        assertEquals("Authentication-Results: mx.example.test; none\n", written());
    }

    @Test
    void writesEachResultOnALineOfItsOwnInOrder() {
        assertEquals(
                """
                Authentication-Results: mx.example.test;
                \tiprev=pass smtp.remote-ip=192.0.2.1;
                \tspf=pass smtp.mailfrom=ann@example.org smtp.helo=out.example.org;
                \tdkim=fail reason="body changed" header.d=example.org
                \theader.i=@example.org header.s=s1 header.a=rsa-sha256
                \theader.b="abc/def=";
                \tdmarc=pass header.from=example.org
                \tpolicy.published-domain-policy=none;
                \tarc=pass header.oldest-pass=0
                """,
                written(
                        MethodResult.of("iprev", "pass").with("smtp", "remote-ip", "192.0.2.1"),
                        MethodResult.of("spf", "pass")
                                .with("smtp", "mailfrom", "ann@example.org")
                                .with("smtp", "helo", "out.example.org"),
                        MethodResult.of("dkim", "fail")
                                .because("body changed")
                                .with("header", "d", "example.org")
                                .with("header", "i", "@example.org")
                                .with("header", "s", "s1")
                                .with("header", "a", "rsa-sha256")
                                .with("header", "b", "abc/def="),
                        MethodResult.of("dmarc", "pass")
                                .with("header", "from", "example.org")
                                .with("policy", "published-domain-policy", "none"),
                        MethodResult.of("arc", "pass").with("header", "oldest-pass", "0")));
    }

    @Test
    void quotesWhatIsNoTokenAndNoAddress() {
        String text = written(MethodResult.of("spf", "pass")
                .with("smtp", "mailfrom", "bounces+ann=example.org@lists.example")
                .with("smtp", "helo", "[192.0.2.1]")
                .with("policy", "note", "")
                .with("policy", "word", "say \"a\\b\""));
        assertTrue(text.contains("smtp.mailfrom=\"bounces+ann=example.org@lists.example\""), text);
        assertTrue(text.contains("smtp.helo=\"[192.0.2.1]\""), text);
        assertTrue(text.contains("policy.note=\"\""), text);
        assertTrue(text.contains("policy.word=\"say \\\"a\\\\b\\\"\""), text);
    }

    @Test
    void aValueBeginsNoLineNoResultAndNoOtherField() {
        String value = "a@b; dmarc=pass\r\nX-Other: yes\n\n\u0000\u202e";
        String text = written(MethodResult.of("spf", "fail").because(value).with("smtp", "mailfrom", value));
        assertEquals(1, text.lines().filter(line -> !line.startsWith("\t")).count(), text);
        List<MethodResult> results = read(Field.of("A", text.substring(text.indexOf(':') + 2))
                        .text())
                .results();
        assertEquals(1, results.size());
        assertEquals("fail", results.getFirst().result());
        assertEquals("a@b; dmarc=pass??X-Other: yes????", results.getFirst().reason());
    }

    @Test
    void textBeyondAsciiIsUtf8InQuotes() {
        MethodResult spf = MethodResult.of("spf", "pass").with("smtp", "mailfrom", "jörg@bücher.example");
        Field field = new AuthenticationResults("mx.bücher.example", List.of(spf)).field();
        String bytes = new String(field.bytes(), StandardCharsets.UTF_8);
        assertTrue(bytes.contains("\"mx.bücher.example\";"), bytes);
        assertTrue(bytes.contains("smtp.mailfrom=\"jörg@bücher.example\""), bytes);
        assertEquals(new AuthenticationResults("mx.bücher.example", List.of(spf)), read(field.text()));
    }

    @Test
    void aValueIsCutWhereALineWouldGrowTooLong() {
        String text = written(MethodResult.of("auth", "pass").with("smtp", "auth", "€".repeat(2000)));
        text.lines().forEach(line -> assertTrue(line.length() < 998, "bytes: " + line.length()));
    }

    @Test
    void aMethodThatIsNoWordIsAFaultOfWhoeverWroteIt() {
        for (String word : List.of("", "spf pass", "spf;", "spf=", "s\np", "dkim/x")) {
            assertThrows(IllegalArgumentException.class, () -> written(MethodResult.of(word, "pass")), word);
        }
        assertThrows(IllegalArgumentException.class, () -> written(MethodResult.of("spf", "")));
        assertThrows(
                IllegalArgumentException.class,
                () -> written(MethodResult.of("spf", "pass").with("smtp", "mail from", "x")));
    }

    @Test
    void readsNoneWithAVersion() {
        assertEquals(new AuthenticationResults("example.org", List.of()), read(" example.org 1; none"));
    }

    @Test
    void readsResultsReasonsAndProperties() {
        AuthenticationResults all = read("mx.example;\r\n\tauth=pass (by password) smtp.auth=ann@example.org;"
                + " DKIM=fail reason=\"no key; (really)\" Header.D=example.org header.i=@example.org");
        assertEquals(
                List.of(
                        MethodResult.of("auth", "pass").with("smtp", "auth", "ann@example.org"),
                        MethodResult.of("dkim", "fail")
                                .because("no key; (really)")
                                .with("header", "d", "example.org")
                                .with("header", "i", "@example.org")),
                all.results());
        assertEquals(Optional.of("example.org"), all.results().getLast().value("header", "d"));
        assertEquals(Optional.empty(), all.results().getLast().value("header", "s"));
    }

    @Test
    void commentsMayStandBetweenAnyTwoWords() {
        AuthenticationResults all = read("(a) mx.example (b (c \\) d)) 1 (e); (f) dkim (g) / (h) 1 (i) = (j) fail (k)"
                + " policy (l) . (m) expired (n) = (o) 1362471462 (p)");
        assertEquals(List.of(MethodResult.of("dkim", "fail").with("policy", "expired", "1362471462")), all.results());
    }

    @Test
    void readsWhatOthersWriteBesideTheGrammar() {
        assertEquals(
                Optional.of("list+a=b.example@lists.example"),
                read("mx.example; spf=pass smtp.mailfrom=list+a=b.example@lists.example;")
                        .results()
                        .getFirst()
                        .value("smtp", "mailfrom"));
        assertEquals(
                Optional.of("a b@example.org"),
                read("mx.example; spf=pass smtp.mailfrom=\"a b\"@example.org")
                        .results()
                        .getFirst()
                        .value("smtp", "mailfrom"));
        assertEquals(
                Optional.of("Xy/z+="),
                read("mx.example; dkim=pass header.b=Xy/z+= header.d=a.example")
                        .results()
                        .getFirst()
                        .value("header", "b"));
    }

    @Test
    void aMethodOfAnotherVersionIsNotTakenForTheOneWeKnow() {
        assertEquals(
                "dkim/2", read("mx.example; dkim/2=pass").results().getFirst().method());
        assertEquals(
                "dkim", read("mx.example; dkim/1=pass").results().getFirst().method());
    }

    @Test
    void aFieldOfAnotherVersionIsNotRead() {
        assertEquals("version 2", refused("mx.example 2; spf=pass"));
    }

    @Test
    void whatMakesNoSenseIsNotRead() {
        for (String text : List.of(
                "",
                "mx.example",
                ";",
                "; spf=pass",
                "mx.example; spf",
                "mx.example; spf=",
                "mx.example; =pass",
                "mx.example; none; spf=pass",
                "mx.example; spf=pass; none",
                "mx.example; spf=pass smtp.mailfrom",
                "mx.example; spf=pass smtp=x",
                "mx.example; spf=pass reason=\"open",
                "mx.example; spf=pass (open",
                "mx.example spf=pass",
                "a".repeat(ResultsReader.TEXT_CHARS_MAX + 1) + "; none",
                "mx.example" + "; spf=pass".repeat(ResultsReader.RESULTS_MAX + 1),
                "mx.example; spf=pass" + " a.b=c".repeat(ResultsReader.RESULTS_MAX + 1))) {
            refused(text);
        }
    }

    @Test
    void whateverIsWrittenIsReadBackAlike() {
        Seeds.forAll(300, random -> {
            List<MethodResult> results = new ArrayList<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                MethodResult one = MethodResult.of("spf", "pass");
                for (int p = random.nextInt(4); p > 0; p--) {
                    one = one.with("smtp", "mailfrom", anything(random));
                }
                results.add(random.nextBoolean() ? one.because(anything(random)) : one);
            }
            AuthenticationResults all = new AuthenticationResults("mx.example", results);
            Field field = all.field();
            assertEquals(all, read(field.text()));
            for (String line : field.raw().lines().toList()) {
                boolean several =
                        line.replaceAll("\"(\\\\.|[^\"\\\\])*+\"", "").strip().contains(" ");
                assertTrue(line.replace("\t", " ".repeat(8)).length() <= 78 || !several, line);
            }
        });
    }

    private static String anything(Random random) {
        String signs = "abc019.-_@;=\"\\()<>,/?: \tüß€";
        StringBuilder text = new StringBuilder();
        for (int i = 1 + random.nextInt(40); i > 0; i--) {
            text.append(signs.charAt(random.nextInt(signs.length())));
        }
        return text.toString().replace('\t', ' ');
    }

    @Test
    void eachResultCanBeToldByItself() {
        MethodResult dkim = MethodResult.of("dkim", "fail")
                .because("it; was changed")
                .with("header", "d", "example.org")
                .with("header", "b", "x".repeat(60));
        AuthenticationResults all = new AuthenticationResults("mx.test", List.of(MethodResult.of("spf", "pass"), dkim));
        assertEquals(
                List.of(
                        "spf=pass",
                        "dkim=fail reason=\"it; was changed\" header.d=example.org\n\theader.b=" + "x".repeat(60)),
                all.texts());
        assertEquals(List.of(), new AuthenticationResults("mx.test", List.of()).texts());
    }
}
