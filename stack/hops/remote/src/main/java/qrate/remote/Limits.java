package qrate.remote;

import java.time.Duration;

/// Limits of a {@link RemoteSpawner} that tests tighten.
///
/// @param jobs deliveries here at a time; the others wait
/// @param drain how long closing lets deliveries go on
/// @param answers how long closing waits then for answers to messages that were sent whole
/// @param kept how long a connection is kept for the next message
/// @param turn how long a message waits for its turn, at a busy host or among all, before it is deferred
/// @param patience how long a host may let a delivery wait before that gives its turn away
record Limits(int jobs, Duration drain, Duration answers, Duration kept, Duration turn, Duration patience) {
    static final Limits STANDARD = new Limits(
            1_500,
            Duration.ofSeconds(3),
            Duration.ofSeconds(20),
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            Duration.ofSeconds(1));
}
