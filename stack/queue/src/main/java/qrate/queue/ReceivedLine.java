package qrate.queue;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// The line that qmail-queue puts on top of each message.
final class ReceivedLine {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("d MMM yyyy HH:mm:ss '-0000'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private static final long PID = ProcessHandle.current().pid();

    private ReceivedLine() {}

    /// `Received: (qmail 17 invoked from network); 24 Nov 2025 16:00:00 -0000`, and LF.
    static byte[] of(String how, InstantSource clock) {
        String line = "Received: (qmail " + PID + " invoked " + how + "); " + DATE.format(clock.instant()) + "\n";
        return line.getBytes(StandardCharsets.US_ASCII);
    }
}
