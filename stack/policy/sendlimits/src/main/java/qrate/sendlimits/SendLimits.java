package qrate.sendlimits;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import qrate.core.Body;
import qrate.core.Client;
import qrate.core.Control;
import qrate.core.Envelope;
import qrate.core.Intake;
import qrate.core.Log;
import qrate.core.Lru;
import qrate.core.Verdict;
import qrate.qcontrol.QueueControl;
import qrate.qcontrol.QueueControl.Freedom;
import qrate.qcontrol.QueueControl.Sender;
import qrate.qcontrol.QueueControl.Use;

/// The way into the queue that counts what users send; for any threads.
///
/// ```
/// SendLimits limits = SendLimits.open(queue, new SendLimits.Parts(control, clock, log), state.queue());
/// limits.accept(envelope, body);       // 250, and the message may be held
/// limits.failed(client, 3);            // three of its recipients failed for good
/// limits.letSend("ann@example.org");
/// ```
public final class SendLimits implements Intake {
    /// Users of whom counts are kept; one more, and who sent nothing for longest is forgotten.
    public static final int USERS_MAX = 10_000;

    /// Messages of one user that are held in a day; then no more are taken.
    public static final int HELD_MESSAGES_MAX = 1000;

    /// Their size together, in KiB.
    public static final int HELD_KBYTES_MAX = 100 << 10;

    /// Notices that wait for the queue to take them.
    private static final int NOTICES_MAX = 100;

    /// Name of the file of those who are stopped, in the queue's folder.
    private static final String FILE = "stopped";

    /// What it works with.
    public record Parts(Control control, InstantSource clock, Log log) {}

    private final Intake queue;
    private final Optional<Control> control;
    private final InstantSource clock;
    private final Log log;
    private final RuleFile rules;
    private final StopFile file;
    private final Map<String, SendStop> stops;
    private final Map<String, SenderTally> users = new Lru<>(USERS_MAX);
    private final Map<String, SenderTally> domains = new Lru<>(USERS_MAX);
    private final Deque<SenderNotice> notices = new ArrayDeque<>();
    private boolean unwritten;

    private SendLimits(Intake queue, Optional<Control> control, InstantSource clock, Log log, StopFile file) {
        this.queue = queue;
        this.control = control;
        this.clock = clock;
        this.log = log;
        this.rules = new RuleFile(control, log);
        this.file = file;
        this.stops = file.read();
    }

    /// Before a queue.
    ///
    /// @param folder the queue's, where those who are stopped are remembered
    public static SendLimits open(Intake queue, Parts parts, Path folder) {
        StopFile file = new StopFile(Optional.of(folder.resolve(FILE)), parts.log);
        return new SendLimits(queue, Optional.of(parts.control), parts.clock, parts.log, file);
    }

    /// Before a queue, and nobody is limited.
    public static SendLimits off(Intake queue) {
        StopFile nowhere = new StopFile(Optional.empty(), Log.silent());
        return new SendLimits(queue, Optional.empty(), InstantSource.system(), Log.silent(), nowhere);
    }

    /// What becomes of a message.
    private sealed interface Passage {
        record Free(long at) implements Passage {}

        record Held(String why) implements Passage {}

        record Refused() implements Passage {}
    }

    /// A message on its way in.
    private record Coming(String user, String ip, int recipients, long bytes) {}

    @Override
    public Verdict accept(Envelope envelope, Body body) {
        Client client = envelope.client();
        if (!client.first() || envelope.held()) {
            return queue.accept(envelope, body);
        }
        Coming coming = new Coming(
                user(client.login()), client.ip(), envelope.recipients().size(), body.size());
        Verdict verdict = switch (passage(coming)) {
            case Passage.Free(long at) -> {
                Verdict taken = queue.accept(envelope, body);
                if (!(taken instanceof Verdict.Delivered)) {
                    takeBack(coming, at);
                }
                yield taken;
            }
            case Passage.Held(String why) -> {
                Verdict taken = queue.accept(envelope.toHold(why), body);
                if (taken instanceof Verdict.Delivered) {
                    held(coming, why);
                }
                yield taken;
            }
            case Passage.Refused _ ->
                new Verdict.Later("sending is stopped for this account, ask your postmaster (#4.7.1)");
        };
        post();
        return verdict;
    }

    private static String user(String login) {
        return login.toLowerCase(Locale.ROOT);
    }

