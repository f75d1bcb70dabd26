package qrate.milter;

import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import qrate.core.Log;

/// Which milters are away, as far as anybody has noticed. Each change is logged once, however many messages meet it.
///
/// One that could not be reached is tried again while somebody asks for {@link #problem}, so that it need not wait for
/// the next message to be back; one that failed over a message is back once it has answered for another.
final class MilterPresence {
    /// Least time between two trials of a milter, in seconds.
    private static final int TRIAL_SECONDS_MIN = 5;

    /// @param reached whether it failed after both ends had agreed on options
    /// @param trial when it may be tried next, on the clock of {@link System#nanoTime}
    private record Gone(String why, boolean reached, long trial) {
        Gone tried() {
            return new Gone(why, reached, System.nanoTime() + TimeUnit.SECONDS.toNanos(TRIAL_SECONDS_MIN));
        }

        boolean mayBeTried() {
            return !reached && System.nanoTime() - trial >= 0;
        }
    }

    private final Map<MilterSetting, Gone> away = new LinkedHashMap<>();
    private final ScheduledExecutorService clock;
    private final Log log;

    /// @param clock ends waits that are too long
    MilterPresence(ScheduledExecutorService clock, Log log) {
        this.clock = clock;
        this.log = log;
    }

    /// It is away, or does not do what it should.
    void gone(MilterSetting milter, String why, boolean reached) {
        boolean news;
        synchronized (this) {
            news = away.put(milter, new Gone(why, reached, 0).tried()) == null;
        }
        if (news) {
            log.line("milter: warning: " + milter.name() + ": " + why + ": mail "
                    + (milter.accept() ? "goes on without it" : "is put off"));
        }
    }

    /// It has answered.
    void here(MilterSetting milter) {
        boolean news;
        synchronized (this) {
            news = away.remove(milter) != null;
        }
        if (news) {
            log.line("milter: status: " + milter.name() + ": is there again");
        }
    }

    /// Nobody asks any others from now on.
    synchronized void only(Collection<MilterSetting> milters) {
        away.keySet().retainAll(milters);
    }

    /// Those that are away, and why.
    synchronized Optional<String> problem() {
        away.entrySet().stream().filter(one -> one.getValue().mayBeTried()).forEach(one -> {
            one.setValue(one.getValue().tried());
            Thread.ofVirtual().name("milter-trial").start(() -> attempt(one.getKey()));
        });
        return away.isEmpty()
                ? Optional.empty()
                : Optional.of(away.entrySet().stream()
                        .map(one -> one.getKey().name() + ": " + one.getValue().why())
                        .collect(Collectors.joining(", ")));
    }

    private void attempt(MilterSetting milter) {
        try (MilterLink link = MilterLink.open(milter, clock)) {
            link.negotiate();
            link.say(new MilterCommand.Quit());
            link.flush();
            here(milter);
        } catch (IOException _) {
            // still away, as everybody knows
        }
    }
}
