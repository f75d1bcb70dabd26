package qrate.queue;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import qrate.core.Disk;
import qrate.core.Log;

/// Opens the real journal on a simulated disk, with every step taken by the test's own thread; stands in the queue's
/// package because only the queue itself may choose its disk.
public final class StepJournal {
    private StepJournal() {}

    /// Replays what is on the disk.
    public static Queue open(Disk disk, InstantSource clock) throws IOException {
        Limits small = new Limits(4096, 64, 2048, 2048);
        return new Journal(new Journal.World(disk, clock, new Random(7), Log.silent(), small), new Inline());
    }

    private static final class Inline implements Workers {
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
