package qrate.zone.clients;

/// What Thunderbird and those who do as it does fetch from `autoconfig.DOMAIN`, or from below `.well-known` of the
/// domain.
public final class Autoconfig {
    /// Name of the host that is asked, before the domain.
    public static final String HOST_PREFIX = "autoconfig.";

    /// Where it is fetched there.
    public static final String PATH = "/mail/config-v1.1.xml";

    /// Where it is fetched from the domain itself.
    public static final String WELL_KNOWN = "/.well-known/autoconfig" + PATH;

    private Autoconfig() {}

    /// The document, the same for every address of a domain: its reader puts the address in.
    ///
    /// @param domain in ASCII
    /// @param host whom mail programs speak with, in ASCII
    public static String of(String domain, String host) {
        Xml xml = new Xml().open("clientConfig", "version", "1.1").open("emailProvider", "id", domain);
        xml.leaf("domain", domain);
        xml.leaf("displayName", domain);
        xml.leaf("displayShortName", domain);
        for (boolean reads : new boolean[] {true, false}) {
            for (MailService service : MailService.values()) {
                if (service.reads() == reads) {
                    server(xml, service, host);
                }
            }
        }
        return xml.close().close().text();
    }

    private static void server(Xml xml, MailService service, String host) {
        xml.open(service.reads() ? "incomingServer" : "outgoingServer", "type", service.reads() ? "pop3" : "smtp");
        xml.leaf("hostname", host);
        xml.leaf("port", Integer.toString(service.port()));
        xml.leaf("socketType", service.tlsAtOnce() ? "SSL" : "STARTTLS");
        xml.leaf("authentication", "password-cleartext"); // inside TLS
        xml.leaf("username", "%EMAILADDRESS%");
        xml.close();
    }
}
