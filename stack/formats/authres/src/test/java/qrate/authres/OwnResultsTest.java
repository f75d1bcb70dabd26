package qrate.authres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import qrate.core.Body;
import qrate.message.Header;

class OwnResultsTest {
    private static final String OURS = "Authentication-Results: MX.here.test;\n\tspf=pass smtp.mailfrom=ann@far.test\n";
    private static final String THEIRS = "Authentication-Results: mx.far.test; spf=fail\n";
    private static final String INSIDE = "Received: (qmail 17 invoked by alias); 30 Nov 2026 06:06:07 -0000\n";
    private static final String OUTSIDE =
            "Received: from far.test (192.0.2.7)\n  by mx.here.test with ESMTP; 30 Nov 2026 06:06:07 -0000\n";

    private static Optional<String> spf(String header) throws IOException {
        Header read = Header.of(Body.of((header + "Subject: x\n\nbody\n").getBytes(UTF_8)), OwnResults.WANTED);
        return OwnResults.of(read, "mx.here.test")
                .map(results -> results.results().getFirst().result());
    }

    @Test
    void whatStandsAboveTheLineOfOurDoorIsOurs() throws IOException {
        assertEquals(Optional.of("pass"), spf(OURS + OUTSIDE));
        assertEquals(Optional.of("pass"), spf(INSIDE + "Delivered-To: a@here.test\n" + INSIDE + OURS + OUTSIDE));
        assertEquals(Optional.of("pass"), spf(THEIRS + OURS + OUTSIDE));
    }

    @Test
    void whatStandsBelowItIsAStrangers() throws IOException {
        assertEquals(Optional.empty(), spf(OUTSIDE + OURS));
        assertEquals(Optional.empty(), spf(INSIDE + OUTSIDE + INSIDE + OURS));
        assertEquals(Optional.empty(), spf("received : by evil.test\n" + OURS));
    }

    @Test
    void othersNamesAndWhatMakesNoSenseTellNothing() throws IOException {
        assertEquals(Optional.empty(), spf(THEIRS + OUTSIDE));
        assertEquals(Optional.empty(), spf("Authentication-Results: mx.here.test; spf\n" + OUTSIDE));
        assertEquals(Optional.empty(), spf("Authentication-Results: mx.here.test 2; spf=pass\n" + OUTSIDE));
        assertEquals(Optional.empty(), spf(""));
    }

    @Test
    void aHeaderThatIsTooLongToBeSeenWholeTellsNothing() throws IOException {
        assertEquals(Optional.empty(), spf(OURS + THEIRS.repeat(300) + OUTSIDE));
    }
}
