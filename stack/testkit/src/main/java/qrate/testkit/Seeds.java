package qrate.testkit;

import java.util.Random;
import java.util.function.Consumer;

/// Seeded property tests: runs a property with many seeds and names the one that broke it.
public final class Seeds {
    private Seeds() {}

    /// Runs the property with `runs` seeds; `-Dqrate.seed=N` replays one.
    public static void forAll(int runs, Consumer<Random> property) {
        Long only = Long.getLong("qrate.seed");
        long first = only == null ? System.nanoTime() : only;
        int count = only == null ? runs : 1;
        for (int i = 0; i < count; i++) {
            long seed = first + i;
            try {
                property.accept(new Random(seed));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("replay with -Dqrate.seed=" + seed + ": " + e.getMessage(), e);
            }
        }
    }
}
