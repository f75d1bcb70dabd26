package qrate.milter;

import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import qrate.core.Budget;
import qrate.core.Log;
import qrate.core.Spool;

/// The milters that an SMTP server asks, one after the other.
public final class Milters implements AutoCloseable {
    private final Parts parts;

    /// What the sessions share.
    ///
    /// @param clock ends waits that are too long
    record Parts(List<MilterSetting> settings, Spool spool, Log log, ScheduledThreadPoolExecutor clock) {}

    /// @param settings in the order in which they are asked
    /// @param spool for bodies that take another's place
    /// @throws IllegalArgumentException for more than {@link MilterSetting#MILTERS_MAX}
    public Milters(List<MilterSetting> settings, Spool spool, Log log) {
        if (settings.size() > MilterSetting.MILTERS_MAX) {
            throw new IllegalArgumentException("control/milters: more than " + MilterSetting.MILTERS_MAX + " lines");
        }
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("milter-deadlines").daemon(true).factory());
        clock.setRemoveOnCancelPolicy(true);
        this.parts = new Parts(List.copyOf(settings), spool, log, clock);
    }

    /// Begins an SMTP session; nobody is connected to yet.
    ///
    /// @param memory of the SMTP client
    public MilterSession session(Budget.Share memory) {
        return new MilterSession(parts, memory);
    }

    /// No wait ends early any more: close the sessions before.
    @Override
    public void close() {
        parts.clock.shutdownNow();
    }
}
