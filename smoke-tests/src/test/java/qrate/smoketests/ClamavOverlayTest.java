package qrate.smoketests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// ClamAV in a container of its own, with one signature: that of the file that every scanner takes for a virus.
@Timeout(900)
class ClamavOverlayTest extends OnOverlay {
    private static final String EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + "STANDARD-ANTIVIRUS-TEST-FILE!$H+H*";

    @BeforeAll
    @Override
    void up() throws IOException {
        stack = prepared("clamav");
        stack.set("QRATE_CLAMAV_INTERNAL", "true");
        String signature = "Eicar:0:*:" + HexFormat.of().formatHex(EICAR.getBytes(US_ASCII));
        String write = "echo '" + signature + "' >/var/lib/clamav/test.ndb";
        stack.compose("run", "--rm", "-T", "--entrypoint", "busybox", "clamav", "sh", "-c", write)
                .orFail();
        asked("inet:7357@clamav timeout=120 name=clamav");
    }

    @Test
    void aVirusIsRefusedAndOtherMailArrives() throws IOException {
        Target.Login box = stack.mailbox("cleo");
        await().atMost(SOON).untilAsserted(() -> {
            String reply = sent(box, EICAR);
            assertTrue(reply.startsWith("550 5.7.1 Your message carries Eicar"), reply);
        });
        String reply = sent(box, "Good day, Cleo. The minutes of Monday are on the table in the hall.");
        assertTrue(reply.startsWith("250 "), reply);
        await().atMost(SOON).until(() -> arrived("cleo", "X-Virus-Status: Clean"));
    }

    @Test
    void itSharesANetworkWithSmtpdAlone() throws IOException {
        assertEquals("true", stack.network("clamav", "{{.Internal}}"));
        assertNotEquals(
                0, stack.inside("rspawn", "nc -w 1 clamav 7357 </dev/null").code());
        assertEquals(0, stack.inside("smtpd", "nc -w 1 clamav 7357 </dev/null").code());
    }
}
