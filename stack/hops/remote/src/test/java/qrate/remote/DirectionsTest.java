package qrate.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Verdict;
import qrate.remote.routes.TimedOut;

/// What is said of the way to a host; that the way is taken so, RemoteRoutingTest shows of the same classes.
class DirectionsTest {
    @TempDir
    Path control;

    @Test
    void namesTheServersInTurnAndThoseThatAreLeftAlone() throws Exception {
        try (Rig rig = new Rig(control)) {
            rig.dns
                    .put("there.test", "MX", "20 b.test.")
                    .put("there.test", "MX", "10 a.test.")
                    .put("a.test", "A", "192.0.2.1")
                    .put("b.test", "A", "192.0.2.2");
            rest(rig, "192.0.2.1");
            List<String> said = new ArrayList<>();
            assertInstanceOf(Verdict.Delivered.class, new Directions(rig.surroundings).to("there.test", said::add));
            assertEquals(
                    List.of(
                            "smtproutes: there is none",
                            "MX: 10 a.test: 192.0.2.1",
                            "MX: 20 b.test: 192.0.2.2",
                            "left alone for now, since it timed out (qmail-tcpto): 192.0.2.1 port 25 (a.test)",
                            "would be tried: 192.0.2.2 port 25 (b.test)"),
                    said);
            rest(rig, "192.0.2.2");
            assertInstanceOf(Verdict.Later.class, new Directions(rig.surroundings).to("there.test", said::add));
            assertEquals(List.of(), rig.dialled);
            assertInstanceOf(Verdict.Later.class, rig.send(), "and so it is");
            assertEquals(List.of(), rig.dialled);
        }
    }

    private static void rest(Rig rig, String address) {
        InetAddress server = InetAddress.ofLiteral(address);
        TimedOut memory = new TimedOut(rig.surroundings.clock(), rig.surroundings.timeouts(), rig.surroundings.log());
        for (int i = 0; i < TimedOut.TIMES; i++) {
            memory.timedOut(server);
            rig.now.addAndGet(TimedOut.APART.toMillis());
        }
    }
}
