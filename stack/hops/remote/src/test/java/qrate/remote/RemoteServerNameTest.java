package qrate.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Verdict;
import qrate.remote.tls.Authorities;

/// Which names are said to servers, and asked of DNS, where a domain has a policy or TLSA records: RFC 8461 §3.4 and
/// §7.1, RFC 7672 §8.1.
class RemoteServerNameTest {
    private static final Certificates MX = Certificates.selfSigned("mx.there.test");
    private static final Certificates WEB = Certificates.selfSigned("mta-sts.there.test");

    @TempDir
    Path control;

    private Rig rig;
    private FakeWeb web;

    @BeforeEach
    void start() throws IOException {
        rig = new Rig(control, Authorities.of(List.of(MX.certificate(), WEB.certificate())));
        web = new FakeWeb(WEB.server());
        web.serving("version: STSv1\nmode: enforce\nmx: mx.there.test\nmax_age: 86400\n");
        rig.dns.ttl(0).put("mta-sts.there.test", "A", "192.0.2.80");
        rig.at("192.0.2.80", web.port());
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
        web.close();
    }

    private static Polite server() {
        return Polite.server().secured(MX.server());
    }

    @Test
    void thePolicysHostAndTheExchangerAreAskedForByTheirNames() throws Exception {
        rig.dns.put("_mta-sts.there.test", "TXT", "\"v=STSv1; id=1;\"");
        try (FakeSmtp server = new FakeSmtp(server())) {
            rig.there(server);
            assertInstanceOf(Verdict.Delivered.class, rig.send());
            assertEquals(List.of("mx.there.test"), server.names());
        }
        assertEquals(List.of("mta-sts.there.test"), web.names());
    }

    @Test
    void theNameOfTheRecordsIsAskedForWhereTheExchangerIsAnAlias() throws Exception {
        rig.dns
                .validating()
                .put("there.test", "MX", "10 alias.there.test.")
                .put("alias.there.test", "CNAME", "mx.there.test.")
                .put("mx.there.test", "A", "192.0.2.1")
                .put("_25._tcp.mx.there.test", "TLSA", "3 1 1 " + MX.association(1, 1));
        try (FakeSmtp server = new FakeSmtp(server())) {
            rig.at("192.0.2.1", server.port());
            assertInstanceOf(Verdict.Delivered.class, rig.send());
            assertEquals(List.of("mx.there.test"), server.names());
        }
    }

    @Test
    void aPolicyOfTheDomainAboveIsNeverAskedFor() throws Exception {
        rig.dns
                .put("_mta-sts.there.test", "TXT", "\"v=STSv1; id=1;\"")
                .put("sub.there.test", "MX", "10 other.there.test.")
                .put("other.there.test", "A", "192.0.2.1");
        try (FakeSmtp server = new FakeSmtp(Polite.server())) {
            rig.at("192.0.2.1", server.port());
            assertInstanceOf(
                    Verdict.Delivered.class, rig.send("", "you@sub.there.test").getFirst());
        }
        assertEquals(List.of(), web.requests());
        List<String> asked = rig.dns.questions();
        assertTrue(asked.stream().anyMatch(one -> one.startsWith("_mta-sts.sub.there.test")), asked.toString());
        assertFalse(asked.stream().anyMatch(one -> one.startsWith("_mta-sts.there.test")), asked.toString());
    }
}
