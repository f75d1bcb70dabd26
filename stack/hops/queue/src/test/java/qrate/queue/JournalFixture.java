package qrate.queue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import qrate.core.Body;
import qrate.core.Disk;
import qrate.core.Log;
import qrate.core.Verdict;

/// A journal whose every step is taken by the test's own thread.
final class JournalFixture {
    /// Small, so that a short test rolls, cleans and moves.
    static final Limits SMALL = new Limits(4096, 64, 2048, 2048);

    static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_764_000_000));

    private JournalFixture() {}

    static Journal open(Disk disk) throws IOException {
        return open(disk, SMALL, Log.silent());
    }

    static Journal open(Disk disk, Limits limits, Log log) throws IOException {
        return new Journal(new Journal.World(disk, CLOCK, new Random(7), log, limits), new Inline());
    }

    static Body body(String text) {
        return Body.of(text.getBytes(StandardCharsets.UTF_8));
    }

    static String text(Body body) throws IOException {
        try (InputStream in = body.open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /// The id in `ok 1764000000 qp 17`.
    static long id(Verdict verdict) {
        if (verdict instanceof Verdict.Delivered(String text)) {
            return Long.parseLong(text.substring(text.lastIndexOf(' ') + 1));
        }
        throw new AssertionError("not accepted: " + verdict);
    }

    /// Commits on the caller's thread.
    static class Inline implements Workers {
        @Override
        public void start(Committer committer, Runnable clean) {
            // nothing runs by itself
        }

        @Override
        public void submit(Committer committer, List<? extends Op> ops) throws IOException {
            for (Op op : ops) {
                committer.start(op);
            }
            committer.drain();
            Workers.await(ops);
        }

        @Override
        public boolean submit(Committer committer, Op op) throws IOException {
            committer.start(op);
            committer.drain();
            return op.await();
        }

        @Override
        public <T> T onPlatform(Callable<T> work) throws IOException {
            try {
                return work.call();
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void stop(Committer committer) throws IOException {
            committer.close();
        }
    }
}