    private synchronized Passage passage(Coming coming) {
        long now = clock.millis();
        SendRules rule = rules.current();
        if (unwritten) {
            write();
        }
        SenderTally mine = users.computeIfAbsent(coming.user, _ -> new SenderTally());
        int networks = rule.user(coming.user, Measure.NETWORKS);
        if (networks > 0) {
            mine.from(coming.ip, now, networks + 1);
        }
        suspect(coming.user, mine, rule, Measure.NETWORKS, now);
        SendStop stop = stops.get(coming.user);
        if (stop != null) {
            return stop.refused() ? new Passage.Refused() : new Passage.Held(stop.why());
        }
        Optional<String> above = above(coming, mine, rule, now);
        if (above.isPresent()) {
            if (mine.notice(now)) {
                tell(coming.user, SenderNotice.Kind.LIMITED, above.get(), now);
            }
            return new Passage.Held(above.get());
        }
        mine.pass(now, coming.recipients);
        domain(coming.user).ifPresent(all -> all.pass(now, coming.recipients));
        return new Passage.Free(now);
    }

    private Optional<SenderTally> domain(String user) {
        String domain = SendRules.domain(user);
        return domain.isEmpty()
                ? Optional.empty()
                : Optional.of(domains.computeIfAbsent(domain, _ -> new SenderTally()));
    }

    /// The limit that a message is above.
    private Optional<String> above(Coming coming, SenderTally mine, SendRules rule, long now) {
        String domain = SendRules.domain(coming.user);
        for (Measure measure : List.of(Measure.MESSAGES, Measure.RECIPIENTS)) {
            int more = measure == Measure.MESSAGES ? 1 : coming.recipients;
            int most = rule.user(coming.user, measure);
            if (most > 0 && (long) mine.count(measure, now) + more > most) {
                return Optional.of(reason(measure, most));
            }
            int all = rule.domain(domain, measure);
            if (all > 0 && (long) domain(coming.user).orElseThrow().count(measure, now) + more > all) {
                return Optional.of(domain + ": " + reason(measure, all));
            }
        }
        return Optional.empty();
    }

    private static String reason(Measure measure, int most) {
        return "more than " + most + " " + measure.text() + " in an hour";
    }

    private synchronized void held(Coming coming, String why) {
        long now = clock.millis();
        SenderTally mine = users.computeIfAbsent(coming.user, _ -> new SenderTally());
        mine.hold(now, coming.bytes);
        SendStop before = stops.get(coming.user);
        boolean full = mine.held(now) >= HELD_MESSAGES_MAX || mine.heldKbytes(now) >= HELD_KBYTES_MAX;
        if (full && (before == null || !before.refused())) {
            String text = "so much of it is held that no more is taken: " + why;
            stop(new SendStop(coming.user, Instant.ofEpochMilli(now), true, text));
        }
    }

    /// Stops an account that looks as if it were in other hands.
    private void suspect(String user, SenderTally mine, SendRules rule, Measure measure, long now) {
        int most = rule.user(user, measure);
        int told = measure == Measure.NETWORKS ? Math.min(most, SenderTally.NETWORKS_MAX - 1) : most;
        if (most > 0 && !stops.containsKey(user) && mine.count(measure, now) > told) {
            stop(new SendStop(user, Instant.ofEpochMilli(now), false, reason(measure, told)));
        }
    }

    private void stop(SendStop stop) {
        if (stops.size() >= StopFile.STOPS_MAX && !stops.containsKey(stop.user())) {
            log.line("alert: sendlimits: too many users are stopped for one more: " + Log.escape(stop.user()));
            return;
        }
        stops.put(stop.user(), stop);
        write();
        log.line("sendlimits: " + Log.escape(stop.user()) + (stop.refused() ? " is refused: " : " is stopped: ")
                + Log.escape(stop.why()));
        SenderNotice.Kind kind = stop.refused() ? SenderNotice.Kind.REFUSED : SenderNotice.Kind.STOPPED;
        tell(stop.user(), kind, stop.why(), stop.since().toEpochMilli());
    }

    private void write() {
        try {
            file.write(stops.values());
            unwritten = false;
        } catch (IOException e) {
            unwritten = true;
            log.line("alert: sendlimits: unable to remember who is stopped: " + e.getMessage());
        }
    }

    private void tell(String user, SenderNotice.Kind kind, String why, long now) {
        if (notices.size() < NOTICES_MAX) {
            notices.add(new SenderNotice(user, kind, why, Instant.ofEpochMilli(now)));
        }
    }

