package qrate.qcontrol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import qrate.testkit.Seeds;

/// The parsers of the control socket and of `queue`'s command line, with whatever comes.
class ControlPropertyTest {
    private static final String ALPHABET = "0123456789:,=abKNZ \0\n\u00e9\u2028@<>-";

    private static String text(Random random, int most) {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(most + 1); left > 0; left--) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    private static List<String> words(Random random, int most) {
        List<String> words = new ArrayList<>();
        for (int left = random.nextInt(most + 1); left > 0; left--) {
            words.add(text(random, 30));
        }
        return words;
    }

    @Test
    void everyListOfWordsComesBackAsItWas() {
        Seeds.forAll(500, random -> {
            List<String> words = words(random, 20);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try {
                WordList.write(out, words);
                WordList.write(out, words);
                ByteArrayInputStream in = new ByteArrayInputStream(out.toByteArray());
                assertEquals(Optional.of(words), WordList.read(in, 20));
                assertEquals(Optional.of(words), WordList.read(in, 20));
                assertEquals(Optional.empty(), WordList.read(in, 20));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void noBytesMakeTheReaderFailInAnyOtherWayThanItSays() {
        Seeds.forAll(5000, random -> {
            byte[] bytes;
            if (random.nextBoolean()) {
                bytes = new byte[random.nextInt(60)];
                random.nextBytes(bytes);
            } else {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                try {
                    WordList.write(out, words(random, 5));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                bytes = out.toByteArray();
                for (int left = random.nextInt(3); left >= 0 && bytes.length > 0; left--) {
                    bytes[random.nextInt(bytes.length)] = (byte) ALPHABET.charAt(random.nextInt(15));
                }
            }
            try {
                WordList.read(new ByteArrayInputStream(bytes), WordList.REQUEST_WORDS_MAX)
                        .ifPresent(words -> assertTrue(words.size() <= WordList.REQUEST_WORDS_MAX));
            } catch (IOException _) {
                // refused, as it may be
            }
        });
    }

    @Test
    void everyItemComesBackAndBrokenAnswersAreRefused() {
        Seeds.forAll(2000, random -> {
            List<QueueControl.Item> items = new ArrayList<>();
            for (int left = random.nextInt(4); left > 0; left--) {
                items.add(item(random));
            }
            List<String> words = new ArrayList<>(Codec.items(items, true));
            try {
                assertEquals(items, Codec.readItems(words));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            for (int left = random.nextInt(3); left >= 0 && !words.isEmpty(); left--) {
                if (random.nextBoolean()) {
                    words.remove(random.nextInt(words.size()));
                } else {
                    words.set(random.nextInt(words.size()), text(random, 20));
                }
            }
            try {
                Codec.readItems(words);
                Codec.readStat(words);
            } catch (IOException _) {
                // refused, as it may be
            }
        });
    }

    private static QueueControl.Item item(Random random) {
        List<QueueControl.Line> lines = new ArrayList<>();
        for (int left = random.nextInt(4); left > 0; left--) {
            lines.add(new QueueControl.Line(
                    text(random, 20),
                    random.nextBoolean() ? Channel.LOCAL : Channel.REMOTE,
                    List.of(QueueControl.Progress.values()).get(random.nextInt(3)),
                    text(random, 40)));
        }
        return new QueueControl.Item(
                random.nextLong(),
                Instant.ofEpochMilli(random.nextLong(1L << 45)),
                text(random, 20),
                random.nextLong(1L << 40),
                Instant.ofEpochMilli(random.nextLong(1L << 45)),
                random.nextBoolean(),
                text(random, 20),
                text(random, 20),
                lines);
    }

    @Test
    void noCommandLineMakesTheSelectionFailInAnyOtherWayThanItSays() {
        List<String> options = List.of("--all", "--held", "--sender", "--recipient", "--domain", "--older", "--newer");
        Seeds.forAll(5000, random -> {
            List<String> words = words(random, 4);
            for (int left = random.nextInt(3); left > 0; left--) {
                words.add(random.nextInt(words.size() + 1), options.get(random.nextInt(options.size())));
            }
            if (random.nextInt(4) == 0) {
                words.add("99999999999999999999");
            }
            try {
                Selection which = Selection.read(words, Instant.EPOCH);
                which.fits(item(random));
                assertTrue(which.ids().isEmpty() || which.conditions().isEmpty());
            } catch (Selection.Unclear e) {
                assertTrue(!e.getMessage().isEmpty());
            }
        });
    }
}
