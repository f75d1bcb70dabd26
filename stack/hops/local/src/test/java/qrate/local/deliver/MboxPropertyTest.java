package qrate.local.deliver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.testkit.Seeds;

/// Whatever is delivered into an mbox can be told apart again, and is what it was (mbox(5)).
class MboxPropertyTest {
    private static final String[] PIECES = {
        "From ",
        "From",
        "from ",
        ">",
        ">>From ",
        "\n",
        "\n\n",
        "F",
        " ",
        "x",
        "\r",
        "\0",
        "ä",
        "Subject: x",
        ">>>>",
        "From x D"
    };

    @TempDir
    Path folder;

    @Test
    void whatIsWrittenSplitsBackIntoTheSameMessages() {
        Seeds.forAll(300, random -> {
            List<String> messages = new ArrayList<>();
            for (int i = random.nextInt(5); i >= 0; i--) {
                messages.add(text(random));
            }
            try {
                assertEquals(messages.stream().map(MboxPropertyTest::ended).toList(), split(write(messages)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void deliveryAndTheReaderAgree() {
        Mbox mbox = new Mbox();
        Seeds.forAll(20, random -> {
            try {
                Path file = folder.resolve("mbox" + random.nextLong());
                List<String> expected = new ArrayList<>();
                for (int i = random.nextInt(4); i >= 0; i--) {
                    String message = text(random);
                    Mailing mailing = mailing(message);
                    mbox.append(file, mailing, Instant.EPOCH);
                    expected.add(ended(mailing.returnPath() + mailing.deliveredTo() + message));
                }
                assertEquals(expected, split(Files.readString(file, StandardCharsets.UTF_8)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static Mailing mailing(String message) {
        qrate.core.Spawner.Job job = Setting.job(1, "From here@example.org", message, "joe@h");
        return Mailing.of(job, job.deliveries().getFirst());
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(30); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    /// An mbox cannot tell a last line without its end from one with it.
    private static String ended(String message) {
        return message.isEmpty() || message.endsWith("\n") ? message : message + "\n";
    }

    private static String write(List<String> messages) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String message : messages) {
            Mbox.write(
                    out,
                    "From x Thu Jan  1 00:00:00 1970\n",
                    new ByteArrayInputStream(message.getBytes(StandardCharsets.UTF_8)));
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /// Reads as mbox(5) says: a message begins at `From `, ends before an empty line, and has one `>` less in front of
    /// each quoted line.
    private static List<String> split(String mbox) {
        List<String> messages = new ArrayList<>();
        StringBuilder message = new StringBuilder();
        boolean inside = false;
        for (String line : mbox.split("(?<=\n)", 0)) {
            if (line.startsWith("From ")) {
                if (inside) {
                    messages.add(withoutLastLine(message));
                }
                message.setLength(0);
                inside = true;
            } else {
                message.append(line.matches("(?s)>+From .*") ? line.substring(1) : line);
            }
        }
        messages.add(withoutLastLine(message));
        return messages;
    }

    private static String withoutLastLine(StringBuilder message) {
        assertEquals('\n', message.charAt(message.length() - 1), "an empty line ends a message");
        return message.substring(0, message.length() - 1);
    }
}
