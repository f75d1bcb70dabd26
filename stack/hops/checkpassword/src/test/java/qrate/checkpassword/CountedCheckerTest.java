package qrate.checkpassword;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import qrate.checkpassword.PasswordChecker.Answer;
import qrate.checkpassword.PasswordChecker.Asker;
import qrate.core.Figure;

class CountedCheckerTest {
    @Test
    void eachAnswerIsCountedAndPassedOn() {
        PasswordChecker inner = new PasswordChecker() {
            @Override
            public Answer check(String login, byte[] password, Asker service, String remote) {
                return switch (login) {
                    case "ann" -> new Answer.Accepted("ann@example.test", Path.of("/"));
                    case "busy" -> new Answer.Throttled();
                    case "later" -> new Answer.Unavailable("gone");
                    default -> new Answer.Refused();
                };
            }

            @Override
            public boolean apop() {
                return true;
            }
        };
        CountedChecker counted = new CountedChecker(inner, Asker.POP3);
        for (String login : List.of("ann", "busy", "later", "bob", "cid")) {
            assertEquals(
                    inner.check(login, new byte[0], Asker.POP3, "127.0.0.1"),
                    counted.check(login, new byte[0], Asker.POP3, "127.0.0.1"));
        }
        assertTrue(counted.apop());
        counted.apop("ann", new PasswordChecker.Apop("<1@x>", "00"), Asker.POP3, "127.0.0.1");
        assertEquals(
                List.of(
                        Figure.LOGINS.of(1, "pop3", "accepted"),
                        Figure.LOGINS.of(3, "pop3", "refused"),
                        Figure.LOGINS.of(1, "pop3", "throttled"),
                        Figure.LOGINS.of(1, "pop3", "unavailable")),
                counted.samples());
    }
}
