package qrate.acme;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import qrate.core.Log;
import qrate.core.Reasons;
import qrate.core.Repeating;
import qrate.core.SaidOnce;
import qrate.core.State;

/// Looks whether a certificate is due, as long as the one process runs.
public final class Renewals implements AutoCloseable {
    /// How often.
    static final Duration LOOK_EVERY = Duration.ofSeconds(30);

    private final Renewal renewal;
    private final Log log;
    private final Repeating loop;
    private final SaidOnce trouble;

    private Renewals(Renewal renewal, Log log) {
        this.renewal = renewal;
        this.log = log;
        this.trouble = new SaidOnce(log::line);
        this.loop = new Repeating("acme", LOOK_EVERY, this::look);
    }

    /// Begins at once.
    public static Renewals start(State state, Map<String, String> environment, Log log) {
        Renewals renewals = new Renewals(CertificateProgram.renewal(state, environment, log), log);
        renewals.loop.start();
        return renewals;
    }

    private void look() throws InterruptedException {
        try {
            renewal.run(Renewal.Wish.DUE);
            trouble.well();
        } catch (IOException e) {
            trouble.say("acme: " + Reasons.of(e));
        } catch (RuntimeException e) {
            log.line("acme: unexpected: " + e);
        }
    }

    @Override
    public void close() {
        loop.close();
    }
}
