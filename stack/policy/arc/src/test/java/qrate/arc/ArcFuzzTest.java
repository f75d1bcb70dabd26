package qrate.arc;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import qrate.core.Body;
import qrate.dkim.Content;
import qrate.dkim.Limits;
import qrate.testkit.Fuzz;

class ArcFuzzTest {
    /// Entry points: {@link ArcVerifier#wanted}, {@link ArcVerifier#verify}, {@link ArcSealer#seal}.
    @Test
    void chains() throws IOException {
        try (Hops hops = new Hops()) {
            String one = hops.sealed(Hops.MESSAGE, 1);
            String two = hops.sealed(one, 2);
            ArcSealer.Findings findings = new ArcSealer.Findings("h3.test", List.of("arc=pass"));
            Fuzz.Outcome outcome = Fuzz.run("chains", Fuzz.corpus(one, two, two.replace("\n", "\r\n")), bytes -> {
                Chain chain = hops.chain(bytes);
                Content content =
                        Content.of(Body.of(bytes), Content.Form.SENT, Limits.USUAL, List.of(ArcSealer::wanted));
                ArcSealer.Sealed sealed =
                        ArcSealer.seal(content, chain, findings, Hops.key(3), (_, _) -> new byte[256], Hops.NOW);
                assertTrue(
                        !(sealed instanceof ArcSealer.Sealed.Done(var fields)) || fields.startsWith("ARC-Seal: i="),
                        sealed.toString());
            });
            assertTrue(outcome.runs() > 0);
        }
    }
}
