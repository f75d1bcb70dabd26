package qrate.migration;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import qrate.core.Body;
import qrate.core.Envelope;
import qrate.core.Recipient;
import qrate.core.Verdict;
import qrate.queue.Queue;

/// Hands the old queue's mail to ours, exactly once over crashes.
///
/// The queue accepts a report about a message, and that one of its recipients is done, in one record. So a message of
/// our own, which is held and never goes out, has one recipient for each message of a batch: a message that is handed
/// over and its mark are one record. Which mark is whose is noted before. A run that comes after an interrupted one
/// reads
/// the marks, and does the rest.
final class QueuePart {
    /// Messages of one batch.
    static final int BATCH_MESSAGES = 500;

    private static final String BEGUN = "begun";
    private static final String DONE = "done";
    private static final String BATCH = "queue batch";
    private static final String GUARD = "guard@import.invalid";
    private static final Pattern ACCEPTED = Pattern.compile(".* qp ([0-9]+)");
    private static final Pattern SLOT = Pattern.compile("([0-9]+) ([0-9]+)");
    private static final int BOUNCE_CHARS_MAX = 1000;

    private final Take take;
    private final Opener opener;

    /// Opens our queue, which nobody else may have open.
    @FunctionalInterface
    interface Opener {
        /// @throws IOException when the running send has it
        Opened open() throws IOException;
    }

    /// Our queue, open.
    interface Opened extends AutoCloseable {
        Queue queue();

        @Override
        void close() throws IOException;
    }

    QueuePart(Take take, Opener opener) {
        this.take = take;
        this.opener = opener;
    }

    /// One message to hand over.
    ///
    /// @param key names it in the record: its number and a digest of it, since numbers are given again
    private record Letter(String key, Path content, Envelope envelope) {}

    void run(Source source, Rewriting rewriting) throws IOException {
        Optional<Path> queue = source.part("queue").map(Source::root);
        if (queue.isEmpty() || !Files.isDirectory(queue.get().resolve("mess"))) {
            take.report().note("queue: there is none");
            return;
        }
        if (!take.dry() && take.options().queue() && isHeld(queue.get().resolve("lock/sendmutex"))) {
            throw new IOException("queue: the old qmail-send is running: stop it, or its mail goes out twice");
        }
        List<Letter> letters = new ArrayList<>();
        for (OldQueue.Message message : new OldQueue(queue.get(), rewriting).messages()) {
            letter(message).ifPresent(letters::add);
        }
        int recipients = letters.stream()
                .mapToInt(letter -> letter.envelope.recipients().size())
                .sum();
        String words = letters.size() + " messages for " + recipients + " recipients";
        if (!take.options().queue()) {
            if (!letters.isEmpty()) {
                take.report()
                        .note("queue: " + words + " wait: --queue takes them, once the old qmail-send has stopped");
            }
        } else if (take.dry() && !letters.isEmpty()) {
            take.report().change("hand over the queue: " + words);
        } else if (!take.dry() && (!letters.isEmpty() || interrupted())) {
            try (Opened ours = opener.open()) {
                hand(ours.queue(), letters);
            }
            if (!letters.isEmpty()) {
                take.report().change("hand over the queue: " + words + "; their time in the queue begins anew");
            }
        }
    }

    private boolean interrupted() {
        return take.notes().get(BATCH).equals(Optional.of(BEGUN));
    }

