package qrate.zone.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.Source;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/// The documents are what their readers' descriptions say, and name the doors that there are.
class DocumentsTest {
    private static final String HOST = "mail.example.org";
    private static final String ADDRESS = "o'neil&co@example.org";

    private static void validate(String document, String... schemas) throws Exception {
        Source[] sources = Stream.of(schemas)
                .map(name -> new StreamSource(Objects.requireNonNull(DocumentsTest.class.getResource(name))
                        .toString()))
                .toArray(Source[]::new);
        SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
        factory.newSchema(sources).newValidator().validate(new StreamSource(new StringReader(document)));
    }

    private static void validateAnswer(String document) throws Exception {
        validate(document, "autodiscover-account.xsd", "autodiscover.xsd");
    }

    static Element root(String document) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        return factory.newDocumentBuilder()
                .parse(new ByteArrayInputStream(document.getBytes(UTF_8)))
                .getDocumentElement();
    }

    private static List<Element> children(Element parent) {
        List<Element> all = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                all.add(element);
            }
        }
        return all;
    }

    private static List<String> texts(Element root, String name) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < root.getElementsByTagName(name).getLength(); i++) {
            all.add(root.getElementsByTagName(name).item(i).getTextContent());
        }
        return all;
    }

    @Test
    void thunderbirdIsToldEveryDoorBestFirst() throws Exception {
        String document = Autoconfig.of("example.org", HOST);
        validate(document, "autoconfig.xsd");
        Element root = root(document);
        assertEquals(List.of("995", "110", "465", "587"), texts(root, "port"));
        assertEquals(List.of("SSL", "STARTTLS", "SSL", "STARTTLS"), texts(root, "socketType"));
        assertEquals(List.of(HOST, HOST, HOST, HOST), texts(root, "hostname"));
        assertEquals(List.of("example.org"), texts(root, "domain"));
    }

    @Test
    void theSchemasRefuseWhatIsNone() {
        assertThrows(SAXException.class, () -> validate(Autoconfig.of("example.org", "<b>"), "autoconfig.xsd"));
        assertThrows(
                SAXException.class,
                () -> validateAnswer(Autodiscover.settings(ADDRESS, HOST).replace("<Port>995", "<Port>x")));
    }

    @Test
    void outlookIsToldTheDoorsWithTlsFromTheStart() throws Exception {
        String document = Autodiscover.settings(ADDRESS, HOST);
        validateAnswer(document);
        Element root = root(document);
        assertEquals(List.of("POP3", "SMTP"), texts(root, "Type"));
        assertEquals(List.of("995", "465"), texts(root, "Port"));
        assertEquals(List.of(ADDRESS, ADDRESS), texts(root, "LoginName"));
        assertEquals(List.of("on", "on"), texts(root, "SSL"));
    }

    @Test
    void outlookIsToldWhatItAskedWrongly() throws Exception {
        String bad = Autodiscover.refusal(new Autodiscover.Question.Bad());
        validateAnswer(bad);
        assertTrue(bad.contains("<ErrorCode>600</ErrorCode>"), bad);
        String other = Autodiscover.refusal(new Autodiscover.Question.Other());
        validateAnswer(other);
        assertTrue(other.contains("<ErrorCode>601</ErrorCode>"), other);
    }

    /// A property list as a reader sees it: a key, and beside it a value.
    private static Map<String, Object> dict(Element dict) {
        assertEquals("dict", dict.getTagName());
        Map<String, Object> members = new LinkedHashMap<>();
        List<Element> parts = children(dict);
        assertEquals(0, parts.size() % 2, "a key without a value");
        for (int i = 0; i < parts.size(); i += 2) {
            assertEquals("key", parts.get(i).getTagName());
            assertEquals(null, members.put(parts.get(i).getTextContent(), value(parts.get(i + 1))), "a key twice");
        }
        return members;
    }

    private static Object value(Element value) {
        return switch (value.getTagName()) {
            case "string" -> value.getTextContent();
            case "integer" -> Integer.valueOf(value.getTextContent());
            case "true" -> true;
            case "array" -> children(value).stream().map(DocumentsTest::dict).toList();
            default -> throw new AssertionError("no value of a property list here: " + value.getTagName());
        };
    }

    @Test
    void aTelephoneOfAppleIsToldAllButThePassword() throws Exception {
        String document = AppleProfile.of(ADDRESS, HOST);
        Element root = root(document);
        assertEquals("plist", root.getTagName());
        assertEquals("1.0", root.getAttribute("version"));
        Map<String, Object> profile = dict(children(root).getFirst());
        assertEquals("Configuration", profile.get("PayloadType"));
        assertEquals(1, profile.get("PayloadVersion"));
        @SuppressWarnings("unchecked") // by value()
        Map<String, Object> account = ((List<Map<String, Object>>) profile.get("PayloadContent")).getFirst();
        Map<String, Object> expected = new LinkedHashMap<>(Map.of(
                "PayloadType",
                "com.apple.mail.managed",
                "PayloadVersion",
                1,
                "EmailAccountType",
                "EmailTypePOP",
                "EmailAddress",
                ADDRESS,
                "IncomingMailServerHostName",
                HOST,
                "IncomingMailServerPortNumber",
                995,
                "IncomingMailServerUseSSL",
                true,
                "IncomingMailServerUsername",
                ADDRESS,
                "IncomingMailServerAuthentication",
                "EmailAuthPassword"));
        expected.putAll(Map.of(
                "OutgoingMailServerHostName",
                HOST,
                "OutgoingMailServerPortNumber",
                465,
                "OutgoingMailServerUseSSL",
                true,
                "OutgoingMailServerUsername",
                ADDRESS,
                "OutgoingMailServerAuthentication",
                "EmailAuthPassword",
                "OutgoingPasswordSameAsIncomingPassword",
                true));
        expected.forEach((key, value) -> assertEquals(value, account.get(key), key));
        assertFalse(account.containsKey("IncomingPassword") || account.containsKey("OutgoingPassword"), document);
        assertFalse(account.get("PayloadUUID").equals(profile.get("PayloadUUID")), document);
        assertEquals(document, AppleProfile.of(ADDRESS, HOST), "opened again it takes the place of the one before");
    }

    @Test
    void whatXmlCannotHoldIsReplaced() throws Exception {
        String text = "a\0b\u001bc\ud800\"'<&>\ufffe陳\ud83d\ude00";
        Element root =
                root(new Xml().open("a", "b", text).leaf("c", text).close().text());
        assertEquals("a?b?c?\"'<&>?陳\ud83d\ude00", root.getAttribute("b"));
        assertEquals(List.of("a?b?c?\"'<&>?陳\ud83d\ude00"), texts(root, "c"));
    }
}
