package qrate.zone.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.Source;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/// The documents are what their readers' descriptions say, and name the doors that there are.
class DocumentsTest {
    private static final String HOST = "mail.example.org";
    private static final String ADDRESS = "o'neil&co@example.org";

    static void validate(String document, String... schemas) throws Exception {
        Source[] sources = Stream.of(schemas)
                .map(name -> new StreamSource(Objects.requireNonNull(DocumentsTest.class.getResource(name))
                        .toString()))
                .toArray(Source[]::new);
        SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
        factory.newSchema(sources).newValidator().validate(new StreamSource(new StringReader(document)));
    }

    static void validateAnswer(String document) throws Exception {
        validate(document, "autodiscover-account.xsd", "autodiscover.xsd");
    }

    static Element root(String document) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        return factory.newDocumentBuilder()
                .parse(new ByteArrayInputStream(document.getBytes(UTF_8)))
                .getDocumentElement();
    }

    static List<Element> children(Element parent) {
        List<Element> all = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                all.add(element);
            }
        }
        return all;
    }

    static List<String> texts(Element root, String name) {
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

    /// Names that are there, and such as no door lets in: what is written is what is read.
    @ParameterizedTest
    @MethodSource("qrate.zone.clients.AppleProfileTest#addresses")
    void oddNamesStandInEveryFieldAsTheyAre(String address) throws Exception {
        String settings = Autodiscover.settings(address, HOST);
        validateAnswer(settings);
        Element root = root(settings);
        assertEquals(List.of(address), texts(root, "DisplayName"));
        assertEquals(List.of(address, address), texts(root, "LoginName"));
        assertEquals(List.of(HOST, HOST), texts(root, "Server"));
        assertEquals(List.of("on", "on"), texts(root, "AuthRequired"));
        assertEquals(List.of("off", "off"), texts(root, "SPA"));
        assertEquals(List.of("off", "off"), texts(root, "DomainRequired"));
        String domain = address.substring(address.lastIndexOf('@') + 1);
        String config = Autoconfig.of(domain, HOST);
        validate(config, "autoconfig.xsd");
        Element provider = children(root(config)).getFirst();
        assertEquals(domain, provider.getAttribute("id"));
        for (String name : List.of("domain", "displayName", "displayShortName")) {
            assertEquals(List.of(domain), texts(provider, name), name);
        }
        assertEquals(
                List.of("pop3", "pop3", "smtp", "smtp"),
                children(provider).stream()
                        .filter(child -> child.hasAttribute("type"))
                        .map(child -> child.getAttribute("type"))
                        .toList());
        assertEquals(Set.of("password-cleartext"), Set.copyOf(texts(provider, "authentication")));
        assertEquals(Set.of("%EMAILADDRESS%"), Set.copyOf(texts(provider, "username")));
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

    @Test
    void whatXmlCannotHoldIsReplaced() throws Exception {
        String text = "a\0b\u001bc\ud800\"'<&>\ufffe陳\ud83d\ude00";
        Element root =
                root(new Xml().open("a", "b", text).leaf("c", text).close().text());
        assertEquals("a?b?c?\"'<&>?陳\ud83d\ude00", root.getAttribute("b"));
        assertEquals(List.of("a?b?c?\"'<&>?陳\ud83d\ude00"), texts(root, "c"));
    }
}
