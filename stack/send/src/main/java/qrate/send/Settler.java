package qrate.send;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import qrate.core.Envelope;
import qrate.core.Spawner;
import qrate.core.Verdict;
import qrate.qcontrol.Channel;
import qrate.queue.Queue;
import qrate.queue.Queue.Ending;
import qrate.queue.Queue.Message;
import qrate.send.Active.Answer;
import qrate.send.Active.Order;
import qrate.send.Active.Stage;

/// Writes to the queue what the scheduler decided, one task a message, so that many share one sync; tells the
/// scheduler when it is durable.
final class Settler {
    /// Most bounces made at once, since each holds a copy of the original.
    private static final int BOUNCES_MAX = 8;

    private static final String TOO_LONG = "I'm not going to try again; this message has been in the queue too long.";
    private static final String ENDED_BY_HAND = "5.0.0 The administrator of this host ended the delivery.";

    private final Send.Hops hops;
    private final Queue queue;
    private final Bouncer bouncer;
    private final Executor executor;
    private final Consumer<Event> told;
    private final Semaphore bounces = new Semaphore(BOUNCES_MAX);

    Settler(Send.Hops hops, Bouncer bouncer, Executor executor, Consumer<Event> told) {
        this.hops = hops;
        this.queue = hops.queue();
        this.bouncer = bouncer;
        this.executor = executor;
        this.told = told;
    }

    /// What an answer means: a temporary failure of the last attempt is a failure (qmail-send(8), queuelifetime).
    static Verdict verdict(Answer answer) {
        return switch (answer.verdict) {
            case Verdict.Later(var text)
            when answer.flight.dying && !text.contains(Spawner.NO_ANSWER) ->
                new Verdict.Never(text.stripTrailing() + "\n" + TOO_LONG);
            case Verdict verdict -> verdict;
        };
    }

    /// Records the ends among the answers; durable when {@link Event.Settled} is told without trouble.
    void settle(Active a, List<Answer> answers) {
        List<Ending> endings = new ArrayList<>();
        for (Answer answer : answers) {
            switch (verdict(answer)) {
                case Verdict.Delivered _ -> endings.add(new Ending.Done(answer.number));
                case Verdict.Never(var why) -> endings.add(new Ending.Failed(answer.number, why));
                case Verdict.Later _ -> {
                    // nothing ended
                }
            }
        }
        if (endings.isEmpty()) {
            told.accept(new Event.Settled(a, answers, Optional.empty()));
            return;
        }
        executor.execute(() -> {
            try {
                report(a.message, answers);
                queue.settle(a.id(), endings);
            } catch (IOException | RuntimeException e) {
                told.accept(new Event.Settled(a, answers, Optional.of(e.toString())));
                return;
            }
            told.accept(new Event.Settled(a, answers, Optional.empty()));
            for (Channel channel : Channel.values()) {
                List<Integer> numbers = answers.stream()
                        .filter(answer -> answer.flight.channel == channel)
                        .filter(answer -> !(verdict(answer) instanceof Verdict.Later))
                        .map(answer -> answer.number)
                        .toList();
                if (!numbers.isEmpty()) {
                    hops.spawner(channel).settled(a.id(), numbers);
                }
            }
        });
    }

    /// Queues a report for recipients with NOTIFY=SUCCESS (RFC 3461 §5.2). A crash between this and the settling may
    /// send it twice, never not at all.
    private void report(Message message, List<Answer> answers) throws IOException {
        List<Answer> wanted = answers.stream()
                .filter(answer -> !answer.reported && answer.verdict instanceof Verdict.Delivered)
                .filter(answer -> Bouncer.notify(message, answer.number, "SUCCESS"))
                .toList();
        if (wanted.isEmpty() || message.envelope().sender().isEmpty() || isDouble(message)) {
            return;
        }
        Bouncer.Report report = bouncer.success(
                message,
                wanted.stream()
                        .map(answer -> new Bouncer.Success(answer.number, answer.flight.channel, answer.verdict.text()))
                        .toList());
        if (!(queue.accept(report.envelope(), report.body()) instanceof Verdict.Delivered)) {
            throw new IOException("the queue does not take a success report");
        }
        wanted.forEach(answer -> answer.reported = true);
    }

    /// Records that somebody is still owed after an attempt. Failing at it only means an attempt too early after a
    /// restart.
    void deferred(Active a, long attempted) {
        executor.execute(() -> {
            String trouble = "";
            try {
                queue.deferred(a.id(), Instant.ofEpochMilli(attempted));
            } catch (IOException | RuntimeException e) {
                trouble = e.toString();
            }
            told.accept(new Event.Rested(a, trouble));
        });
    }

    /// Ends a message: all its recipients are over, or the administrator says so.
    void end(Active a) {
        Order order = a.order;
        List<Integer> owed = new ArrayList<>();
        for (int i = 0; i < a.stages.length; i++) {
            if (a.stages[i] != Stage.OVER) {
                owed.add(i);
            }
        }
        boolean refused = a.refused;
        if (owed.isEmpty() && !refused) {
            told.accept(new Event.Ended(a, List.of("end msg " + a.id()), true));
            return;
        }
        executor.execute(() -> {
            try {
                if (order == Order.DROP) {
                    queue.drop(a.id());
                    told.accept(new Event.Ended(
                            a, List.of("dropped msg " + a.id() + " by hand", "end msg " + a.id()), true));
                    return;
                }
                if (!owed.isEmpty()) {
                    List<Ending> endings = new ArrayList<>();
                    owed.forEach(number -> endings.add(new Ending.Failed(number, ENDED_BY_HAND)));
                    queue.settle(a.id(), endings);
                }
                bounce(a);
            } catch (IOException | RuntimeException e) {
                told.accept(new Event.Ended(
                        a, List.of("warning: trouble injecting bounce message for msg " + a.id() + ": " + e), false));
            }
        });
    }

    private void bounce(Active a) throws IOException {
        bounces.acquireUninterruptibly();
        try {
            Message message = queue.read(a.id());
            List<String> lines = new ArrayList<>();
            if (isDouble(message)) {
                queue.drop(a.id());
                lines.add("triple bounce: discarding bounce/" + a.id());
            } else {
                Optional<Bouncer.Report> report = bouncer.failure(message);
                if (report.isEmpty()) {
                    queue.drop(a.id());
                } else {
                    Verdict verdict = queue.bounced(
                            a.id(), report.get().envelope(), report.get().body());
                    if (!(verdict instanceof Verdict.Delivered)) {
                        throw new IOException(verdict.text());
                    }
                    lines.add("bounce msg " + a.id() + " qp " + qp(verdict.text()));
                }
            }
            lines.add("end msg " + a.id());
            told.accept(new Event.Ended(a, lines, true));
        } finally {
            bounces.release();
        }
    }

    private static boolean isDouble(Message message) {
        return message.envelope().sender().equals(Envelope.DOUBLE_BOUNCE_SENDER);
    }

    /// The number in `ok 1764000000 qp 17`.
    private static String qp(String text) {
        int at = text.lastIndexOf(" qp ");
        return at < 0 ? "0" : Texts.oneWord(text.substring(at + 4));
    }
}
