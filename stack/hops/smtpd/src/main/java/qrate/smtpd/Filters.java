package qrate.smtpd;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.Address;
import qrate.core.Budget;
import qrate.core.Control;
import qrate.core.Log;
import qrate.core.Recipient;
import qrate.core.SpamRule;
import qrate.core.Spool;
import qrate.milter.MilterSession;
import qrate.milter.MilterSetting;
import qrate.milter.Milters;

/// The gate where there is one, and the milters that `control/milters` names, in the order of its lines; none without
/// them. The file is read anew for
/// each session that comes as far as MAIL.
public final class Filters implements AutoCloseable {
    /// What a milter costs a session in heap, in bytes: its connection's buffers, and what it was told.
    static final long MILTER_BYTES = 40L << 10;

    /// Names the gate's address, where it listens and where it is asked: as in `control/milters`.
    public static final String GATE = "QRATE_GATE";

    private final Optional<Control> control;
    private final List<String> first;
    private final Milters milters;
    private List<String> lines = List.of();

    /// @param environment `QRATE_GATE` names the gate, which is asked before all others; mail waits while it is away
    public Filters(Control control, Map<String, String> environment, Spool spool, Log log) {
        this(Optional.of(control), first(environment.getOrDefault(GATE, "")), spool, log);
    }

    private static List<String> first(String gate) {
        return gate.isEmpty() ? List.of() : List.of(gate + " name=gate away=tempfail");
    }

    private Filters(Optional<Control> control, List<String> first, Spool spool, Log log) {
        this.control = control;
        this.first = first;
        this.milters = new Milters(List.of(), spool, log);
    }

    /// Nobody is asked.
    public static Filters none() {
        return new Filters(Optional.empty(), List.of(), Spool.temporary(), Log.silent());
    }

    /// One session.
    ///
    /// @param bytes of heap that it was given for the client
    record Begun(MilterSession session, long bytes) {}

    /// Begins a session; nobody is connected to yet.
    ///
    /// @param memory of the client
    /// @return nothing when there is nobody to ask
    /// @throws IOException when the file cannot be read, makes no sense, or there is no memory for it
    synchronized Optional<Begun> session(Budget.Share memory) throws IOException {
        if (control.isEmpty()) {
            return Optional.empty();
        }
        refresh(control.get());
        long bytes = lines.size() * MILTER_BYTES;
        if (bytes == 0) {
            return Optional.empty();
        }
        if (!memory.take(bytes)) {
            throw new IOException("control/milters: no memory to ask them for one client more");
        }
        return Optional.of(new Begun(milters.session(memory), bytes));
    }

    private void refresh(Control control) throws IOException {
        List<String> now = new ArrayList<>(first);
        now.addAll(control.lines("milters"));
        if (!now.equals(lines)) {
            try {
                milters.use(now.stream().map(MilterSetting::parse).toList());
            } catch (IllegalArgumentException e) {
                throw new IOException(e.getMessage(), e);
            }
            lines = List.copyOf(now);
        }
    }

    /// Whether spam for these is refused, since each of their domains wants that.
    ///
    /// @throws IOException when `control/spam` cannot be read, or makes no sense
    boolean refusesSpam(List<Recipient> recipients) throws IOException {
        for (Recipient one : recipients) {
            String domain = Address.of(one.address()).domain();
            if (control.isEmpty() || SpamRule.of(control.get(), domain) != SpamRule.REFUSE) {
                return false;
            }
        }
        return true;
    }

    /// Why mail may wait or go by unseen, if it does: a line that makes no sense, milters that are away.
    public synchronized Optional<String> problem() {
        try {
            if (control.isPresent()) {
                refresh(control.get());
            }
            return milters.problem();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void close() {
        milters.close();
    }
}
