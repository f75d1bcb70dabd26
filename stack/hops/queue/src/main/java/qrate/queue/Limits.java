package qrate.queue;

/// Named limits of the journal; tests make the first four small.
///
/// @param segmentBytes a segment that has reached this size is closed and the next begun
/// @param inlineBytes a body up to this size stands in its record, a larger one in a file of its own
/// @param batchBytes one write and sync takes records up to this size, and whatever record crosses it
/// @param garbageBytes ended messages may hold this much of the disk before live ones are moved to set it free
record Limits(long segmentBytes, int inlineBytes, int batchBytes, long garbageBytes) {
    /// What a running system uses.
    static final Limits STANDARD = new Limits(64L << 20, 64 << 10, 4 << 20, 128L << 20);

    /// Zeros behind the end of the segment that is written to, in bytes ({@link qrate.core.Disk.Appender#keepAhead}).
    static final int AHEAD_BYTES = 1 << 20;

    /// Most recipients of one message.
    static final int RECIPIENTS_MAX = 100_000;

    /// Largest envelope in bytes, as it stands in a record.
    static final int ENVELOPE_BYTES_MAX = 8 << 20;

    /// Largest message in bytes.
    static final long BODY_BYTES_MAX = 2L << 30;

    /// Largest set of endings in one record, in bytes; a longer list becomes several records.
    static final int ENDINGS_BYTES_MAX = 1 << 20;

    /// Largest body that may stand in a record, in bytes, whatever {@link #inlineBytes} says.
    static final int INLINE_BYTES_MAX = 1 << 20;

    /// Largest record in bytes: a moved message carries every reason for its bounce.
    static final int PAYLOAD_BYTES_MAX = 64 << 20;

    /// Bytes of reasons that a moved message may carry; beyond it the later reasons are left out.
    static final int MOVED_REASONS_BYTES_MAX = PAYLOAD_BYTES_MAX - ENVELOPE_BYTES_MAX - INLINE_BYTES_MAX - (4 << 20);

    Limits {
        if (inlineBytes > INLINE_BYTES_MAX) {
            throw new IllegalArgumentException("inlineBytes above " + INLINE_BYTES_MAX);
        }
    }
}
