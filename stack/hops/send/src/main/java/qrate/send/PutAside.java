package qrate.send;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import qrate.core.Body;
import qrate.core.Envelope;
import qrate.core.Recipient;
import qrate.core.Verdict;
import qrate.ledger.Ledger;
import qrate.message.Header;
import qrate.message.MessageText;
import qrate.message.Wanted;
import qrate.qcontrol.Quarantine;
import qrate.qcontrol.Whose;
import qrate.queue.Queue;
import qrate.queue.Queue.Ending;
import qrate.queue.Queue.Message;
import qrate.queue.Queue.State;

/// Held messages that filters had put aside.
///
/// For some of its recipients only, a message is let out as a message of its own, accepted in the record that ends the
/// old one's deliveries to them ({@link Queue#reported}): a crash leaves both or neither.
final class PutAside implements Quarantine, Shelf.Contents {
    /// Held messages that one list looks at: those that wait for something else stand among them.
    static final int LOOKED_MAX = 1_000;

    /// Authentication-Results that are shown, and characters of each.
    static final int RESULTS_MAX = 4;

    static final int RESULT_CHARS_MAX = 4_000;

    private static final String RESULTS = "authentication-results";
    private static final Wanted FIELDS = Wanted.some(RESULTS);

    /// What it stands on.
    ///
    /// @param days after which a message ends by itself; 0 for never
    record Parts(Queue queue, Scheduler scheduler, AdminActions byHand, Ledger ledger, IntSupplier days) {}

    /// Runs something under the scheduler's lock.
    @FunctionalInterface
    interface Locked {
        <T> T run(Supplier<T> work);
    }

    private final Parts parts;
    private final Locked locked;
    private final ReentrantLock acts;

    /// @param acts held while something is done by hand that the queue has to write
    PutAside(Parts parts, Locked locked, ReentrantLock acts) {
        this.parts = parts;
        this.locked = locked;
        this.acts = acts;
    }

    @Override
    public Part list(Whose whose, int limit, long before) {
        long from = before <= 0 ? Long.MAX_VALUE : before;
        int days = parts.days.getAsInt();
        List<Desk.Waiting> held = held(from);
        List<Kept> found = new ArrayList<>();
        for (Desk.Waiting one : held) {
            if (found.size() == Math.clamp(limit, 1, LIST_MESSAGES_MAX)) {
                return new Part(found, found.getLast().id());
            }
            try {
                kept(parts.queue.read(one.id()), whose, one.untried() ? days : 0)
                        .ifPresent(found::add);
            } catch (IOException | RuntimeException _) {
                // it ended meanwhile, or cannot be read now: the scheduler says so when it comes to it
            }
        }
        return new Part(found, held.size() < LOOKED_MAX ? 0 : held.getLast().id());
    }

    private List<Desk.Waiting> held(long before) {
        return locked.run(() -> {
            parts.scheduler.drain();
            return parts.scheduler.places().held(LOOKED_MAX, before);
        });
    }

    @Override
    public void each(BiConsumer<Long, Envelope> visitor) {
        List<Desk.Waiting> held = held(Long.MAX_VALUE);
        while (!held.isEmpty()) {
            for (Desk.Waiting one : held) {
                try {
                    Message message = parts.queue.read(one.id());
                    if (!numbers(message, Whose.ALL).isEmpty()) {
                        visitor.accept(one.id(), message.envelope());
                    }
                } catch (IOException | RuntimeException _) {
                    // as in a list
                }
            }
            held = held(held.getLast().id());
        }
    }

    /// Not while something is done to one by hand: it is out of its place then.
    @Override
    public Set<Long> gone(Set<Long> ids) {
        Set<Long> gone = new HashSet<>(ids);
        acts.lock();
        try {
            return locked.run(() -> {
                parts.scheduler.drain();
                parts.scheduler.places().held().each((id, _) -> gone.remove(id));
                return gone;
            });
        } finally {
            acts.unlock();
        }
    }

