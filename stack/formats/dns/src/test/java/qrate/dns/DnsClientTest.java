package qrate.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.testkit.DnsServer;

/// What is asked of a resolver of our own, and what its answers mean. MX and addresses are tried by qmail-remote.
class DnsClientTest {
    private DnsServer server;
    private Dns dns;

    @BeforeEach
    void start() throws IOException {
        server = DnsServer.start();
        dns = DnsClient.of(Map.of("QRATE_DNS", server.hostAndPort()));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private static <T> List<T> found(Dns.Answer<T> answer) {
        return answer instanceof Dns.Answer.Found<T>(var all) ? all : List.of();
    }

    @Test
    void theStringsOfATextAreOneText() {
        server.put("a.test", "TXT", "\"v=spf1 \" \"mx -all\"").put("a.test", "TXT", "other");
        assertEquals(
                List.of("other", "v=spf1 mx -all"),
                found(dns.texts("a.test")).stream().sorted().toList());
        server.put("b.test", "A", "192.0.2.1");
        assertInstanceOf(Dns.Answer.NoData.class, dns.texts("b.test"));
        assertInstanceOf(Dns.Answer.NoSuchName.class, dns.texts("c.test"));
    }

    @Test
    void anAddressLeadsBackToNames() {
        server.put("25.2.0.192.in-addr.arpa", "PTR", "MX.a.test.")
                .put("1." + "0.".repeat(23) + "8.b.d.0.1.0.0.2.ip6.arpa", "PTR", "six.a.test.");
        assertEquals(List.of("mx.a.test"), found(dns.names(InetAddress.ofLiteral("192.0.2.25"))));
        assertEquals(List.of("six.a.test"), found(dns.names(InetAddress.ofLiteral("2001:db8::1"))));
        assertInstanceOf(Dns.Answer.NoSuchName.class, dns.names(InetAddress.ofLiteral("192.0.2.26")));
    }

    @Test
    void whatNobodyCouldTellIsNoAbsence() {
        server.fault("*", DnsServer.Fault.SERVFAIL);
        assertInstanceOf(Dns.Answer.Failed.class, dns.texts("a.test"));
        assertInstanceOf(Dns.Answer.Failed.class, dns.names(InetAddress.ofLiteral("192.0.2.25")));
    }

    @Test
    void readsOnlyNameserverLinesOfResolvConf() {
        var found = DnsClient.nameservers(List.of(
                "# x", "search evil.test", "nameserver 192.0.2.53", "nameserver\t2001:db8::53", "options ndots:9"));
        assertEquals(2, found.size());
        assertEquals("192.0.2.53", found.getFirst().getAddress().getHostAddress());
        assertFalse(DnsClient.nameservers(List.of()).isEmpty());
    }
}
