package qrate.zone.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/// A profile is a property list, has the keys that Apple describes for an account of POP3 and no other, each of its
/// kind,
/// and says what the account is.
class AppleProfileTest {
    private static final String HOST = "mail.example.org";
    private static final String ADDRESS = "o'neil&co@example.org";

    /// A key that a dictionary may have.
    private record Key(Class<?> kind, boolean must) {}

    private static final Map<String, Key> EVERY_PAYLOAD = Map.of(
            "PayloadType", new Key(String.class, true),
            "PayloadVersion", new Key(Integer.class, true),
            "PayloadIdentifier", new Key(String.class, true),
            "PayloadUUID", new Key(String.class, true),
            "PayloadDisplayName", new Key(String.class, false),
            "PayloadDescription", new Key(String.class, false),
            "PayloadOrganization", new Key(String.class, false));

    private static final Map<String, Key> MAIL = Map.of(
            "EmailAccountType", new Key(String.class, true),
            "EmailAccountDescription", new Key(String.class, false),
            "EmailAccountName", new Key(String.class, false),
            "EmailAddress", new Key(String.class, false),
            "OutgoingPasswordSameAsIncomingPassword", new Key(Boolean.class, false));

    private static final Map<String, Key> SERVER = Map.of(
            "MailServerAuthentication", new Key(String.class, true),
            "MailServerHostName", new Key(String.class, true),
            "MailServerPortNumber", new Key(Integer.class, false),
            "MailServerUseSSL", new Key(Boolean.class, false),
            "MailServerUsername", new Key(String.class, false));