    /// Whether a file is locked by somebody on this machine; other machines cannot be asked.
    private static boolean isHeld(Path lock) throws IOException {
        if (!Source.exists(lock)) {
            return false;
        }
        long inode = ((Number) Files.getAttribute(lock, "unix:ino")).longValue();
        try {
            Pattern line = Pattern.compile("\\d+: FLOCK .* [0-9a-f]+:[0-9a-f]+:" + inode + " .*");
            return Files.readAllLines(Path.of("/proc/locks"), UTF_8).stream()
                    .anyMatch(text -> line.matcher(text).matches());
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    private Optional<Letter> letter(OldQueue.Message message) throws IOException {
        String where = "queue/mess/" + message.number();
        if (!message.bounce().isEmpty()) {
            String text = message.bounce();
            take.report()
                    .leftOut(
                            "queue/bounce/" + message.number(),
                            "its sender has not heard: "
                                    + text.substring(0, Math.min(BOUNCE_CHARS_MAX, text.length())));
        }
        return switch (message.outcome()) {
            case OldQueue.Outcome.Over _ -> Optional.empty();
            case OldQueue.Outcome.Unfinished _ -> {
                take.report().note(where + ": never accepted, so its sender will try again");
                yield Optional.empty();
            }
            case OldQueue.Outcome.Broken(String why) -> {
                take.report().leftOut(where, why);
                yield Optional.empty();
            }
            case OldQueue.Outcome.Owed owed -> {
                try {
                    String key = "mess " + message.number() + " " + digest(message.content());
                    Envelope envelope = new Envelope(
                            owed.sender(),
                            "",
                            owed.recipients().stream().map(Recipient::of).toList());
                    yield take.notes().get(key).equals(Optional.of(DONE))
                            ? Optional.empty()
                            : Optional.of(new Letter(key, message.content(), envelope));
                } catch (IOException e) {
                    take.report().leftOut(where, Source.why(e));
                    yield Optional.empty();
                } catch (IllegalArgumentException e) {
                    take.report().leftOut(where, String.valueOf(e.getMessage()));
                    yield Optional.empty();
                }
            }
        };
    }

    private static String digest(Path file) throws IOException {
        if (!Source.attributes(file).isRegularFile()) {
            throw new IOException("no regular file");
        }
        try (var in = Files.newInputStream(file)) {
            var digest = java.security.MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return java.util.HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private void hand(Queue queue, List<Letter> letters) throws IOException {
        if (interrupted()) {
            dropStrays(queue);
        }
        List<Letter> fresh = new ArrayList<>();
        Map<Long, List<Letter>> begun = new HashMap<>();
        for (Letter letter : letters) {
            Matcher slot = SLOT.matcher(take.notes().get(letter.key).orElse(""));
            if (slot.matches()) {
                begun.computeIfAbsent(Long.parseLong(slot.group(1)), _ -> new ArrayList<>())
                        .add(letter);
            } else {
                fresh.add(letter);
            }
        }
        for (Map.Entry<Long, List<Letter>> batch : begun.entrySet()) {
            finish(queue, batch.getKey(), batch.getValue());
        }
        for (int from = 0; from < fresh.size(); from += BATCH_MESSAGES) {
            List<Letter> batch = fresh.subList(from, Math.min(from + BATCH_MESSAGES, fresh.size()));
            finish(queue, carrier(queue, batch), batch);
        }
        take.notes().put(BATCH, DONE);
    }

    /// A message of ours that nobody gets: its first recipient stays owed until the batch is over.
    private long carrier(Queue queue, List<Letter> batch) throws IOException {
        List<Recipient> marks = new ArrayList<>(List.of(Recipient.of(GUARD)));
        batch.forEach(letter -> marks.add(Recipient.of("mark@import.invalid")));
        take.notes().put(BATCH, BEGUN);
        take.target().steps().at("carrier");
        Verdict verdict = queue.accept(
                new Envelope(Envelope.DOUBLE_BOUNCE_SENDER, "", marks),
                Body.of("Subject: marks of an import; it is held, and goes when that is over\n\n".getBytes(UTF_8)));
        Matcher accepted = ACCEPTED.matcher(verdict.text());
        if (!(verdict instanceof Verdict.Delivered) || !accepted.matches()) {
            throw new IOException("queue: " + verdict.text());
        }
        long id = Long.parseLong(accepted.group(1));
        take.target().steps().at("carrier accepted");
        queue.hold(id, true);
        Map<String, String> slots = new HashMap<>();
        for (int i = 0; i < batch.size(); i++) {
            slots.put(batch.get(i).key, id + " " + (i + 1));
        }
        take.notes().put(slots);
        return id;
    }

    private void finish(Queue queue, long carrier, List<Letter> batch) throws IOException {
        List<Queue.State> marks;
        try {
            marks = queue.read(carrier).states();
        } catch (Queue.Gone _) {
            for (Letter letter : batch) {
                take.report()
                        .leftOut(
                                letter.key,
                                "whether it was handed over cannot be told: message " + carrier
                                        + " was deleted from the queue");
            }
            return;
        }
        Map<String, String> done = new HashMap<>();
        for (Letter letter : batch) {
            Matcher slot = SLOT.matcher(take.notes().get(letter.key).orElse(""));
            int mark = slot.matches() ? Integer.parseInt(slot.group(2)) : 0;
            boolean owed = mark > 0 && mark < marks.size() && marks.get(mark) instanceof Queue.State.Pending;
            if (!owed || one(queue, carrier, mark, letter)) {
                done.put(letter.key, DONE);
            }
        }
        take.notes().put(done);
        take.target().steps().at("drop");
        queue.drop(carrier);
        take.target().steps().at("dropped");
    }

    /// @return false when our queue will never take it
    private boolean one(Queue queue, long carrier, int mark, Letter letter) throws IOException {
        take.target().steps().at("hand " + letter.key);
        Verdict verdict = queue.reported(
                carrier,
                letter.envelope,
                Body.of(letter.content),
                new Queue.Told(List.of(new Queue.Ending.Done(mark)), false));
        take.target().steps().at("handed " + letter.key);
        return switch (verdict) {
            case Verdict.Delivered _ -> true;
            case Verdict.Later(String why) -> throw new IOException("queue: " + why);
            case Verdict.Never(String why) -> {
                take.report().leftOut(letter.key, why);
                yield false;
            }
        };
    }

    /// A run that ended before it noted such a message, or before it dropped it, left one that is nobody's.
    private void dropStrays(Queue queue) throws IOException {
        List<Long> ids = new ArrayList<>();
        queue.owed(owed -> ids.add(owed.id()));
        for (long id : ids) {
            Envelope envelope = queue.read(id).envelope();
            boolean ours = envelope.sender().equals(Envelope.DOUBLE_BOUNCE_SENDER)
                    && envelope.recipients().getFirst().address().equals(GUARD);
            boolean known = take.notes().names(id + " ");
            if (ours && !known) {
                queue.drop(id);
            }
        }
    }
}
