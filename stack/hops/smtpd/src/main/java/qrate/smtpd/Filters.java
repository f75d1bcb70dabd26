package qrate.smtpd;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import qrate.core.Budget;
import qrate.core.Control;
import qrate.core.Log;
import qrate.core.Spool;
import qrate.milter.MilterSession;
import qrate.milter.MilterSetting;
import qrate.milter.Milters;

/// The milters that `control/milters` names, in the order of its lines; none without it. The file is read anew for
/// each session that comes as far as MAIL.
public final class Filters implements AutoCloseable {
    /// What a milter costs a session in heap, in bytes: its connection's buffers, and what it was told.
    static final long MILTER_BYTES = 40L << 10;

    private final Optional<Control> control;
    private final Milters milters;
    private List<String> lines = List.of();

    public Filters(Control control, Spool spool, Log log) {
        this(Optional.of(control), spool, log);
    }

    private Filters(Optional<Control> control, Spool spool, Log log) {
        this.control = control;
        this.milters = new Milters(List.of(), spool, log);
    }

    /// Nobody is asked.
    public static Filters none() {
        return new Filters(Optional.empty(), Spool.temporary(), Log.silent());
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
        List<String> now = control.lines("milters");
        if (!now.equals(lines)) {
            try {
                milters.use(now.stream().map(MilterSetting::parse).toList());
            } catch (IllegalArgumentException e) {
                throw new IOException(e.getMessage(), e);
            }
            lines = List.copyOf(now);
        }
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
