package qrate.queue;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import qrate.message.HeaderDate;

/// The line that qmail-queue puts on top of each message.
final class ReceivedLine {
    private static final long PID = ProcessHandle.current().pid();

    private ReceivedLine() {}

    /// `Received: (qmail 17 invoked from network); 24 Nov 2025 16:00:00 -0000`, and LF.
    static byte[] of(String how, InstantSource clock) {
        String line = "Received: (qmail " + PID + " invoked " + how + "); " + HeaderDate.of(clock.instant()) + "\n";
        return line.getBytes(StandardCharsets.US_ASCII);
    }
}
