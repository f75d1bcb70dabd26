package qrate.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import qrate.core.Verdict;

/// What an address here sends on has a sender of ours at the next host.
class RemoteReversePathTest extends RemoteOnRig {
    private static final String BY_US = "SENTON=list.test RET=HDRS";

    private String from(String sender, String parameters) throws Exception {
        rig.control("locals", "list.test\nalso.test").control("virtualdomains", "virtual.test:virtual.test");
        rig.control("srs_secrets", "a secret of ours");
        try (FakeSmtp server = new FakeSmtp(Polite.server())) {
            rig.there(server);
            assertInstanceOf(
                    Verdict.Delivered.class,
                    rig.send(sender, parameters, RemoteDialogueTest.body("A: b\n\nc\n"), "you@there.test")
                            .getFirst());
            return server.commands().get(1);
        }
    }

    @Test
    void aStrangersSenderIsRewrittenInTheDomainThatSendsOn() throws Exception {
        String line = from("Ann@far.test", BY_US);
        assertTrue(line.matches("MAIL FROM:<SRS0=....=..=far.test=Ann@list.test>"), line);
    }

    @Test
    void whatIsNotSentOnLeavesWithItsSender() throws Exception {
        assertEquals("MAIL FROM:<ann@far.test>", from("ann@far.test", "RET=HDRS"));
    }

    @Test
    void ourOwnAndNobodyStayAsTheyAre() throws Exception {
        assertEquals("MAIL FROM:<ann@also.test>", from("ann@also.test", BY_US));
        assertEquals("MAIL FROM:<ann@virtual.test>", from("ann@virtual.test", BY_US));
        assertEquals("MAIL FROM:<>", from("", BY_US));
        assertEquals("MAIL FROM:<>", from("#@[]", BY_US));
    }

    @Test
    void aSenderThatWouldGrowTooLongGoesOnAsItIsAndTheLogSaysSo() throws Exception {
        String sender = "a".repeat(60) + "@far.test";
        assertEquals("MAIL FROM:<" + sender + ">", from(sender, BY_US));
        assertTrue(rig.logged().contains("goes on with its sender as it is: its local part would have 82 bytes"));
    }

    @Test
    void aDomainThatIsNotOursHasMailWait() throws Exception {
        rig.control("locals", "list.test")
                .control("srs_domain", "else.test")
                .control("srs_secrets", "a secret of ours");
        Verdict verdict = rig.send("ann@far.test", BY_US, RemoteDialogueTest.body("A: b\n\nc\n"), "you@there.test")
                .getFirst();
        assertEquals(new Verdict.Later("Unable to rewrite the sender: the log says why. (#4.3.5)\n"), verdict);
        assertTrue(rig.logged().contains("control/srs_domain: else.test is none of ours"), rig.logged());
    }

    @Test
    void switchedOffAllGoesOnAsItCame() throws Exception {
        rig.control("srs", "no");
        assertEquals("MAIL FROM:<ann@far.test>", from("ann@far.test", BY_US));
    }
}
