package qrate.spf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import qrate.dns.DnsClient;
import qrate.testkit.DnsServer;

/// The table of `src/test/spf/scenarios.txt`.
class SpfScenariosTest {
    @TestFactory
    List<DynamicTest> whatRecordsSayOfAClient() throws IOException {
        return SpfScenario.all().stream()
                .map(one -> DynamicTest.dynamicTest(one.title(), () -> check(one)))
                .toList();
    }

    private static void check(SpfScenario scenario) throws IOException {
        try (DnsServer server = scenario.serve()) {
            var dns = DnsClient.of(Map.of("QRATE_DNS", server.hostAndPort()));
            Spf spf = new Spf(dns, InstantSource.system(), SpfPolicy.of("mx.here.test"));
            for (SpfScenario.Ask ask : scenario.asks()) {
                SpfResult result =
                        spf.mailFrom(new SpfClient(InetAddress.ofLiteral(ask.address()), ask.helo()), ask.sender());
                assertEquals(
                        ask.result(),
                        result.word(),
                        () -> ask.line() + ": " + result.reason() + " "
                                + result.findings().lookups());
            }
        }
    }
}
