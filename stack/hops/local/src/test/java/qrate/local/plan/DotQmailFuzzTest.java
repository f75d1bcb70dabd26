package qrate.local.plan;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import qrate.address.Found;
import qrate.testkit.Fuzz;

class DotQmailFuzzTest {
    /// Entry point: {@link Found#parse}.
    @Test
    void dotqmail() {
        Fuzz.Outcome outcome = Fuzz.run(
                "dotqmail",
                Fuzz.corpus(
                        "# comment\n./Maildir/\n./mbox\n|program arg\n&a@b.test\nc@d.test\n+list\n",
                        "\n\n&x",
                        "|a\n",
                        "/abs/Maildir/  \n"),
                bytes -> Found.parse(
                        new String(bytes, StandardCharsets.UTF_8), bytes.length % 2 == 0, Optional.of("rest")));
        assertTrue(outcome.runs() > 0);
    }
}
