package qrate.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Envelope;
import qrate.core.Verdict;

/// The lines of a busy hour, read by a grammar written from qmail-log(5), which knows nothing else and believes
/// nothing.
class LogGrammarTest {
    /// Reads the log of one process from its first line, and fails at the first that is not as documented.
    private static final class Reader {
        private static final Pattern STATUS =
                Pattern.compile("status: local ([0-9]+)/([0-9]+) remote ([0-9]+)/([0-9]+)( exitasap)?");
        private static final Pattern NEW = Pattern.compile("new msg ([0-9]+)");
        private static final Pattern INFO =
                Pattern.compile("info msg ([0-9]+): bytes [0-9]+ from <([!-~]*)> qp ([0-9]+) uid [0-9]+");
        private static final Pattern BOUNCE = Pattern.compile("bounce msg ([0-9]+) qp ([0-9]+)");
        private static final Pattern TRIPLE = Pattern.compile("triple bounce: discarding bounce/([0-9]+)");
        private static final Pattern END = Pattern.compile("end msg ([0-9]+)");
        private static final Pattern STARTING =
                Pattern.compile("starting delivery ([0-9]+): msg ([0-9]+) to (local|remote) ([!-~]+)");
        private static final Pattern RESULT =
                Pattern.compile("delivery ([0-9]+): (success|failure|deferral): ([!-~]*)/");

        private final Set<Long> known = new HashSet<>();
        private final Set<Long> informed = new HashSet<>();
        private final Set<Long> failed = new HashSet<>();
        private final Set<Long> bounced = new HashSet<>();
        private final Map<Long, Long> flying = new HashMap<>();
        final Map<String, Integer> counts = new HashMap<>();
        private long deliveries;
        int messages;

        void line(String line) {
            for (Pattern pattern : List.of(STATUS, NEW, INFO, BOUNCE, TRIPLE, END, STARTING, RESULT)) {
                Matcher matcher = pattern.matcher(line);
                if (matcher.matches()) {
                    read(pattern, matcher, line);
                    return;
                }
            }
            throw new AssertionError("not a line of qmail-log(5): " + line);
        }

        private void read(Pattern pattern, Matcher m, String line) {
            long number = Long.parseLong(m.group(1));
            if (pattern == STATUS) {
                assertTrue(number <= Long.parseLong(m.group(2)), line);
                assertTrue(Long.parseLong(m.group(3)) <= Long.parseLong(m.group(4)), line);
            } else if (pattern == NEW) {
                assertTrue(known.add(number), "new twice: " + line);
                messages++;
            } else if (pattern == INFO) {
                assertTrue(known.contains(number) && informed.add(number), line);
            } else if (pattern == STARTING) {
                assertEquals(++deliveries, number, "numbers rise by one: " + line);
                assertTrue(informed.contains(Long.parseLong(m.group(2))), line);
                flying.put(number, Long.parseLong(m.group(2)));
            } else if (pattern == RESULT) {
                Long message = flying.remove(number);
                assertTrue(message != null, "not under way: " + line);
                counts.merge(m.group(2), 1, Integer::sum);
                if (m.group(2).equals("failure")) {
                    failed.add(message);
                }
            } else if (pattern == BOUNCE || pattern == TRIPLE) {
                assertTrue(failed.contains(number) && bounced.add(number), line);
                counts.merge(pattern == BOUNCE ? "bounce" : "triple", 1, Integer::sum);
            } else {
                assertTrue(known.remove(number), "ends what did not begin: " + line);
                assertTrue(!flying.containsValue(number), "ends under way: " + line);
                assertEquals(failed.contains(number), bounced.contains(number), line);
                counts.merge("end", 1, Integer::sum);
            }
        }

        void finished() {
            assertEquals(Map.of(), flying);
            assertEquals(Set.of(), known);
        }
    }

    @TempDir
    Path folder;

    /// Texts as other hosts give them.
    private static final List<String> TEXTS = List.of(
            "ok\n",
            "192.0.2.1 accepted message.\nRemote host said: 250 2.0.0 ok\n",
            "tab\tand  blanks \u0007 and \u00fcmlaut\n\n",
            "",
            "end msg 1\ndelivery 1: success: forged\n",
            "\u2028line\u0085ends\r\n");

    @Test
    void understandsEveryLineOfABusyHour() {
        Random random = new Random(5);
        Bench bench = new Bench(
                folder,
                Map.of(
                        "locals",
                        "here.example",
                        "concurrencylocal",
                        "5",
                        "concurrencyremote",
                        "7",
                        "queuelifetime",
                        "3000",
                        "doublebounceto",
                        "nobody"));
        MemoryQueue queue = new MemoryQueue(bench.clock);
        bench.boot(queue);
        for (Spy spy : List.of(bench.local, bench.remote)) {
            spy.rule = delivery -> Optional.of(answer(delivery.recipient().address(), random));
        }
        for (int second = 0; second < 3600; second++) {
            for (int left = random.nextInt(3); left > 0; left--) {
                queue.accept(envelope(random), Bench.body("Subject: x\n\nhello\n"));
            }
            bench.pass(Duration.ofSeconds(1));
        }
        for (int i = 0; i < 100; i++) {
            bench.pass(Duration.ofMinutes(10));
        }
        Reader reader = new Reader();
        bench.log().lines().forEach(reader::line);
        reader.finished();
        assertTrue(reader.messages > 3600, "messages and bounces: " + reader.messages);
        assertEquals(reader.messages, reader.counts.get("end"));
        for (String kind : List.of("success", "failure", "deferral", "bounce", "triple")) {
            assertTrue(reader.counts.getOrDefault(kind, 0) > 10, kind + ": " + reader.counts);
        }
    }

    private static Verdict answer(String address, Random random) {
        String text = TEXTS.get(random.nextInt(TEXTS.size()));
        if (address.startsWith("nobody")) {
            return new Verdict.Never(text);
        }
        return switch (random.nextInt(10)) {
            case 0 -> new Verdict.Never(text);
            case 1, 2 -> new Verdict.Later(text);
            default -> new Verdict.Delivered(text);
        };
    }

    private static Envelope envelope(Random random) {
        List<String> senders = List.of(
                "ann@far.example",
                "",
                "nobody@here.example",
                "a b>c@x",
                "\u00e4nn@far.example",
                "list-@far.example-@[]");
        String[] recipients = new String[1 + random.nextInt(3)];
        for (int i = 0; i < recipients.length; i++) {
            recipients[i] = List.of("bob", "b ob", "b\u00f6b").get(random.nextInt(3)) + i + "@"
                    + (random.nextBoolean() ? "here.example" : "far.example");
        }
        return Envelope.of(senders.get(random.nextInt(senders.size())), recipients);
    }
}
