package qrate.bench;

import java.util.Arrays;

/// What one round gave.
///
/// @param messages how many went through
/// @param nanos how long all took
/// @param latencies each message's, in nanoseconds
record Sample(int messages, long nanos, long[] latencies) {
    double perSecond() {
        return messages * 1e9 / nanos;
    }

    /// A percentile in milliseconds, 0 without latencies.
    double percentileMillis(double part) {
        if (latencies.length == 0) {
            return 0;
        }
        long[] sorted = latencies.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.min(sorted.length - 1L, Math.round(sorted.length * part))] / 1e6;
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
