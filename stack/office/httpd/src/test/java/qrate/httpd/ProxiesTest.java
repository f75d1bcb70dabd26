package qrate.httpd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Whom a request is from.
class ProxiesTest {
    private static String client(String peer, List<String> forwarded, List<String> forwardedFor) throws Exception {
        return Proxies.client(
                        InetAddress.ofLiteral(peer),
                        new Proxies.Said(forwarded, forwardedFor, List.of()),
                        address -> address.getHostAddress().startsWith("10."))
                .address();
    }

    private static String forwarded(String... values) throws Exception {
        return client("10.0.0.1", List.of(values), List.of());
    }

    private static String forwardedFor(String... values) throws Exception {
        return client("10.0.0.1", List.of(), List.of(values));
    }

    @Test
    void aStrangerIsWhoeverItConnectsFrom() throws Exception {
        assertEquals("192.0.2.1", client("192.0.2.1", List.of("for=198.51.100.1"), List.of("198.51.100.1")));
    }

    @Test
    void theFarthestHopToTheRightThatIsNoProxyOfOursCounts() throws Exception {
        assertEquals("198.51.100.1", forwardedFor("198.51.100.1"));
        assertEquals("198.51.100.1", forwardedFor("203.0.113.9, 198.51.100.1"));
        assertEquals("198.51.100.1", forwardedFor("203.0.113.9", "198.51.100.1,10.0.0.2"));
        assertEquals("10.0.0.3", forwardedFor("10.0.0.3, 10.0.0.2"));
        assertEquals("10.0.0.1", forwardedFor("203.0.113.9, unknown"));
        assertEquals("10.0.0.1", forwardedFor("", ",,"));
        assertEquals("10.0.0.1", forwardedFor());
    }

    @Test
    void readsForwardedAsItsRfcWritesIt() throws Exception {
        assertEquals("192.0.2.43", forwarded("for=192.0.2.43, for=10.0.0.7"));
        assertEquals("2001:db8:cafe:0:0:0:0:17", forwarded("For=\"[2001:db8:cafe::17]:4711\""));
        assertEquals("192.0.2.60", forwarded("for=192.0.2.60;proto=http;by=203.0.113.43"));
        assertEquals("192.0.2.60", forwarded("by=\"a,for=1.2.3.4\";for=\"192.0.2.60:80\""));
        assertEquals("10.0.0.1", forwarded("for=_hidden"));
        assertEquals("10.0.0.1", forwarded("proto=https"));
    }

    @Test
    void takesAddressesAsProxiesWriteThem() throws Exception {
        assertEquals("192.0.2.1", forwardedFor("192.0.2.1:8443"));
        assertEquals("2001:db8:0:0:0:0:0:1", forwardedFor("[2001:db8::1]:8443"));
        assertEquals("2001:db8:0:0:0:0:0:1", forwardedFor("2001:db8::1"));
        for (String nonsense : List.of("localhost", "fe80::1%eth0", "a".repeat(9000), "::::", "256.1.1.1", "[", "]:")) {
            assertEquals("10.0.0.1", forwardedFor(nonsense));
        }
    }

    @Test
    void twoHeadersThatNameTwoClientsAreRefused() throws Exception {
        assertEquals("192.0.2.1", client("10.0.0.1", List.of("for=192.0.2.1"), List.of("192.0.2.1")));
        assertThrows(
                Proxies.Contradiction.class, () -> client("10.0.0.1", List.of("for=192.0.2.2"), List.of("192.0.2.1")));
    }
}
