package qrate.spf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The examples of RFC 7208 appendix A, with the zone that it has for them.
class SpfAppendixTest {
    private static final List<String> CLIENTS = List.of(
            "192.0.2.10",
            "192.0.2.11",
            "192.0.2.65",
            "192.0.2.66",
            "192.0.2.128",
            "192.0.2.129",
            "192.0.2.130",
            "192.0.2.131",
            "192.0.2.140",
            "192.0.2.143",
            "10.0.0.4");

    private SpfFixture dns;

    @BeforeEach
    void start() throws IOException {
        dns = SpfFixture.start();
        dns.put("example.com", "MX", "10 mail-a.example.com.")
                .put("example.com", "MX", "20 mail-b.example.com.")
                .put("example.com", "A", "192.0.2.10")
                .put("example.com", "A", "192.0.2.11")
                .put("amy.example.com", "A", "192.0.2.65")
                .put("bob.example.com", "A", "192.0.2.66")
                .put("mail-a.example.com", "A", "192.0.2.129")
                .put("mail-b.example.com", "A", "192.0.2.130")
                .put("www.example.com", "CNAME", "example.com.")
                .put("example.org", "MX", "10 mail-c.example.org.")
                .put("mail-c.example.org", "A", "192.0.2.140")
                .put("10.2.0.192.in-addr.arpa", "PTR", "example.com.")
                .put("11.2.0.192.in-addr.arpa", "PTR", "example.com.")
                .put("65.2.0.192.in-addr.arpa", "PTR", "amy.example.com.")
                .put("66.2.0.192.in-addr.arpa", "PTR", "bob.example.com.")
                .put("129.2.0.192.in-addr.arpa", "PTR", "mail-a.example.com.")
                .put("130.2.0.192.in-addr.arpa", "PTR", "mail-b.example.com.")
                .put("140.2.0.192.in-addr.arpa", "PTR", "mail-c.example.org.")
                .put("4.0.0.10.in-addr.arpa", "PTR", "bob.example.com.");
    }

    @AfterEach
    void stop() throws IOException {
        dns.close();
    }

    private String passing(String domain) {
        return String.join(
                " ",
                CLIENTS.stream()
                        .filter(client -> dns.mailFrom(client, "ann@" + domain) instanceof SpfResult.Pass)
                        .map(client -> client.substring(client.lastIndexOf('.') + 1))
                        .toList());
    }

    /// A.1; the last bytes of the addresses that pass.
    @ParameterizedTest
    @CsvSource({
        "v=spf1 +all, 10 11 65 66 128 129 130 131 140 143 4",
        "v=spf1 a -all, 10 11",
        "v=spf1 a:example.org -all, ''",
        "v=spf1 mx -all, 129 130",
        "v=spf1 mx:example.org -all, 140",
        "v=spf1 mx mx:example.org -all, 129 130 140",
        "v=spf1 mx/30 mx:example.org/30 -all, 128 129 130 131 140 143",
        "v=spf1 ptr -all, 10 11 65 66 129 130",
        "v=spf1 ip4:192.0.2.128/28 -all, 128 129 130 131 140 143"
    })
    void simpleExamples(String record, String passing) {
        dns.txt("example.com", record);
        assertEquals(passing, passing("example.com"));
    }

    /// A.2
    @Test
    void severalDomainsShareARecord() {
        dns.txt("example.com", "v=spf1 mx -all")
                .txt("example.net", "v=spf1 ip4:192.0.2.65 -all")
                .txt("example.org", "v=spf1 include:example.com include:example.net -all")
                .txt("la.example.org", "v=spf1 redirect=example.org");
        assertEquals("65 129 130", passing("la.example.org"));
    }

    /// A.3
    @Test
    void usersAreListedAsInABlackList() {
        dns.txt("example.com", "v=spf1 mx include:mobile-users._spf.%{d} include:remote-users._spf.%{d} -all")
                .txt("mobile-users._spf.example.com", "v=spf1 exists:%{l1r+}.%{d}")
                .txt("remote-users._spf.example.com", "v=spf1 exists:%{ir}.%{l1r+}.%{d}")
                .put("mary.mobile-users._spf.example.com", "A", "127.0.0.2")
                .put("15.15.168.192.joel.remote-users._spf.example.com", "A", "127.0.0.2");
        assertEquals("pass", dns.mailFrom("203.0.113.1", "mary@example.com").word());
        assertEquals(
                "pass", dns.mailFrom("203.0.113.1", "mary+list@example.com").word());
        assertEquals("pass", dns.mailFrom("192.168.15.15", "joel@example.com").word());
        assertEquals("fail", dns.mailFrom("192.168.15.16", "joel@example.com").word());
        assertEquals("pass", dns.mailFrom("192.0.2.129", "joel@example.com").word());
    }

    /// A.4
    @Test
    void severalConditionsMustHold() {
        dns.txt("example.com", "v=spf1 -include:ip4._spf.%{d} -include:ptr._spf.%{d} +all")
                .txt("ip4._spf.example.com", "v=spf1 -ip4:192.0.2.0/24 +all")
                .txt("ptr._spf.example.com", "v=spf1 -ptr:example.com +all");
        assertEquals("10 11 65 66 129 130", passing("example.com"));
    }
}
