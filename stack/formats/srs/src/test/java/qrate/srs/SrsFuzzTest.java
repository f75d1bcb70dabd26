package qrate.srs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import qrate.testkit.Fuzz;

class SrsFuzzTest {
    private static final Srs SRS = new Srs(
            "here.test",
            new Srs.Terms(List.of("a secret of ours"), 21),
            _ -> false,
            () -> Instant.ofEpochSecond(1_700_000_000));

    /// Entry points: {@link Srs#forward}, {@link Srs#reverse}.
    @Test
    void addresses() {
        Fuzz.Outcome outcome = Fuzz.run(
                "srs",
                Fuzz.corpus(
                        "ann@far.test",
                        "SRS0=abcd=AB=far.test=ann@one.test",
                        "SRS1+abcd=one.test==abcd=AB=far.test=ann@two.test"),
                bytes -> {
                    String address = new String(bytes, UTF_8);
                    SRS.reverse(address);
                    if (SRS.forward(address) instanceof SrsResult.Changed(var made)) {
                        assertTrue(made.indexOf("@here.test") > 0);
                        String back = ((SrsResult.Changed) SRS.reverse(made)).address();
                        assertTrue(made.startsWith("SRS1")
                                || back.startsWith(address.substring(0, address.lastIndexOf('@'))));
                        assertEquals(-1, back.substring(back.lastIndexOf('@')).indexOf('='));
                    }
                });
        assertTrue(outcome.runs() > 0);
    }
}