    /// Reads a property list by our description of them; what is none is refused.
    private static Element root(String document) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setValidating(true);
        DocumentBuilder builder = factory.newDocumentBuilder();
        builder.setEntityResolver((name, _) -> {
            assertEquals("-//Apple//DTD PLIST 1.0//EN", name);
            return new InputSource(
                    Objects.requireNonNull(AppleProfileTest.class.getResourceAsStream("propertylist.dtd")));
        });
        builder.setErrorHandler(new ErrorHandler() {
            @Override
            public void warning(SAXParseException e) throws SAXException {
                throw e;
            }

            @Override
            public void error(SAXParseException e) throws SAXException {
                throw e;
            }

            @Override
            public void fatalError(SAXParseException e) throws SAXException {
                throw e;
            }
        });
        return builder.parse(new ByteArrayInputStream(document.getBytes(UTF_8))).getDocumentElement();
    }

    /// A property list as a reader sees it: a key, and beside it a value.
    private static Map<String, Object> dict(Element dict) {
        assertEquals("dict", dict.getTagName());
        Map<String, Object> members = new LinkedHashMap<>();
        List<Element> parts = DocumentsTest.children(dict);
        for (int i = 0; i < parts.size(); i += 2) {
            assertEquals(null, members.put(parts.get(i).getTextContent(), value(parts.get(i + 1))), "a key twice");
        }
        return members;
    }

    private static Object value(Element value) {
        return switch (value.getTagName()) {
            case "string" -> value.getTextContent();
            case "integer" -> Integer.valueOf(value.getTextContent());
            case "true" -> true;
            case "array" ->
                DocumentsTest.children(value).stream()
                        .map(AppleProfileTest::dict)
                        .toList();
            default -> throw new AssertionError("no value of a profile: " + value.getTagName());
        };
    }

    private static Map<String, Object> profile(String document) throws Exception {
        return dict(DocumentsTest.children(root(document)).getFirst());
    }

    @SuppressWarnings("unchecked") // by value()
    private static Map<String, Object> account(Map<String, Object> profile) {
        List<Map<String, Object>> payloads = (List<Map<String, Object>>) profile.get("PayloadContent");
        assertEquals(1, payloads.size());
        return payloads.getFirst();
    }

    /// No key but those, each of its kind, and all that must be there.
    private static void has(Map<String, Object> dict, Map<String, Key> keys) {
        dict.forEach((name, value) -> {
            Key key = keys.get(name);
            assertTrue(key != null && key.kind().isInstance(value), name + " = " + value);
        });
        keys.forEach((name, key) -> assertTrue(!key.must() || dict.containsKey(name), name));
    }

    static List<String> addresses() {
        return List.of(
                ADDRESS,
                "a-b_c.d+e=f@example.org",
                "ann@xn--fiqs8s.xn--kpry57d",
                "x".repeat(64) + "@" + "y".repeat(63) + "." + "z".repeat(63) + "." + "w".repeat(60) + ".test",
                "<script>\"]]>&#0;@example.org");
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void hasTheKeysThatAppleDescribesAndNoOther(String address) throws Exception {
        Map<String, Object> profile = profile(AppleProfile.of(address, HOST));
        Map<String, Key> whole = new TreeMap<>(EVERY_PAYLOAD);
        whole.put("PayloadContent", new Key(List.class, true));
        has(profile, whole);
        Map<String, Key> mail = new TreeMap<>(EVERY_PAYLOAD);
        mail.putAll(MAIL);
        SERVER.forEach((name, key) -> {
            mail.put("Incoming" + name, key);
            mail.put("Outgoing" + name, key);
        });
        has(account(profile), mail);
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void saysAllOfTheAccountButThePassword(String address) throws Exception {
        String domain = address.substring(address.lastIndexOf('@') + 1);
        Map<String, Object> profile = profile(AppleProfile.of(address, HOST));
        Map<String, Object> account = account(profile);
        Map<String, Object> said = new TreeMap<>(account);
        said.keySet().removeIf(key -> key.equals("PayloadUUID") || key.equals("PayloadIdentifier"));
        Map<String, Object> expected = new TreeMap<>(Map.of(
                "PayloadType",
                "com.apple.mail.managed",
                "PayloadVersion",
                1,
                "PayloadDisplayName",
                address,
                "EmailAccountType",
                "EmailTypePOP",
                "EmailAccountDescription",
                domain,
                "EmailAddress",
                address,
                "OutgoingPasswordSameAsIncomingPassword",
                true));
        Map.of("Incoming", 995, "Outgoing", 465).forEach((way, port) -> {
            expected.put(way + "MailServerAuthentication", "EmailAuthPassword");
            expected.put(way + "MailServerHostName", HOST);
            expected.put(way + "MailServerPortNumber", port);
            expected.put(way + "MailServerUseSSL", true);
            expected.put(way + "MailServerUsername", address);
        });
        assertEquals(expected, said);
        assertEquals("Configuration", profile.get("PayloadType"));
        assertEquals(1, profile.get("PayloadVersion"));
        assertEquals(domain, profile.get("PayloadOrganization"));
        for (Map<String, Object> payload : List.of(profile, account)) {
            String id = payload.get("PayloadUUID").toString();
            assertEquals(id, UUID.fromString(id).toString());
            assertTrue(payload.get("PayloadIdentifier").toString().endsWith("." + id));
        }
        assertNotEquals(account.get("PayloadUUID"), profile.get("PayloadUUID"));
    }

    @Test
    void openedAgainItTakesThePlaceOfTheOneBefore() {
        assertEquals(AppleProfile.of(ADDRESS, HOST), AppleProfile.of(ADDRESS, HOST));
    }

    @Test
    void theDescriptionRefusesWhatIsNoPropertyList() {
        String document = AppleProfile.of(ADDRESS, HOST);
        for (String wrong : List.of(
                document.replace("<true/>", "<yes/>"),
                document.replace("<key>PayloadVersion</key>", ""),
                document.replace("version=\"1.0\">\n  <dict", "version=\"2.0\">\n  <dict"))) {
            assertNotEquals(document, wrong);
            assertThrows(SAXException.class, () -> root(wrong));
        }
    }
}
