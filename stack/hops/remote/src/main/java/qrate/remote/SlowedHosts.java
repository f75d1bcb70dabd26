package qrate.remote;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.Log;
import qrate.core.Lru;
import qrate.core.Verdict;
import qrate.refusals.RefusalKind;
import qrate.refusals.RefusalWords;

/// Hosts that said they get too much at once from here: each is left alone for a while, and then has fewer
/// connections, until it has taken mail for some time without saying so again.
///
/// | it said so | left alone | connections |
/// | --- | --- | --- |
/// | once | a minute | half |
/// | again after that | two, four … minutes, at most half an hour | a quarter, an eighth …, at least one |
///
/// A reply that says how long to wait is believed between ten seconds and an hour. What many connections hear at
/// the same moment counts once. Each five minutes with mail that is taken undo one step. A start forgets it all.
final class SlowedHosts {
    /// Most hosts remembered; that which was asked for longest ago goes first.
    static final int HOSTS_MAX = 1_000;

    /// Shortest pause that a reply may ask for.
    static final Duration PAUSE_MIN = Duration.ofSeconds(10);

    /// The first pause where the reply does not say.
    static final Duration PAUSE = Duration.ofMinutes(1);

    /// The longest where it does not say; {@link RefusalWords#WAIT_MAX} where it does.
    static final Duration PAUSE_MAX = Duration.ofMinutes(30);

    /// How long mail is taken until a step is undone.
    static final Duration STEP = Duration.ofMinutes(5);

    /// After so long without a word everything is forgotten.
    static final Duration FORGOTTEN = Duration.ofHours(6);

    private static final int STEPS_MAX = 6;

    /// Kept of a reply, in characters.
    private static final int SAID_CHARS_MAX = 1_000;

    /// @param steps how often it said so, less what was undone
    /// @param changed when that changed last
    /// @param until when it is left alone no longer
    /// @param said the reply
    private record Slow(int steps, Instant changed, Instant until, String said) {}

    private final InstantSource clock;
    private final Log log;
    private final Map<String, Slow> hosts = new Lru<>(HOSTS_MAX);

    SlowedHosts(InstantSource clock, Log log) {
        this.clock = clock;
        this.log = log;
    }

    /// Why nothing is sent to a host now; empty when it may be.
    synchronized Optional<Verdict> pause(String host) {
        return find(host)
                .filter(slow -> clock.instant().isBefore(slow.until))
                .map(slow -> new Verdict.Later("Left alone until "
                        + slow.until.truncatedTo(ChronoUnit.SECONDS) + ", because " + host
                        + " has asked for less. (#4.4.5)\n" + slow.said));
    }

    /// How many connections at once a host may have.
    ///
    /// @param most without a word from it
    synchronized int connections(String host, int most) {
        return find(host).map(slow -> Math.max(1, most >> slow.steps)).orElse(most);
    }

    /// Takes in how deliveries to a host ended.
    synchronized void heard(String host, List<Verdict> endings) {
        Optional<String> rate = endings.stream()
                .filter(Verdict.Later.class::isInstance)
                .map(Verdict::text)
                .distinct()
                .filter(text -> RefusalWords.explain(text)
                        .filter(advice -> advice.kind() == RefusalKind.RATE)
                        .isPresent())
                .findFirst();
        if (rate.isPresent()) {
            slower(host, rate.get());
        } else if (endings.stream().anyMatch(Verdict.Delivered.class::isInstance)) {
            faster(host);
        }
    }

    private void slower(String host, String text) {
        Instant now = clock.instant();
        Optional<Slow> before = find(host);
        if (before.filter(slow -> now.isBefore(slow.until)).isPresent()) {
            return;
        }
        int steps = Math.min(STEPS_MAX, before.map(Slow::steps).orElse(0) + 1);
        Duration pause = RefusalWords.wait(text)
                .map(asked -> asked.compareTo(PAUSE_MIN) < 0 ? PAUSE_MIN : asked)
                .orElse(capped(PAUSE.multipliedBy(1L << (steps - 1))));
        int said = Math.max(0, text.indexOf("Remote host said: "));
        String kept = text.substring(said, Math.min(text.length(), said + SAID_CHARS_MAX));
        hosts.put(host, new Slow(steps, now, now.plus(pause), kept));
        log.line("remote: info: " + host + " has asked for less: left alone for " + pause.toSeconds()
                + " seconds, and fewer connections after that");
    }

    private static Duration capped(Duration pause) {
        return pause.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause;
    }

    private void faster(String host) {
        Instant now = clock.instant();
        find(host)
                .filter(slow -> !now.isBefore(slow.until.plus(STEP)) && !now.isBefore(slow.changed.plus(STEP)))
                .ifPresent(slow -> {
                    if (slow.steps == 1) {
                        hosts.remove(host);
                    } else {
                        hosts.put(host, new Slow(slow.steps - 1, now, slow.until, slow.said));
                    }
                });
    }

    /// What is known of a host; a clock that was set back counts as long ago.
    private Optional<Slow> find(String host) {
        Slow slow = hosts.get(host);
        if (slow == null) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        if (now.isBefore(slow.changed) || now.isAfter(slow.changed.plus(FORGOTTEN))) {
            hosts.remove(host);
            return Optional.empty();
        }
        return Optional.of(slow);
    }

    /// Hosts remembered.
    synchronized int size() {
        return hosts.size();
    }
}
