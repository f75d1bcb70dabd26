package qrate.core;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Does many things that wait for a disk at the same time: a disk syncs sixteen files in little more time than one.
final class AtOnce {
    /// Most that are done at the same time.
    private static final int MAX = 16;

    /// What is done with each.
    @FunctionalInterface
    interface Work<T> {
        void with(T one) throws IOException;
    }

    private AtOnce() {}

    /// Returns when all are done.
    ///
    /// @throws IOException of the first for which it failed; the others were done all the same
    static <T> void each(Collection<T> all, Work<T> work) throws IOException {
        if (all.size() == 1) {
            work.with(all.iterator().next());
        } else if (!all.isEmpty()) {
            List<Future<?>> begun = new ArrayList<>();
            // threads of the system: a virtual one would keep its carrier while it waits for the disk
            try (ExecutorService threads = Executors.newFixedThreadPool(Math.min(all.size(), MAX))) {
                for (T one : all) {
                    begun.add(threads.submit(() -> {
                        work.with(one);
                        return one;
                    }));
                }
            }
            for (Future<?> one : begun) {
                if (one.state() == Future.State.FAILED) {
                    Throwable why = one.exceptionNow();
                    throw why instanceof IOException broken ? broken : new IOException(why);
                }
            }
        }
    }
}
