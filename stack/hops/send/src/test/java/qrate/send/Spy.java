package qrate.send;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import qrate.core.Spawner;
import qrate.core.Verdict;

/// A spawner that keeps its jobs, and answers by a rule or when the test says so.
final class Spy implements Spawner {
    /// One delivery that was started.
    record Started(Job job, Delivery delivery, Answers answers) {
        void answer(Verdict verdict) {
            answers.answer(delivery.number(), verdict);
        }
    }

    final List<Job> jobs = new ArrayList<>();
    final List<Started> open = new ArrayList<>();
    final List<String> settled = new ArrayList<>();
    Function<Delivery, Optional<Verdict>> rule = _ -> Optional.empty();
    boolean ready = true;

    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public void start(Job job, Answers answers) {
        jobs.add(job);
        for (Delivery delivery : job.deliveries()) {
            Optional<Verdict> verdict = rule.apply(delivery);
            if (verdict.isPresent()) {
                answers.answer(delivery.number(), verdict.get());
            } else {
                open.add(new Started(job, delivery, answers));
            }
        }
    }

    /// Answers everything that is open.
    void answerAll(Verdict verdict) {
        List<Started> now = List.copyOf(open);
        open.clear();
        now.forEach(started -> started.answer(verdict));
    }

    void always(Verdict verdict) {
        rule = _ -> Optional.of(verdict);
    }

    /// Recipients started so far, in order.
    List<String> recipients() {
        return jobs.stream()
                .flatMap(job -> job.deliveries().stream())
                .map(delivery -> delivery.recipient().address())
                .toList();
    }

    @Override
    public void settled(long id, List<Integer> numbers) {
        settled.add(id + ":" + numbers);
    }

    @Override
    public void close() {
        answerAll(new Verdict.Later("closed"));
    }
}
