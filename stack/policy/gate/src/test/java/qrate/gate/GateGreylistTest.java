package qrate.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.dns.DnsClient;
import qrate.milter.MilterVerdict;

/// Whom the gate puts off.
class GateGreylistTest {
    private static final Duration DELAY = Duration.ofMinutes(5);

    @TempDir
    Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private GateFixture gate;

    @BeforeEach
    void start() throws IOException {
        gate = new GateFixture(folder);
        gate.asking(DnsClient.forgetful(Map.of("QRATE_DNS", gate.server.hostAndPort())), now::get);
        gate.control("greylist", "" + DELAY.toSeconds()).control("dmarc", "off");
        gate.client = "198.51.100.1";
        gate.sender = "ann@nospf.test";
    }

    @AfterEach
    void stop() throws IOException {
        gate.close();
    }

    private String code() throws IOException {
        return gate.shown(GateFixture.MESSAGE).code();
    }

    @Test
    void withoutTheFileNobodyIsPutOff() throws IOException {
        gate.control("greylist", "0");
        assertEquals("Pass", code());
    }

    @Test
    void aStrangerIsPutOffBeforeTheMessageIsSentAndTakenWhenItComesAgain() throws IOException {
        assertEquals(
                new MilterVerdict.Refuse(
                        451, List.of("4.7.1 We do not know you yet: please send this again in 300 seconds")),
                gate.shown(GateFixture.MESSAGE).verdict());
        assertTrue(gate.logged().contains("gate: 198.51.100.1: refused: 451 4.7.1 We do not know you"), gate.logged());
        now.updateAndGet(at -> at.plusSeconds(100));
        assertEquals("451 4.7.1", code());
        now.updateAndGet(at -> at.plusSeconds(200));
        gate.client = "198.51.100.77";
        assertEquals("Pass", code());
        gate.client = "198.51.101.77";
        assertEquals("451 4.7.1", code());
    }

    @Test
    void theFirstRecipientCounts() throws IOException {
        gate.recipients = List.of("bob@here.test", "eve@here.test");
        assertEquals("451 4.7.1", code());
        now.updateAndGet(at -> at.plus(DELAY));
        assertEquals("Pass", code());
        gate.recipients = List.of("bob@here.test", "cid@here.test");
        assertEquals("Pass", code());
        gate.recipients = List.of("eve@here.test");
        assertEquals("451 4.7.1", code());
    }

    @Test
    void whomASendersDomainVouchesForIsKnownFromWhereverItComes() throws IOException {
        gate.publish("many.test", "v=spf1 ip4:198.51.100.0/24 ip6:2001:db8::/32 -all");
        gate.sender = "ann@many.test";
        assertEquals("451 4.7.1", code());
        now.updateAndGet(at -> at.plus(DELAY));
        gate.client = "2001:db8:7::1";
        assertEquals("Pass", code());
        gate.client = "203.0.113.1"; // for which it does not
        assertEquals("451 4.7.1", code());
    }

    @Test
    void whoIsOursOrAllowedIsNeverPutOff() throws IOException {
        gate.control("dnsbl", "198.51.100.0/24 allow");
        assertEquals("Pass", code());
        gate.client = "203.0.113.1";
        gate.macros = Map.of("{auth_authen}", "ann@here.test");
        assertEquals("Pass", code());
    }

    @Test
    void whatIsRefusedAnywayIsNotPutOff() throws IOException {
        gate.control("spfbehavior", "3");
        gate.sender = "ann@author.test";
        assertEquals("550 5.7.23", code());
    }

    @Test
    void whoOnlyAsksWhatWouldBecomeOfAMessageIsNotCounted() throws IOException {
        assertEquals(new Ruling.Passed(), gate.judged(GateFixture.MESSAGE).ruling());
        now.updateAndGet(at -> at.plus(DELAY));
        assertEquals("451 4.7.1", code());
    }
}
