package qrate.spf;

import java.io.IOException;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Map;
import qrate.dns.DnsClient;
import qrate.testkit.DnsServer;

/// A zone of its own and a client at an address.
final class SpfFixture implements AutoCloseable {
    final DnsServer server;
    private SpfPolicy policy = SpfPolicy.of("mx.here.test");

    private SpfFixture(DnsServer server) {
        this.server = server;
    }

    static SpfFixture start() throws IOException {
        return new SpfFixture(DnsServer.start());
    }

    SpfFixture policy(SpfPolicy other) {
        policy = other;
        return this;
    }

    SpfFixture txt(String name, String text) {
        server.put(name, "TXT", SpfScenario.strings(text));
        return this;
    }

    /// Takes the place of what the name had.
    SpfFixture only(String name, String text) {
        server.remove(name);
        return txt(name, text);
    }

    SpfFixture put(String name, String type, String data) {
        server.put(name, type, data);
        return this;
    }

    /// Without a memory: records change from one question to the next.
    SpfResult mailFrom(String address, String sender) {
        return spf(InstantSource.system()).mailFrom(client(address), sender);
    }

    Spf spf(InstantSource clock) {
        return new Spf(DnsClient.forgetful(Map.of("QRATE_DNS", server.hostAndPort())), clock, policy);
    }

    static SpfClient client(String address) {
        return new SpfClient(InetAddress.ofLiteral(address), "mail.client.test");
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
