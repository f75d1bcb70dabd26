package qrate.smoketests;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A validating resolver in a container of its own.
@Timeout(900)
class UnboundOverlayTest extends OnOverlay {
    private static final String PORT = " 53 </dev/null";

    @BeforeAll
    @Override
    void up() throws IOException {
        stack = prepared("unbound");
        stack.set("QRATE_UNBOUND_INTERNAL", "true");
        stack.started();
    }

    @Test
    void itAnswersThoseWhoAskAndTheyBelieveIt() throws IOException {
        for (String service : new String[] {"rspawn", "admin"}) {
            String place =
                    stack.inside(service, "echo $QRATE_DNS").orFail().text().strip();
            assertEquals(
                    place,
                    stack.inside(service, "echo $QRATE_DNS_TRUSTED")
                            .orFail()
                            .text()
                            .strip());
            // of this name it knows without asking anybody (RFC 6761 §6.3)
            await().atMost(SOON).untilAsserted(() -> {
                String answer =
                        stack.inside(service, "nslookup localhost " + place).text();
                assertTrue(answer.contains("127.0.0.1"), answer);
            });
        }
    }

    @Test
    void nobodyElseReachesItAndItLeadsNowhere() throws IOException {
        for (String network : new String[] {"resolver", "resolver-admin"}) {
            assertEquals("true", stack.network(network, "{{.Internal}}"));
        }
        for (String service : new String[] {"smtpd", "send", "lspawn", "pop3d"}) {
            assertNotEquals(0, stack.inside(service, "nc -w 1 unbound" + PORT).code(), service);
        }
        for (String service : new String[] {"admin", "unbound"}) {
            assertNotEquals(
                    0,
                    stack.inside(service, "busybox nc -w 1 rspawn 630 </dev/null")
                            .code(),
                    service);
        }
    }
}