    private static Optional<Kept> kept(Message message, Whose whose, int days) throws IOException {
        List<Integer> numbers = numbers(message, whose);
        if (numbers.isEmpty()) {
            return Optional.empty();
        }
        Envelope envelope = message.envelope();
        MessageText text = MessageText.header(message.body());
        return Optional.of(new Kept(
                message.id(),
                new Stay(message.birth(), days),
                envelope.sender(),
                message.body().size(),
                envelope.quarantinedFor().orElse(""),
                new About(text.from(), text.to(), text.date(), text.subject()),
                results(message.body()),
                numbers.stream()
                        .map(number -> envelope.recipients().get(number).address())
                        .distinct()
                        .toList()));
    }

    private static List<String> results(Body body) throws IOException {
        return Header.of(body, FIELDS).fields().stream()
                .filter(field -> field.name().equals(RESULTS))
                .limit(RESULTS_MAX)
                .map(field -> field.text())
                .map(text -> text.length() <= RESULT_CHARS_MAX ? text : text.substring(0, RESULT_CHARS_MAX))
                .toList();
    }

    /// Recipients who are owed it and meant; none of a message that no filter put aside, or that had been under way:
    /// its bounces are owed, too.
    private static List<Integer> numbers(Message message, Whose whose) {
        List<Integer> numbers = new ArrayList<>();
        List<Recipient> recipients = message.envelope().recipients();
        boolean aside = message.envelope().quarantinedFor().isPresent()
                && message.states().stream().noneMatch(State.Refused.class::isInstance);
        for (int i = 0; aside && i < recipients.size(); i++) {
            if (message.states().get(i) instanceof State.Pending
                    && whose.means(recipients.get(i).address())) {
                numbers.add(i);
            }
        }
        return numbers;
    }

    @Override
    public boolean letOut(Whose whose, long id) throws IOException {
        return act(whose, id, _ -> true, (message, numbers) -> {
            if (numbers.size() == owed(message)) {
                parts.queue.hold(id, false);
                return Done.FREE;
            }
            List<Recipient> recipients = numbers.stream()
                    .map(number -> message.envelope().recipients().get(number))
                    .toList();
            Envelope envelope = message.envelope().letGo().to(recipients);
            return switch (parts.queue.reported(id, envelope, message.body(), new Queue.Told(done(numbers), false))) {
                case Verdict.Delivered(var text) -> new Done.Noted("let out qp " + Settler.qp(text));
                case Verdict.Never _ -> Done.NOTHING;
                case Verdict.Later(var text) -> throw new IOException(text);
            };
        });
    }

    @Override
    public boolean delete(Whose whose, long id) throws IOException {
        return act(whose, id, _ -> true, (message, numbers) -> {
            parts.queue.settle(id, done(numbers));
            return new Done.Noted("deleted by hand");
        });
    }

    /// Messages of whom {@link #expire} may end some: held, never tried, and accepted at a time or before; the oldest
    /// first, and at most {@link #LOOKED_MAX}.
    ///
    /// @param birth in milliseconds since 1970
    List<Long> old(long birth, long after) {
        return locked.run(() -> {
            parts.scheduler.drain();
            return parts.scheduler.places().old(LOOKED_MAX, birth, after);
        });
    }

    /// Ends a message that a filter put aside and nobody else holds, if it was accepted at a time or before; nobody is
    /// told. It is over with the queue's own record of that.
    ///
    /// @param birth in milliseconds since 1970
    boolean expire(long id, long birth) throws IOException {
        return act(Whose.ALL, id, entry -> entry.untried() && entry.birth() <= birth, (_, _) -> {
            parts.queue.drop(id);
            return new Done.Noted("expired in quarantine");
        });
    }

