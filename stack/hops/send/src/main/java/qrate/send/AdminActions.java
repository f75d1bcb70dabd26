package qrate.send;

import java.util.Optional;
import qrate.ledger.Ledger;
import qrate.send.Active.Order;

/// What an administrator does to messages in the scheduler; under its lock.
final class AdminActions {
    private final Scheduler scheduler;
    private final Places places;
    private final Ledger ledger;
    private final Runnable wake;

    AdminActions(Scheduler scheduler, Places places, Ledger ledger, Runnable wake) {
        this.scheduler = scheduler;
        this.places = places;
        this.ledger = ledger;
        this.wake = wake;
    }

    void retryAll() {
        places.backlog().allDue();
        places.active().values().forEach(a -> a.recipients().retry());
        wake.run();
    }

    /// Makes a message due; one that is held stays so.
    boolean retry(long id) {
        Active a = places.active().get(id);
        if (a != null) {
            a.recipients().retry();
        }
        wake.run();
        return a != null
                || places.backlog().due(id)
                || places.held().due(id)
                || places.newcomers().contains(id)
                || places.slots().contains(id);
    }

    /// Starts nothing of a message any more; that it is held is in the queue already.
    void hold(long id) {
        scheduler.drain();
        ledger.note("held msg " + id);
        Active a = places.active().get(id);
        if (a != null) {
            a.hold();
            unline(a);
            scheduler.advance(a);
            return;
        }
        boolean fresh = places.newcomers().contains(id);
        places.take(id).map(entry -> fresh ? unannounced(entry) : entry).ifPresent(places.held()::add);
    }

    /// Lets a message go: it is tried when it is due.
    void release(long id) {
        scheduler.drain();
        ledger.note("released msg " + id);
        Active a = places.active().get(id);
        if (a != null) {
            a.release();
        }
        places.held().remove(id).ifPresent(places.backlog()::add);
        wake.run();
    }

    /// Takes a held message out, so that nobody else comes to it before {@link #back}; empty when it is not there.
    Optional<Backlog.Entry> claim(long id) {
        scheduler.drain();
        return places.held().remove(id);
    }

    /// Gives a message back that was taken out.
    void back(Backlog.Entry entry) {
        places.held().add(entry);
    }

    /// Ends a message as soon as nothing of it is on its way.
    ///
    /// @return false when there is no such message, or it cannot be read now
    boolean order(long id, Order order) {
        scheduler.drain();
        Active a = places.active().get(id);
        if (a == null) {
            boolean fresh = places.newcomers().contains(id);
            Optional<Backlog.Entry> held = places.held().remove(id);
            Optional<Backlog.Entry> entry = held.or(() -> places.take(id));
            boolean first = fresh
                    || entry.filter(one -> one.local() == Backlog.UNANNOUNCED).isPresent();
            Optional<Active> read = entry.flatMap(one -> scheduler.read(one, false));
            if (read.isEmpty()) {
                places.backlog().remove(id).ifPresent(later -> unread(first ? unannounced(later) : later, held));
                return false;
            }
            a = read.get();
            if (held.isPresent()) {
                a.hold();
            }
            if (first) {
                scheduler.announce(a);
            }
            places.active().put(id, a);
        }
        a.order(order);
        unline(a);
        scheduler.advance(a);
        return true;
    }

    private static Backlog.Entry unannounced(Backlog.Entry entry) {
        return new Backlog.Entry(entry.id(), entry.birth(), Backlog.UNANNOUNCED, Backlog.UNANNOUNCED);
    }

    /// Back to where it was: it is as held, and as new to the log, as before.
    private void unread(Backlog.Entry entry, Optional<Backlog.Entry> held) {
        held.ifPresentOrElse(places.held()::add, () -> places.backlog().add(entry));
    }

    private void unline(Active a) {
        places.slots().remove(a.id());
        a.recipients().outOfLine();
    }
}
