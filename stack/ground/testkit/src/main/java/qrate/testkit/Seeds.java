package qrate.testkit;

import java.util.Random;
import java.util.function.Consumer;

/// Seeded property tests: runs a property with many seeds and names the one that broke it.
///
/// A usual run has the same seeds each time, so that what it says is about the change and not about luck; what nobody
/// thought of is searched for by `./qrate fuzz`, which sets `-Dqrate.seeds.times=N`: N times as many, new ones each
/// time.
public final class Seeds {
    private Seeds() {}

    /// The first seed of a run: always the same one, unless new ones are asked for.
    static long first() {
        return Long.getLong("qrate.seeds.times") == null ? 1 : System.nanoTime();
    }

    /// Runs the property with `runs` seeds; `-Dqrate.seed=N` replays one.
    public static void forAll(int runs, Consumer<Random> property) {
        Long only = Long.getLong("qrate.seed");
        long first = only == null ? first() : only;
        long count = only == null ? runs * Long.getLong("qrate.seeds.times", 1) : 1;
        for (long i = 0; i < count; i++) {
            long seed = first + i;
            try {
                property.accept(new Random(seed));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("replay with -Dqrate.seed=" + seed + ": " + e.getMessage(), e);
            }
        }
    }
}
