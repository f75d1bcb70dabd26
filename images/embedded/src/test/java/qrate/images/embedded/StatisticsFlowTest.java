package qrate.images.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.MailDay;

/// What mail a domain had is counted where it goes through, and shown by admin, whoever was started anew meanwhile; and
/// what becomes of mail for names that nobody has.
class StatisticsFlowTest {
    @TempDir
    private Path folder;

    private static String ledger(Installation here) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> days = Files.list(here.state().queue().resolve("ledger"))) {
            for (Path day : days.toList()) {
                all.append(Files.readString(day, UTF_8));
            }
        }
        return all.toString();
    }

    private static MailDay sum(Installation here) throws IOException {
        try (EditableDirectory directory = here.directory()) {
            return directory.mailDays("example.test").stream()
                    .reduce(MailDay.none(LocalDate.now(ZoneOffset.UTC)), MailDay::plus);
        }
    }

    private static void awaitSum(Installation here, String expected) {
        await().atMost(Installation.SOON).untilAsserted(() -> {
            MailDay sum = sum(here);
            assertEquals(
                    expected,
                    "received " + sum.received() + " sent " + sum.sent() + " bounced " + sum.bounced() + " refused "
                            + sum.refused());
        });
    }

    @Test
    void whatPassedIsCountedOnceOverEveryRestart() throws Exception {
        try (Installation here = Installation.start(folder)) {
            assertTrue(here.send("one", Installation.ANN, Installation.BOB).startsWith("250 "));
            try (Talk talk = here.submission(Installation.ANN)) {
                String letter = Installation.letter(Installation.ANN, "two");
                assertTrue(talk.message(Installation.ANN, List.of(Installation.BOB), letter)
                        .startsWith("250 "));
            }
            try (Talk talk = here.smtp()) {
                talk.say("MAIL FROM:<someone@elsewhere.test>");
                assertTrue(talk.say("RCPT TO:<nobody@example.test>").startsWith("550 "));
                assertTrue(talk.say("RCPT TO:<nobody@far.test>").startsWith("5"));
            }
            here.box(Installation.BOB, 2);
            here.drained();
            here.stop();
            here.start();
            awaitSum(here, "received 3 sent 1 bounced 0 refused 1");
            here.stop();
            here.start();
            awaitSum(here, "received 3 sent 1 bounced 0 refused 1");
        }
    }

    @Test
    void mailForNobodyIsThrownAwayWhereTheDomainSaysSo() throws Exception {
        try (Installation here = Installation.start(folder)) {
            try (EditableDirectory directory = here.directory()) {
                Installation.done(
                        directory.apply(new Edit.SetCatchAll("example.test", EditableDirectory.Domain.DROPS)));
            }
            Installation.settle();
            assertTrue(here.send("nothing", "nobody@example.test").startsWith("250 "));
            assertTrue(here.send("something", Installation.ANN).startsWith("250 "));
            here.box(Installation.ANN, 1);
            here.drained();
            await().atMost(Installation.SOON)
                    .until(() -> ledger(here)
                            .contains("success: Nobody_has_this_address,_and_its_mail_is_thrown_away./did_0+0+0/"));
            try (EditableDirectory directory = here.directory()) {
                Installation.done(directory.apply(new Edit.SetCatchAll("example.test", "")));
            }
            Installation.settle();
            assertTrue(here.send("nothing", "nobody@example.test").startsWith("5"));
        }
    }
}
