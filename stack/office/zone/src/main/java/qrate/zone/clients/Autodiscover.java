package qrate.zone.clients;

import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// What Outlook asks of `autodiscover.DOMAIN`, or of whom `_autodiscover._tcp.DOMAIN` names, and is answered (POX).
public final class Autodiscover {
    /// Name of the host that is asked, before the domain.
    public static final String HOST_PREFIX = "autodiscover.";

    /// Where it is asked, in the spellings that programs have.
    public static final List<String> PATHS = List.of(
            "/autodiscover/autodiscover.xml", "/Autodiscover/Autodiscover.xml", "/AutoDiscover/AutoDiscover.xml");

    /// Longest question, in characters.
    static final int QUESTION_CHARS_MAX = 8_192;

    /// Deepest element of one.
    static final int DEPTH_MAX = 8;

    private static final String RESPONSE = "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006";
    private static final String ACCOUNT =
            "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a";

    private Autodiscover() {}

    /// How reading a question went.
    public sealed interface Question {
        /// For settings of a mail account.
        ///
        /// @param address as it was written
        record Settings(String address) implements Question {}

        /// For something else, as telephones ask Exchange.
        record Other() implements Question {}

        /// It is none.
        record Bad() implements Question {}
    }

    /// Reads a question.
    public static Question read(String text) {
        if (text.length() > QUESTION_CHARS_MAX) {
            return new Question.Bad();
        }
        try {
            return document(text.strip());
        } catch (XMLStreamException | RuntimeException _) { // the JDK's reader stumbles over some of its own messages
            return new Question.Bad();
        }
    }

    private static Question document(String text) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        XMLStreamReader xml = factory.createXMLStreamReader(new StringReader(text));
        Deque<String> path = new ArrayDeque<>();
        StringBuilder address = new StringBuilder();
        StringBuilder schema = new StringBuilder();
        try {
            while (xml.hasNext()) {
                switch (xml.next()) {
                    case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE -> {
                        return new Question.Bad();
                    }
                    case XMLStreamConstants.START_ELEMENT -> {
                        path.push(xml.getLocalName());
                        if (path.size() > DEPTH_MAX) {
                            return new Question.Bad();
                        }
                    }
                    case XMLStreamConstants.END_ELEMENT -> path.pop();
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA ->
                        leaf(path, address, schema).ifPresent(leaf -> leaf.append(xml.getText()));
                    default -> {
                        // comments, instructions, the end
                    }
                }
            }
        } finally {
            xml.close();
        }
        String asked = address.toString().strip();
        if (asked.isEmpty()) {
            return new Question.Bad();
        }
        return schema.isEmpty() || schema.toString().strip().equals(ACCOUNT)
                ? new Question.Settings(asked)
                : new Question.Other();
    }

    private static Optional<StringBuilder> leaf(Deque<String> path, StringBuilder address, StringBuilder schema) {
        return switch (String.join("<", path)) {
            case "EMailAddress<Request<Autodiscover" -> Optional.of(address);
            case "AcceptableResponseSchema<Request<Autodiscover" -> Optional.of(schema);
            default -> Optional.empty();
        };
    }

    /// The answer to a question for settings.
    ///
    /// @param address of the account, which is its login
    /// @param host whom mail programs speak with, in ASCII
    public static String settings(String address, String host) {
        Xml xml = response();
        xml.open("User").leaf("DisplayName", address).close();
        xml.open("Account").leaf("AccountType", "email").leaf("Action", "settings");
        for (MailService service : List.of(MailService.POP3S, MailService.SUBMISSIONS)) {
            xml.open("Protocol");
            xml.leaf("Type", service.reads() ? "POP3" : "SMTP");
            xml.leaf("Server", host);
            xml.leaf("Port", Integer.toString(service.port()));
            xml.leaf("LoginName", address);
            xml.leaf("DomainRequired", "off");
            xml.leaf("SPA", "off");
            xml.leaf("SSL", "on");
            xml.leaf("AuthRequired", "on");
            if (!service.reads()) {
                xml.leaf("UsePOPAuth", "on");
                xml.leaf("SMTPLast", "off");
            }
            xml.close();
        }
        return xml.close().close().close().text();
    }

    private static Xml response() {
        return new Xml().open("Autodiscover", "xmlns", RESPONSE).open("Response", "xmlns", ACCOUNT);
    }

    /// The answer to what is no question for settings: 600, or 601 to one for something else.
    public static String refusal(Question question) {
        boolean other = question instanceof Question.Other;
        Xml xml = new Xml()
                .open("Autodiscover", "xmlns", RESPONSE)
                .open("Response")
                .open("Error");
        xml.leaf("ErrorCode", other ? "601" : "600");
        xml.leaf("Message", other ? "There is no provider for the requested schema" : "Invalid request");
        xml.empty("DebugData");
        return xml.close().close().close().text();
    }
}
