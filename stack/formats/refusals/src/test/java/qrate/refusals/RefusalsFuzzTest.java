package qrate.refusals;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import qrate.testkit.Fuzz;

class RefusalsFuzzTest {
    /// Entry points: {@link RefusalWords#explain}, {@link RefusalWords#wait}, {@link Advice#forSender}.
    @Test
    void replies() {
        Fuzz.Outcome outcome = Fuzz.run(
                "refusals",
                Fuzz.corpus(
                        "Connected to 192.0.2.1 but greeting failed.\nRemote host said: 421-4.7.28 try again in 300 s - gsmtp\n",
                        "192.0.2.1_failed./Remote_host_said:_550_5.7.515_Access_denied,_outlook.com/",
                        "Remote host said: 553 5.7.1 [BL21] wait 99999999999 hours",
                        "Remote host said: 552-(#5.2.2) mailbox full"),
                bytes -> {
                    String text = new String(bytes, UTF_8);
                    RefusalWords.explain(text).ifPresent(advice -> {
                        assertFalse(advice.meaning().isBlank());
                        assertFalse(advice.forSender(text).action().chars().anyMatch(Character::isISOControl));
                    });
                    RefusalWords.wait(text).ifPresent(wait -> assertTrue(wait.compareTo(RefusalWords.WAIT_MAX) <= 0));
                });
        assertTrue(outcome.runs() > 0);
    }
}
