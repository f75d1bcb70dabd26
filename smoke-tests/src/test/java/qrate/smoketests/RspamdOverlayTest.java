package qrate.smoketests;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// rspamd in a container of its own.
@Timeout(900)
class RspamdOverlayTest extends OnOverlay {
    private static final String GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X";

    @BeforeAll
    @Override
    void up() throws IOException {
        stack = prepared("rspamd");
        stack.set("QRATE_RSPAMD_INTERNAL", "true");
        asked("inet:11332@rspamd name=rspamd");
    }

    @Test
    void whatIsSurelySpamIsRefusedAndOtherMailArrives() throws IOException {
        Target.Login box = stack.mailbox("rita");
        // smtpd sees the new control file within a second
        await().atMost(SOON).untilAsserted(() -> {
            String reply = sent(box, GTUBE);
            assertTrue(reply.startsWith("554 5.7.1 Gtube pattern"), reply);
        });
        String reply = sent(box, "Good day, Rita. The minutes of Monday are on the table in the hall.");
        assertTrue(reply.startsWith("250 "), reply);
        await().atMost(SOON).until(() -> arrived("rita", "Monday"));
    }

    @Test
    void itSharesANetworkWithSmtpdAlone() throws IOException {
        assertEquals("true", stack.network("rspamd", "{{.Internal}}"));
        assertNotEquals(
                0, stack.inside("rspawn", "nc -w 1 rspamd 11332 </dev/null").code());
        assertEquals(0, stack.inside("smtpd", "nc -w 1 rspamd 11332 </dev/null").code());
    }
}
