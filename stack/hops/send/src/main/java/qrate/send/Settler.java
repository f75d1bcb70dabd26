package qrate.send;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import qrate.core.Envelope;
import qrate.core.Spawner;
import qrate.core.Verdict;
import qrate.ledger.Ledger;
import qrate.ledger.Origin;
import qrate.qcontrol.Channel;
import qrate.queue.Queue;
import qrate.queue.Queue.Ending;
import qrate.queue.Queue.Message;
import qrate.send.Active.Order;

/// Writes to the queue what the scheduler decided, one task a message, so that many share one sync; tells the
/// scheduler when it is durable.
final class Settler {
    /// Most bounces made at once, since each holds a copy of the original.
    private static final int BOUNCES_MAX = 8;

    /// A body up to this size is in memory as a rule, and its header read sooner than a task is started for it.
    private static final int READ_AT_ONCE_BYTES_MAX = 64 << 10;

    private static final String TOO_LONG = "I'm not going to try again; this message has been in the queue too long.";
    private static final String ENDED_BY_HAND = "5.0.0 The administrator of this host ended the delivery.";

    private final Send.Hops hops;
    private final Queue queue;
    private final Bouncer bouncer;
    private final Executor executor;
    private final InstantSource clock;
    private final Ledger ledger;
    private final int uid;
    private final Consumer<Event> told;
    private final Semaphore bounces = new Semaphore(BOUNCES_MAX);

    Settler(Send.Hops hops, Bouncer bouncer, Scheduler.Surroundings around, Consumer<Event> told) {
        this.hops = hops;
        this.queue = hops.queue();
        this.bouncer = bouncer;
        this.executor = around.executor();
        this.clock = around.clock();
        this.ledger = around.ledger();
        this.uid = around.uid();
        this.told = told;
    }

    /// What an answer means: a temporary failure of the last attempt is a failure (qmail-send(8), queuelifetime).
    static Verdict verdict(DeliveryAnswer answer) {
        return switch (answer.verdict()) {
            case Verdict.Later(var text)
            when answer.flight().dying() && isTried(text) -> new Verdict.Never(text.stripTrailing() + "\n" + TOO_LONG);
            case Verdict verdict -> verdict;
        };
    }

    /// Whether a temporary failure was an attempt. Only a spawner's own words say that it was none, and they stand in
    /// front: a remote host that says the same would be asked every five seconds for ever.
    static boolean isTried(String text) {
        return !text.startsWith(Spawner.NO_ANSWER);
    }

    /// Writes the first lines of a message, and where it came from.
    void announce(Message message) {
        ledger.line("new msg " + message.id());
        ledger.line(
                "info msg " + message.id() + ": bytes " + message.body().size() + " from <"
                        + Texts.oneWord(message.envelope().sender()) + "> qp " + message.id() + " uid " + uid,
                " recipients " + message.states().size());
        if (message.body().size() <= READ_AT_ONCE_BYTES_MAX) {
            tellOrigin(message);
        } else {
            executor.execute(() -> tellOrigin(message));
        }
    }

    private void tellOrigin(Message message) {
        String text;
        try {
            text = Origin.of(message.envelope().client(), message.body()).text();
        } catch (IOException | RuntimeException _) {
            return; // whoever delivers it says that it cannot be read
        }
        ledger.note("from msg " + message.id() + ":" + text);
    }

