package qrate.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.arc.Chain;
import qrate.dmarc.PolicyOverride;

/// Whom ARC is believed of: sealers that `control/dmarcexceptions` names.
class GateSealersTest {
    private static final Chain NONE = new Chain.None();
    private static final String PASSED = "dmarc=pass header.from=author.test";

    @TempDir
    Path folder;

    private GateFixture gate;

    @BeforeEach
    void start() throws IOException {
        gate = new GateFixture(folder);
        gate.client = "198.51.100.1";
        gate.publish("k._domainkey.third.test", GateFixture.record());
        gate.control("dmarc", "refuse").control("dmarcexceptions", "arc=Other.test");
    }

    @AfterEach
    void stop() throws IOException {
        gate.close();
    }

    private boolean passes(String message) throws IOException {
        return gate.judged(message).ruling() instanceof Ruling.Passed;
    }

    private static Chain behind(String domain) {
        return new Chain.Pass(List.of(new Chain.Link(1, domain, "k", domain, "")), false);
    }

    @Test
    void whatPassedDmarcAtASealerThatIsNamedPassesHere() throws IOException {
        String sealed = GateFixture.sealed(GateFixture.MESSAGE, NONE, "other.test", PASSED);
        Judgement judgement = gate.judged(sealed);
        assertEquals(new Ruling.Passed(), judgement.ruling());
        assertEquals("spf=fail dkim=none arc=pass dmarc=fail", GateFixture.words(judgement));
        assertEquals(
                List.of(new PolicyOverride(PolicyOverride.Kind.LOCAL_POLICY, "arc=pass as[1].d=other.test as[1].s=k")),
                judgement.told().orElseThrow().outcome().wish().overrides());
        assertFalse(passes(sealed.replace("Good", "Bad")), "another message under the same seal");
        gate.control("dmarcexceptions", "arc=third.test", "other.test", ".other.test");
        assertFalse(passes(sealed), "a sealer that is not named");
    }

    @Test
    void aSealThatTellsOfSomethingElseIsWorthNothing() throws IOException {
        for (String found : List.of(
                "dmarc=fail header.from=author.test",
                "dmarc=pass header.from=third.test",
                "dmarc=pass",
                "dkim=pass header.from=author.test",
                "dmarc=\"pass")) {
            assertFalse(passes(GateFixture.sealed(GateFixture.MESSAGE, NONE, "other.test", found)), found);
        }
    }

    /// Who seals behind a host that is not believed repeats what it was told.
    @Test
    void oneThatIsNotNamedEndsTheChain() throws IOException {
        String stranger = GateFixture.sealed(GateFixture.MESSAGE, NONE, "third.test", PASSED);
        String repeated = GateFixture.sealed(stranger, behind("third.test"), "other.test", "dmarc=fail");
        assertFalse(passes(repeated));
        gate.control("dmarcexceptions", "arc=other.test", "arc=third.test");
        assertTrue(passes(repeated), "both are named, and the first of them saw it pass");
        gate.control("dmarcexceptions", "arc=third.test");
        assertFalse(passes(repeated), "the last one is not named");
    }

    @Test
    void aKeyOnTrialIsNotBelieved() throws IOException {
        gate.publish("k._domainkey.other.test", GateFixture.record().replace("k=rsa;", "k=rsa; t=y;"));
        assertFalse(passes(GateFixture.sealed(GateFixture.MESSAGE, NONE, "other.test", PASSED)));
    }
}
