package qrate.milter;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import qrate.core.Budget;
import qrate.core.Log;
import qrate.core.Spool;

/// The milters that an SMTP server asks, one after the other.
public final class Milters implements AutoCloseable {
    /// A macro of our own by which an SMTP server says that a client is ours: it may relay, and our gate does not
    /// check it. Any text but an empty one.
    public static final String OURS = "{qrate_ours}";

    private final Parts parts;
    private volatile List<MilterSetting> settings;

    /// What the sessions share.
    ///
    /// @param clock ends waits that are too long
    record Parts(Spool spool, MilterPresence presence, ScheduledThreadPoolExecutor clock) {}

    /// @param settings in the order in which they are asked
    /// @param spool for bodies that take another's place
    /// @throws IllegalArgumentException for more than {@link MilterSetting#MILTERS_MAX}
    public Milters(List<MilterSetting> settings, Spool spool, Log log) {
        this.settings = checked(settings);
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("milter-deadlines").daemon(true).factory());
        clock.setRemoveOnCancelPolicy(true);
        this.parts = new Parts(spool, new MilterPresence(clock, log), clock);
    }

    private static List<MilterSetting> checked(List<MilterSetting> settings) {
        if (settings.size() > MilterSetting.MILTERS_MAX) {
            throw new IllegalArgumentException("control/milters: more than " + MilterSetting.MILTERS_MAX + " lines");
        }
        return List.copyOf(settings);
    }

    /// Sessions that begin from now on ask these; those under way go on as they began.
    ///
    /// @throws IllegalArgumentException for more than {@link MilterSetting#MILTERS_MAX}
    public void use(List<MilterSetting> others) {
        settings = checked(others);
        parts.presence.only(settings);
    }

    /// Begins an SMTP session; nobody is connected to yet.
    ///
    /// @param memory of the SMTP client
    public MilterSession session(Budget.Share memory) {
        return new MilterSession(settings, parts, memory);
    }

    /// Which milters were away when they were last asked, and why; one that could not be reached is tried again.
    /// Nobody is waited for.
    public Optional<String> problem() {
        return parts.presence.problem();
    }

    /// No wait ends early any more: close the sessions before.
    @Override
    public void close() {
        parts.clock.shutdownNow();
    }
}