    /// Records the ends among the answers; durable when {@link Event.Settled} is told without trouble.
    void settle(Active a, List<DeliveryAnswer> answers) {
        List<Ending> endings = new ArrayList<>();
        for (DeliveryAnswer answer : answers) {
            switch (verdict(answer)) {
                case Verdict.Delivered _ -> endings.add(new Ending.Done(answer.number()));
                case Verdict.Never(var why) -> endings.add(new Ending.Failed(answer.number(), why));
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
                queue.settle(a.id(), report(a.message(), answers, endings));
            } catch (IOException | RuntimeException e) {
                told.accept(new Event.Settled(a, answers, Optional.of(e.toString())));
                return;
            }
            told.accept(new Event.Settled(a, answers, Optional.empty()));
            int failed = (int)
                    endings.stream().filter(Ending.Failed.class::isInstance).count();
            hops.limits().failed(a.message().envelope().client(), failed);
            for (Channel channel : Channel.values()) {
                List<Integer> numbers = answers.stream()
                        .filter(answer -> answer.flight().channel() == channel)
                        .filter(answer -> !(verdict(answer) instanceof Verdict.Later))
                        .map(answer -> answer.number())
                        .toList();
                if (!numbers.isEmpty()) {
                    hops.spawner(channel).settled(a.id(), numbers);
                }
            }
        });
    }

    /// Queues a report for recipients with NOTIFY=SUCCESS (RFC 3461 §5.2), with their ends in the same record, so that
    /// it is never sent twice.
    ///
    /// @return the endings that are left to be recorded
    private List<Ending> report(Message message, List<DeliveryAnswer> answers, List<Ending> endings)
            throws IOException {
        List<Bouncer.Success> wanted = answers.stream()
                .filter(answer -> answer.verdict() instanceof Verdict.Delivered)
                .filter(answer -> Bouncer.notify(message, answer.number(), "SUCCESS"))
                .filter(answer -> !Texts.opensWith(answer.verdict().text(), Spawner.REPORTS_ITSELF))
                .map(answer -> new Bouncer.Success(
                        answer.number(),
                        answer.flight().channel(),
                        answer.verdict().text()))
                .toList();
        if (wanted.isEmpty() || message.envelope().sender().isEmpty() || isDouble(message)) {
            return endings;
        }
        List<Ending> told = wanted.stream()
                .<Ending>map(one -> new Ending.Done(one.number()))
                .toList();
        Bouncer.Report report = bouncer.success(message, wanted);
        send(message.id(), report, new Queue.Told(told, false));
        return endings.stream().filter(ending -> !told.contains(ending)).toList();
    }

    /// {@link Verdict.Never} says that it was told before, and recorded then.
    private void send(long id, Bouncer.Report report, Queue.Told told) throws IOException {
        switch (queue.reported(id, report.envelope(), report.body(), told)) {
            case Verdict.Delivered(var text) -> ledger.note("report msg " + id + " qp " + qp(text));
            case Verdict.Never _ -> {
                // nothing is left to do
            }
            case Verdict.Later(var text) -> throw new IOException("the queue does not take a report: " + text);
        }
    }

    /// Tells a sender once that the message is late, if the control file says so (RFC 3461 §5.2.3).
    private void warn(Active a) throws IOException {
        Message message = a.message();
        boolean due = bouncer.isLate(message, clock.instant());
        if (!due || message.warned() || message.envelope().sender().isEmpty() || isDouble(message)) {
            return;
        }
        Optional<Bouncer.Report> report = bouncer.late(message, a.recipients().late());
        if (report.isPresent()) {
            send(message.id(), report.get(), new Queue.Told(List.of(), true));
        }
    }

    /// Records that somebody is still owed after an attempt. Failing at it only means an attempt too early after a
    /// restart.
    void deferred(Active a, long attempted) {
        executor.execute(() -> {
            String trouble = "";
            try {
                queue.deferred(a.id(), Instant.ofEpochMilli(attempted));
                warn(a);
            } catch (IOException | RuntimeException e) {
                trouble = e.toString();
            }
            told.accept(new Event.Rested(a, trouble));
        });
    }

    /// Ends a message: all its recipients are over, or the administrator says so.
    void end(Active a) {
        Order order = a.order();
        List<Integer> owed = a.recipients().unfinished();
        boolean refused = a.recipients().refused();
        if (owed.isEmpty() && !refused) {
            told.accept(new Event.Ended(a, List.of(), List.of("end msg " + a.id()), true));
            return;
        }
        executor.execute(() -> {
            try {
                if (order == Order.DROP) {
                    queue.drop(a.id());
                    told.accept(new Event.Ended(
                            a, List.of("dropped msg " + a.id() + " by hand"), List.of("end msg " + a.id()), true));
                    return;
                }
                if (!owed.isEmpty()) {
                    List<Ending> endings = new ArrayList<>();
                    owed.forEach(number -> endings.add(new Ending.Failed(number, ENDED_BY_HAND)));
                    queue.settle(a.id(), endings);
                }
                bounce(
                        a,
                        owed.stream()
                                .map(number -> "gave up msg " + a.id() + " recipient " + number)
                                .toList());
            } catch (IOException | RuntimeException e) {
                told.accept(new Event.Ended(
                        a,
                        List.of(),
                        List.of("warning: trouble injecting bounce message for msg " + a.id() + ": " + e),
                        false));
            }
        });
    }

    private void bounce(Active a, List<String> givenUp) throws IOException {
        bounces.acquireUninterruptibly();
        try {
            Message message = queue.read(a.id());
            List<String> notes = new ArrayList<>(givenUp);
            List<String> lines = new ArrayList<>();
            if (isDouble(message)) {
                queue.drop(a.id());
                lines.add("triple bounce: discarding bounce/" + a.id());
            } else {
                Optional<Bouncer.Report> report = bouncer.failure(message);
                if (report.isEmpty()) {
                    queue.drop(a.id());
                    notes.add("silent msg " + a.id());
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
            told.accept(new Event.Ended(a, notes, lines, true));
        } finally {
            bounces.release();
        }
    }

    private static boolean isDouble(Message message) {
        return message.envelope().sender().equals(Envelope.DOUBLE_BOUNCE_SENDER);
    }

    /// The number in `ok 1764000000 qp 17`.
    static String qp(String text) {
        int at = text.lastIndexOf(" qp ");
        return at < 0 ? "0" : Texts.oneWord(text.substring(at + 4));
    }
}