    private synchronized void takeBack(Coming coming, long at) {
        // gone when the user was let send again meanwhile
        Optional.ofNullable(users.get(coming.user)).ifPresent(mine -> mine.takeBack(at, coming.recipients));
        domain(coming.user).ifPresent(all -> all.takeBack(at, coming.recipients));
    }

    /// Hands over the notices that wait; what the queue does not take waits for the next time.
    private void post() {
        if (control.isEmpty()) {
            return;
        }
        for (Optional<SenderNotice> next = next(); next.isPresent(); next = next()) {
            Verdict verdict;
            try {
                SenderNotice.Letter letter = next.get().letter(control.get());
                verdict = queue.accept(letter.envelope(), letter.body());
            } catch (IOException e) {
                verdict = new Verdict.Later(String.valueOf(e.getMessage()));
            }
            if (!(verdict instanceof Verdict.Delivered)) {
                log.line("warning: sendlimits: a notice has to wait: " + Log.escape(verdict.text()));
                again(next.get());
                return;
            }
        }
    }

    private synchronized Optional<SenderNotice> next() {
        return Optional.ofNullable(notices.poll());
    }

    private synchronized void again(SenderNotice notice) {
        notices.addFirst(notice);
    }

    /// Hears that recipients of a message failed for good.
    ///
    /// @param client of the message
    public void failed(Client client, int recipients) {
        if (client.first() && recipients > 0) {
            count(user(client.login()), recipients);
            post();
        }
    }

    private synchronized void count(String user, int recipients) {
        long now = clock.millis();
        SenderTally mine = users.computeIfAbsent(user, _ -> new SenderTally());
        mine.fail(now, recipients);
        suspect(user, mine, rules.current(), Measure.BOUNCES, now);
    }

    /// How many users are stopped.
    public synchronized int stopped() {
        return stops.size();
    }

    /// As {@link QueueControl#senders}.
    public synchronized List<Sender> senders() {
        long now = clock.millis();
        SendRules rule = rules.current();
        Set<String> names = new LinkedHashSet<>(stops.keySet());
        names.addAll(users.keySet());
        Map<String, SenderTally> tallies = new LinkedHashMap<>(users); // a look changes no order of use
        List<Sender> all = new ArrayList<>();
        for (String user : names) {
            sender(user, Optional.ofNullable(tallies.get(user)), rule, now).ifPresent(all::add);
        }
        all.sort(Comparator.comparing(Sender::freedom).reversed().thenComparing(Sender::login));
        return List.copyOf(all.subList(0, Math.min(all.size(), QueueControl.SENDERS_MAX)));
    }

    /// Who is far from every limit is left out.
    private Optional<Sender> sender(String user, Optional<SenderTally> tally, SendRules rule, long now) {
        List<Use> uses = new ArrayList<>();
        boolean near = false;
        for (Measure measure : Measure.values()) {
            long count = tally.map(mine -> mine.count(measure, now)).orElse(0);
            int most = rule.user(user, measure);
            uses.add(new Use(measure.word(), count, most));
            near |= most > 0 && 2 * count >= most;
        }
        long held = tally.map(mine -> mine.held(now)).orElse(0);
        SendStop stop = stops.get(user);
        if (stop != null) {
            Freedom freedom = stop.refused() ? Freedom.REFUSED : Freedom.STOPPED;
            return Optional.of(new Sender(user, freedom, stop.since(), stop.why(), held, uses));
        }
        Optional<String> above = tally.flatMap(mine -> above(new Coming(user, "", 1, 0), mine, rule, now));
        if (!near && held == 0 && above.isEmpty()) {
            return Optional.empty();
        }
        Freedom freedom = above.isPresent() ? Freedom.LIMITED : Freedom.FREE;
        return Optional.of(new Sender(user, freedom, Instant.EPOCH, above.orElse(""), held, uses));
    }

    /// As {@link QueueControl#letSend}; durable on return.
    ///
    /// @throws IOException when that cannot be written down; the user stays stopped
    public synchronized boolean letSend(String login) throws IOException {
        String user = user(login);
        boolean known = users.remove(user) != null;
        SendStop stop = stops.remove(user);
        if (stop != null) {
            try {
                file.write(stops.values());
                unwritten = false;
            } catch (IOException e) {
                stops.put(user, stop);
                throw e;
            }
        }
        if (known || stop != null) {
            log.line("sendlimits: " + Log.escape(user) + " may send again");
        }
        return known || stop != null;
    }
}
