package qrate.qcontrol;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/// Questions about messages and their answers as words, and back.
final class TraceCodec {
    private static final String VERB = "trace";
    private static final int PARTS = 3;

    private TraceCodec() {}

    static List<String> words(Trace.Query query) throws IOException {
        String numbers = query.since().toEpochMilli() + " " + query.before() + " " + query.limit();
        return List.of(VERB, query.whose().word(), query.word(), numbers);
    }

    static Trace.Query query(List<String> words) throws IOException {
        try {
            String[] numbers = words.get(PARTS).split(" ", PARTS);
            return new Trace.Query(
                    words.get(2),
                    Whose.of(words.get(1)),
                    Instant.ofEpochMilli(Long.parseLong(numbers[0])),
                    Long.parseLong(numbers[1]),
                    Math.clamp(Long.parseLong(numbers[2]), 1, Trace.MESSAGES_MAX));
        } catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeException e) {
            throw new IOException("a question that makes no sense", e);
        }
    }

    static List<String> words(Trace.Part part) {
        List<String> words = new ArrayList<>(List.of("" + part.next()));
        for (Trace.Way way : part.ways()) {
            words.addAll(List.of("" + way.id(), way.sender(), "" + way.bytes(), way.messageId()));
            words.add("" + way.from().size());
            way.from().forEach((name, value) -> words.addAll(List.of(name, value)));
            words.add("" + way.steps().size());
            for (Trace.Step step : way.steps()) {
                words.addAll(List.of("" + step.at().toEpochMilli(), step.kind().name(), step.address(), step.text()));
            }
        }
        return words;
    }

    static Trace.Part read(List<String> words) throws IOException {
        List<Trace.Way> ways = new ArrayList<>();
        Iterator<String> word = words.iterator();
        try {
            long next = Long.parseLong(word.next());
            while (word.hasNext()) {
                long id = Long.parseLong(word.next());
                String sender = word.next();
                long bytes = Long.parseLong(word.next());
                String messageId = word.next();
                Map<String, String> from = new LinkedHashMap<>();
                for (int left = Integer.parseInt(word.next()); left > 0; left--) {
                    from.put(word.next(), word.next());
                }
                List<Trace.Step> steps = new ArrayList<>();
                for (int left = Integer.parseInt(word.next()); left > 0; left--) {
                    steps.add(new Trace.Step(
                            Instant.ofEpochMilli(Long.parseLong(word.next())),
                            Trace.Kind.valueOf(word.next()),
                            word.next(),
                            word.next()));
                }
                ways.add(new Trace.Way(id, sender, bytes, messageId, from, steps));
            }
            return new Trace.Part(ways, next);
        } catch (IllegalArgumentException | NoSuchElementException | DateTimeException e) {
            throw new IOException("qmail-send answers what makes no sense", e);
        }
    }
}
