package qrate.remote.policies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import qrate.dns.DnsClient;
import qrate.remote.Certificates;
import qrate.remote.FakeWeb;
import qrate.remote.session.Connector;
import qrate.remote.tls.Authorities;
import qrate.testkit.DnsServer;

class HttpsPoliciesTest {
    private static final Certificates WEB = Certificates.selfSigned("mta-sts.there.test", Duration.ofDays(1));

    @Test
    void givesUpOnAServerThatNeverEndsItsAnswer() throws Exception {
        try (FakeWeb web = new FakeWeb(WEB.server());
                DnsServer dns = DnsServer.start()) {
            dns.put("mta-sts.there.test", "A", "192.0.2.80");
            web.saying("");
            assertEquals("it took too long", failure(dns, web.port(), Duration.ofMillis(300)));
        }
    }

    @Test
    void saysInWordsWhatIsWrong() throws Exception {
        Certificates foreign = Certificates.selfSigned("authority.test", Duration.ofDays(1))
                .signs("mta-sts.there.test", Duration.ofDays(1));
        try (DnsServer dns = DnsServer.start()) {
            int port;
            try (FakeWeb web = new FakeWeb(foreign.server())) {
                port = web.port();
                assertEquals("mta-sts.there.test has no address", failure(dns, port, HttpsPolicies.EXCHANGE_MAX));
                dns.put("mta-sts.there.test", "A", "192.0.2.80");
                assertEquals(
                        "its certificate is signed by nobody who is trusted here",
                        failure(dns, port, HttpsPolicies.EXCHANGE_MAX));
            }
            assertEquals("no connection to mta-sts.there.test", failure(dns, port, HttpsPolicies.EXCHANGE_MAX));
            dns.fault("mta-sts.there.test", DnsServer.Fault.SERVFAIL);
            assertEquals("the resolver says SERVFAIL", failure(dns, port, HttpsPolicies.EXCHANGE_MAX));
        }
    }

    private static String failure(DnsServer dns, int port, Duration most) {
        return assertThrows(IOException.class, () -> policies(dns, port, most).fetch("there.test"))
                .getMessage();
    }

    private static HttpsPolicies policies(DnsServer dns, int port, Duration most) throws IOException {
        Connector connector = (_, wait) -> Connector.direct().connect(new InetSocketAddress("127.0.0.1", port), wait);
        DnsClient client =
                new DnsClient(() -> List.of(new InetSocketAddress("127.0.0.1", dns.port())), Duration.ofSeconds(5));
        return new HttpsPolicies(client, connector, Authorities.of(List.of(WEB.certificate())), most);
    }
}
