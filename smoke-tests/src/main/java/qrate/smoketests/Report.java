package qrate.smoketests;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import qrate.core.Log;

/// Runs checks and prints a line for each: `ok`, its time, its name; or `FAIL` and the reason.
final class Report {
    /// One check; ends normally when all is well.
    @FunctionalInterface
    interface Check {
        void run() throws Exception;
    }

    private final PrintStream out;
    private final InstantSource clock;
    private int passed;
    private int failed;

    Report(PrintStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    /// Runs one; whatever it throws is its failure.
    void check(String name, Check check) {
        Instant start = clock.instant();
        String failure = "";
        try {
            check.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = "interrupted";
        } catch (Exception | AssertionError e) {
            failure = reason(e);
        }
        long millis = Duration.between(start, clock.instant()).toMillis();
        if (failure.isEmpty()) {
            passed++;
            out.printf("ok   %6d ms  %s%n", millis, name);
        } else {
            failed++;
            out.printf("FAIL %6d ms  %s: %s%n", millis, name, Log.escape(failure));
        }
    }

    /// The last line.
    void end() {
        out.printf("%d passed, %d failed%n", passed, failed);
    }

    int failed() {
        return failed;
    }

    private static String reason(Throwable e) {
        return e.getMessage() == null || e.getMessage().isBlank() ? e.getClass().getSimpleName() : e.getMessage();
    }
}
