package qrate.zone.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import qrate.testkit.Fuzz;

class AutodiscoverFuzzTest {
    private static final String ASKED = """
            <?xml version="1.0" encoding="utf-8"?>
            <Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006">
              <Request>
                <EMailAddress>ann@example.org</EMailAddress>
                <AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a</AcceptableResponseSchema>
              </Request>
            </Autodiscover>
            """;

    private static final String BOMB =
            "<!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]>";

    @Test
    void whatOutlookAsksIsUnderstood() {
        assertEquals(new Autodiscover.Question.Settings("ann@example.org"), Autodiscover.read(ASKED));
        assertEquals(
                new Autodiscover.Question.Settings("a&<b@example.org"),
                Autodiscover.read("<Autodiscover><Request><EMailAddress> a&amp;<![CDATA[<b]]>@example.org\n"
                        + "</EMailAddress></Request></Autodiscover>"));
    }

    @Test
    void whatTelephonesAskExchangeForIsNotHere() {
        assertEquals(
                new Autodiscover.Question.Other(),
                Autodiscover.read(ASKED.replace("outlook/response", "mobilesync/response")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ann@example.org",
                "<Autodiscover>",
                "<Autodiscover/>",
                "<Autodiscover><Request><EMailAddress> </EMailAddress></Request></Autodiscover>",
                "<Autodiscover><EMailAddress>a@example.org</EMailAddress></Autodiscover>",
                "<Autodiscover><Request><EMailAddress></EMailAddress></Request></Autodiscover>",
                "<a:Autodiscover><Request><EMailAddress>a@b</EMailAddress></Request></a:Autodiscover>",
                "<a><b><c><d><e><f><g><h><i/></h></g></f></e></d></c></b></a>",
            })
    void whatIsNoQuestionIsOne(String text) {
        assertInstanceOf(Autodiscover.Question.Bad.class, Autodiscover.read(text), text);
    }

    @Test
    void aDocumentTypeOrAnEntityIsNeverRead() {
        for (String entity : new String[] {"&c;", "&d;", "x"}) {
            String text =
                    ASKED.replace("<Autodiscover ", BOMB + "<Autodiscover ").replace("ann", entity);
            assertInstanceOf(Autodiscover.Question.Bad.class, Autodiscover.read(text), text);
        }
        String file = "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>";
        String text = ASKED.replace("<Autodiscover ", file + "<Autodiscover ").replace("ann", "&e;");
        assertInstanceOf(Autodiscover.Question.Bad.class, Autodiscover.read(text));
    }

    @Test
    void aLongQuestionIsNotRead() {
        String longest = ASKED.strip()
                + " ".repeat(Autodiscover.QUESTION_CHARS_MAX - ASKED.strip().length());
        assertInstanceOf(Autodiscover.Question.Settings.class, Autodiscover.read(longest));
        assertInstanceOf(Autodiscover.Question.Bad.class, Autodiscover.read(longest + " "));
        assertInstanceOf(
                Autodiscover.Question.Bad.class,
                Autodiscover.read("<a>".repeat(Autodiscover.QUESTION_CHARS_MAX / "<a>".length())));
    }

    /// Entry point: {@link Autodiscover#read}.
    @Test
    void questions() {
        Fuzz.Outcome outcome = Fuzz.run(
                "autodiscover questions",
                Fuzz.corpus(
                        ASKED,
                        BOMB + "<Autodiscover><Request><EMailAddress>&c;<![CDATA[x]]>&#x41;@b</EMailAddress>"
                                + "</Request></Autodiscover>"),
                bytes -> {
                    if (Autodiscover.read(new String(bytes, UTF_8))
                            instanceof Autodiscover.Question.Settings(var address)) {
                        assertFalse(address.isEmpty());
                        assertDoesNotThrow(
                                () -> DocumentsTest.root(Autodiscover.settings(address, "mail.example.org")));
                    }
                });
        assertTrue(outcome.runs() > 0);
    }
}
