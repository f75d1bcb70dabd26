package qrate.send;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import qrate.qcontrol.Channel;

/// Whether the queue drains: both spawners are there, and of what is due something ends from time to time.
final class Draining {
    /// How long a spawner may be away before that is a problem: it may just be started anew.
    static final Duration AWAY_MAX = Duration.ofSeconds(30);

    /// How long nothing may end while something is due. A server may take twenty minutes over one answer
    /// (`timeoutremote`), and no server alone should look like a fault of ours.
    static final Duration STUCK_MAX = Duration.ofMinutes(45);

    private static final long WELL = Long.MAX_VALUE;

    private final Map<Channel, Long> awaySince = new EnumMap<>(Channel.class);
    private long owedSince = WELL;

    /// Something ended.
    void ended() {
        owedSince = WELL;
    }

    /// @param ready whether a spawner is there
    /// @param owing whether a message is due or under way
    void look(long now, Predicate<Channel> ready, boolean owing) {
        for (Channel channel : Channel.values()) {
            if (ready.test(channel)) {
                awaySince.remove(channel);
            } else {
                awaySince.putIfAbsent(channel, now);
            }
        }
        owedSince = owing ? Math.min(now, owedSince) : WELL;
    }

    Optional<String> problem(long now) {
        for (Channel channel : Channel.values()) {
            if (now - AWAY_MAX.toMillis() >= awaySince.getOrDefault(channel, WELL)) {
                String spawner = switch (channel) {
                    case LOCAL -> "lspawn";
                    case REMOTE -> "rspawn";
                };
                return Optional.of(spawner + " does not answer: " + channel.word() + " mail waits");
            }
        }
        return now - STUCK_MAX.toMillis() >= owedSince
                ? Optional.of("the queue does not drain: messages are due, and no delivery has ended for "
                        + Duration.ofMillis(now - owedSince).toMinutes() + " minutes")
                : Optional.empty();
    }
}
