package qrate.spawn;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import qrate.core.Spawner;
import qrate.core.Verdict;

/// A spawner that delivers by the first letter of the recipient: `k` and `z` and `d` are answered at once, `w` when the
/// test says so, `h` then as well, after its host let it wait, `x` by throwing.
final class Deliverer implements Spawner {
    final List<Job> jobs = new CopyOnWriteArrayList<>();
    final List<Integer> bodyHashes = new CopyOnWriteArrayList<>();
    final List<String> settled = new CopyOnWriteArrayList<>();
    /// what a test has it do when it is closed
    volatile Runnable closing = () -> {};

    final ConcurrentLinkedQueue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    @Override
    public void start(Job job, Answers answers) {
        if (job.deliveries().getFirst().recipient().address().startsWith("x")) {
            throw new IllegalStateException("broken");
        }
        bodyHashes.add(hash(job));
        jobs.add(job);
        for (Delivery delivery : job.deliveries().reversed()) {
            String address = delivery.recipient().address();
            switch (address.charAt(0)) {
                case 'h' -> {
                    answers.waits(true);
                    waiting.add(() -> {
                        answers.waits(false);
                        answers.answer(delivery.number(), new Verdict.Delivered("at last"));
                    });
                }
                case 'w' -> waiting.add(() -> answers.answer(delivery.number(), new Verdict.Delivered("at last")));
                default ->
                    answers.answer(
                            delivery.number(),
                            Verdict.of(Character.toUpperCase(address.charAt(0)), "said to " + address));
            }
        }
    }

    static int hash(Job job) {
        try (InputStream in = job.body().open()) {
            return Arrays.hashCode(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void answerWaiting() {
        for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
            next.run();
        }
    }

    @Override
    public void settled(long id, List<Integer> numbers) {
        settled.add(id + ":" + numbers);
    }

    @Override
    public void close() {
        closing.run();
        waiting.clear();
    }
}
