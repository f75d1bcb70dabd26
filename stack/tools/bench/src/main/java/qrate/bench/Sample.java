package qrate.bench;

import java.util.Arrays;
import java.util.List;

/// What one round gave.
///
/// @param messages how many went through
/// @param nanos how long all took
/// @param latencies each message's, in nanoseconds
record Sample(int messages, long nanos, List<Long> latencies) {
    double perSecond() {
        return messages * 1e9 / nanos;
    }

    /// A percentile of the latencies, in milliseconds.
    double percentileMillis(double part) {
        List<Long> sorted = latencies.stream().sorted().toList();
        return sorted.get((int) Math.min(sorted.size() - 1L, Math.round(sorted.size() * part))) / 1e6;
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
