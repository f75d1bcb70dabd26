package qrate.send;

import java.util.ArrayList;
import java.util.List;
import qrate.address.Routing;
import qrate.qcontrol.Channel;
import qrate.queue.Queue.Message;

/// A message somebody works at: deliveries are on their way, wait for a slot, or wait to be recorded.
///
/// Here alone it goes from {@link Work} to work; whoever asks for a way that there is none gets an
/// IllegalStateException. Owned by {@link Scheduler}, under its lock.
final class Active {
    /// What an administrator wants of it once nothing flies any more.
    enum Order {
        NONE,
        BOUNCE,
        DROP
    }

    private static final Work.Open OPEN = new Work.Open();

    private final Message message;
    private final boolean fresh;
    private final Recipients recipients;
    private List<DeliveryAnswer> answers = new ArrayList<>();
    private Work work = OPEN;
    private Order order = Order.NONE;
    private boolean held;
    private long records;

    /// @param routes of its recipients
    /// @param fresh whether it came since the start and was never tried
    Active(Message message, List<Routing.Route> routes, boolean fresh) {
        this.message = message;
        this.fresh = fresh;
        this.recipients = new Recipients(message, routes);
    }

    long id() {
        return message.id();
    }

    long birth() {
        return message.birth().toEpochMilli();
    }

    Message message() {
        return message;
    }

    boolean isFresh() {
        return fresh;
    }

    Recipients recipients() {
        return recipients;
    }

    /// It as it waits in the backlog.
    Backlog.Entry entry() {
        return new Backlog.Entry(id(), birth(), recipients.next(Channel.LOCAL), recipients.next(Channel.REMOTE));
    }

    /// It as it waits there until a time, whatever its recipients wait for.
    Backlog.Entry entry(long until) {
        return new Backlog.Entry(id(), birth(), until, until);
    }

    /// A spawner answered.
    ///
    /// @return false for an answer that nobody waits for
    boolean answered(DeliveryAnswer answer) {
        return recipients.answered(answer) && answers.add(answer);
    }

    private <W extends Work> W at(Class<W> kind) {
        if (!kind.isInstance(work)) {
            throw new IllegalStateException("msg " + id() + " is " + work);
        }
        return kind.cast(work);
    }

    /// Whether recipients of it are started now.
    boolean mayStart() {
        return order == Order.NONE
                && !held
                && switch (work) {
                    case Work.Open _, Work.Recording _, Work.Troubled _ -> true;
                    case Work.Resting _, Work.Ending _ -> false;
                };
    }

    /// Whether the queue is writing something of it.
    boolean atDisk() {
        return switch (work) {
            case Work.Recording _, Work.Resting _, Work.Ending _ -> true;
            case Work.Open _, Work.Troubled _ -> false;
        };
    }

    /// How often something of it was recorded, or could not be.
    long records() {
        return records;
    }

    /// Whether a delivery is out or not recorded yet.
    boolean busy() {
        return atDisk() || recipients.flying() > 0;
    }

    /// Whether nothing is on its way: only the clock or the administrator can move it on.
    boolean idle() {
        return !atDisk() && answers.isEmpty() && recipients.flying() == 0 && !recipients.inLine();
    }

    /// Until when nothing of it is written, in milliseconds since 1970; 0 when that is no matter.
    long troubled() {
        return work instanceof Work.Troubled(long until) ? until : 0;
    }

    /// The trouble is over.
    void calmed() {
        work = at(Work.Troubled.class).open();
    }

    boolean hasAnswers() {
        return !answers.isEmpty();
    }

    /// Its answers go to the queue.
    List<DeliveryAnswer> recording() {
        work = at(Work.Open.class).recording();
        List<DeliveryAnswer> batch = answers;
        answers = new ArrayList<>();
        return batch;
    }

    /// The queue has the answers.
    void recorded() {
        work = at(Work.Recording.class).open();
        records++;
    }

    /// The queue did not take the answers.
    void unrecorded(List<DeliveryAnswer> batch, long until) {
        work = at(Work.Recording.class).troubled(until);
        records++;
        answers.addAll(0, batch);
    }

    /// The attempt goes to the queue.
    void resting() {
        work = at(Work.Open.class).resting();
    }

    /// The queue has the attempt, or will do without.
    void rested() {
        work = at(Work.Resting.class).open();
        records++;
    }

    /// Its end goes to the queue.
    void ending() {
        work = at(Work.Open.class).ending();
    }

    /// It is gone, or its end waits in the backlog: it leaves work.
    void ended() {
        at(Work.Ending.class);
        records++;
    }

    /// The queue did not take the end, which was promised.
    void unended(long until) {
        work = at(Work.Ending.class).troubled(until);
        records++;
    }

    Order order() {
        return order;
    }

    void order(Order wanted) {
        order = wanted;
    }

    boolean held() {
        return held;
    }

    /// Starts nothing of it any more.
    void hold() {
        held = true;
        recipients.hold();
    }

    void release() {
        held = false;
    }
}
