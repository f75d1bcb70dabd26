package qrate.zone.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.UUID;

/// An account for Mail of iPhone, iPad and Mac: opened there, it asks for the password and nothing else.
public final class AppleProfile {
    /// Its type, by which a telephone knows what to do.
    public static final String TYPE = "application/x-apple-aspen-config";

    private static final String PLAIN_PASSWORD = "EmailAuthPassword"; // inside TLS

    private AppleProfile() {}

    /// @param address of the account, which is its login
    /// @param host whom mail programs speak with, in ASCII
    public static String of(String address, String host) {
        String domain = address.substring(address.lastIndexOf('@') + 1);
        Xml xml = new Xml()
                .line("<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
                        + "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">")
                .open("plist", "version", "1.0")
                .open("dict");
        xml.leaf("key", "PayloadContent").open("array").open("dict");
        string(xml, "EmailAccountDescription", domain);
        string(xml, "EmailAccountType", "EmailTypePOP");
        string(xml, "EmailAddress", address);
        server(xml, "Incoming", MailService.POP3S, address, host);
        server(xml, "Outgoing", MailService.SUBMISSIONS, address, host);
        xml.leaf("key", "OutgoingPasswordSameAsIncomingPassword").empty("true");
        payload(xml, "com.apple.mail.managed", "mail", address);
        xml.close().close();
        string(xml, "PayloadDescription", "Mail of " + address);
        string(xml, "PayloadOrganization", domain);
        payload(xml, "Configuration", "profile", address);
        return xml.close().close().text();
    }

    private static void server(Xml xml, String way, MailService service, String address, String host) {
        string(xml, way + "MailServerAuthentication", PLAIN_PASSWORD);
        string(xml, way + "MailServerHostName", host);
        xml.leaf("key", way + "MailServerPortNumber").leaf("integer", Integer.toString(service.port()));
        xml.leaf("key", way + "MailServerUseSSL").empty("true");
        string(xml, way + "MailServerUsername", address);
    }

    /// The names are the same each time: a profile that is opened again takes the place of the one before.
    private static void payload(Xml xml, String type, String part, String address) {
        UUID id = UUID.nameUUIDFromBytes(("qrate " + part + " " + address).getBytes(UTF_8));
        string(xml, "PayloadDisplayName", address);
        string(xml, "PayloadIdentifier", "qrate." + part + "." + id);
        string(xml, "PayloadType", type);
        string(xml, "PayloadUUID", id.toString());
        xml.leaf("key", "PayloadVersion").leaf("integer", "1");
    }

    private static void string(Xml xml, String key, String value) {
        xml.leaf("key", key).leaf("string", value);
    }
}