    /// What a filter put aside is held by hand now, too, and stays until somebody decides about it. That counts as an
    /// attempt: without any it would be the filter's alone.
    ///
    /// @param now when
    void keep(long id, Instant now) throws IOException {
        acts.lock();
        try {
            Message message = parts.queue.read(id);
            if (message.envelope().quarantinedFor().isEmpty()) {
                return;
            }
            parts.queue.deferred(id, now);
            locked.run(() -> parts.byHand.claim(id))
                    .map(entry -> {
                        announce(entry, message);
                        return new Backlog.Entry(id, entry.birth(), 0, 0);
                    })
                    .ifPresent(entry -> giveBack(Optional.of(entry), Done.NOTHING));
        } catch (Queue.Gone _) {
            // it is over meanwhile
        } finally {
            acts.unlock();
        }
    }

    private static List<Ending> done(List<Integer> numbers) {
        return numbers.stream().<Ending>map(Ending.Done::new).toList();
    }

    private static int owed(Message message) {
        return (int) message.states().stream()
                .filter(State.Pending.class::isInstance)
                .count();
    }

    /// Does something to some recipients of a message; durable on return.
    @FunctionalInterface
    private interface Act {
        Done on(Message message, List<Integer> numbers) throws IOException;
    }

    /// What was done.
    private sealed interface Done {
        Done NOTHING = new Nothing();
        Done FREE = new Free();

        /// Nothing: they are no longer owed it.
        record Nothing() implements Done {}

        /// It is held no more.
        record Free() implements Done {}

        /// It ended for them.
        ///
        /// @param how for the ledger
        record Noted(String how) implements Done {}
    }

    /// Nobody else comes to the message meanwhile: it is taken out of its place, and given back.
    private boolean act(Whose whose, long id, Predicate<Backlog.Entry> meant, Act act) throws IOException {
        acts.lock();
        try {
            Optional<Backlog.Entry> entry = locked.run(() -> parts.byHand.claim(id));
            if (entry.isPresent() && !meant.test(entry.get())) {
                giveBack(entry, Done.NOTHING);
                return false;
            }
            return entry.isPresent() && act(whose, entry.get(), act);
        } finally {
            acts.unlock();
        }
    }

    private boolean act(Whose whose, Backlog.Entry entry, Act act) throws IOException {
        Optional<Backlog.Entry> left = Optional.of(entry);
        Done done = Done.NOTHING;
        try {
            Message message = parts.queue.read(entry.id());
            List<Integer> numbers = numbers(message, whose);
            done = numbers.isEmpty() ? Done.NOTHING : act.on(message, numbers);
            if (done instanceof Done.Noted(String how)) {
                left = note(entry, message, numbers, how);
            }
        } catch (Queue.Gone _) {
            left = Optional.empty();
        } finally {
            giveBack(left, done);
        }
        return !(done instanceof Done.Nothing);
    }

    /// @return what is left of it
    private Optional<Backlog.Entry> note(Backlog.Entry entry, Message message, List<Integer> numbers, String how) {
        boolean fresh = announce(entry, message);
        for (int number : numbers) {
            parts.ledger.note("aside msg " + entry.id() + " recipient " + number + " " + how);
        }
        if (numbers.size() == owed(message)) {
            parts.ledger.line("end msg " + entry.id());
            return Optional.empty();
        }
        return Optional.of(fresh ? announced(entry) : entry);
    }

    private static Backlog.Entry announced(Backlog.Entry entry) {
        return new Backlog.Entry(entry.id(), entry.birth(), Backlog.ANNOUNCED, Backlog.ANNOUNCED);
    }

    /// The first lines of a message in the log, unless they are there.
    ///
    /// @return whether they were not
    private boolean announce(Backlog.Entry entry, Message message) {
        boolean fresh = entry.local() == Backlog.UNANNOUNCED;
        if (fresh) {
            parts.scheduler.announce(message);
        }
        return fresh;
    }

    private void giveBack(Optional<Backlog.Entry> left, Done done) {
        left.ifPresent(entry -> locked.run(() -> {
            parts.byHand.back(entry);
            if (done instanceof Done.Free) {
                parts.byHand.release(entry.id());
            }
            return true;
        }));
    }
}
