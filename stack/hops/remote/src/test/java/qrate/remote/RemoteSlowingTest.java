package qrate.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import qrate.core.Verdict;

class RemoteSlowingTest extends RemoteOnRig {
    private static final String RATE = "421-4.7.28 Gmail has detected an unusual rate of mail.\r\n421 4.7.28 x - gsmtp";

    @Test
    void dialsAHostThatAskedForLessOnlyAfterAWhileAndOthersMeanwhile() throws Exception {
        try (FakeSmtp busy = new FakeSmtp(Polite.server().on("MAIL", RATE));
                FakeSmtp other = new FakeSmtp(Polite.server())) {
            rig.there(busy);
            rig.dns.put("other.test", "MX", "10 mx.other.test.").put("mx.other.test", "A", "192.0.2.2");
            rig.at("192.0.2.2", other.port());
            assertInstanceOf(Verdict.Later.class, rig.send());
            int dialled = rig.dialled.size();
            Verdict paused = rig.send();
            assertInstanceOf(Verdict.Later.class, paused);
            assertTrue(paused.text().startsWith("Left alone until "), paused.text());
            assertTrue(paused.text().contains("Remote host said: 421-4.7.28 Gmail"), paused.text());
            assertEquals(dialled, rig.dialled.size());
            assertInstanceOf(
                    Verdict.Delivered.class,
                    rig.send("me@client.test", "you@other.test").getFirst());
            rig.now.addAndGet(SlowedHosts.PAUSE.toMillis());
            Verdict again = rig.send();
            assertTrue(again.text().contains("sender was rejected"), again.text());
        }
    }
}
