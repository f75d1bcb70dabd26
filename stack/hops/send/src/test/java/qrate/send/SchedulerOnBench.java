package qrate.send;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Verdict;

/// A scheduler on a bench, between a queue in memory and two spawners that answer as they are told.
abstract class SchedulerOnBench {
    static final Verdict OK = new Verdict.Delivered("ok");
    static final Verdict LATER = new Verdict.Later("4.2.1 mailbox busy");
    static final Verdict NEVER = new Verdict.Never("5.1.1 no such user");

    @TempDir
    Path folder;

    Bench bench;
    MemoryQueue queue;

    @BeforeEach
    void boot() {
        bench = new Bench(
                folder,
                Map.of(
                        "locals", "here.example",
                        "concurrencylocal", "3",
                        "concurrencyremote", "2",
                        "queuelifetime", "1000"));
        queue = new MemoryQueue(bench.clock);
        bench.boot(queue);
    }
}
