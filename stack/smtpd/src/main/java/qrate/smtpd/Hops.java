package qrate.smtpd;

import java.nio.charset.StandardCharsets;

/// Counts Received and Delivered-To fields, which tell a loop (RFC 5321 §6.3).
final class Hops {
    /// Most hops of a message, as qmail counts them.
    static final int HOPS_MAX = 100;

    private static final byte[] RECEIVED = "received:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DELIVERED = "delivered-to:".getBytes(StandardCharsets.US_ASCII);

    private final byte[] start = new byte[DELIVERED.length];
    private int length;
    private boolean header = true;
    private int count;

    /// Takes a piece of a line.
    void text(byte[] bytes, int offset, int count) {
        if (header && length < start.length) {
            int n = Math.min(count, start.length - length);
            System.arraycopy(bytes, offset, start, length, n);
            length += n;
        }
    }

    /// Takes the end of a line.
    void newline() {
        if (header) {
            header = length > 0;
            if (startsWith(RECEIVED) || startsWith(DELIVERED)) {
                count++;
            }
            length = 0;
        }
    }

    private boolean startsWith(byte[] name) {
        if (length < name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            int b = start[i] >= 'A' && start[i] <= 'Z' ? start[i] + 32 : start[i];
            if (b != name[i]) {
                return false;
            }
        }
        return true;
    }

    boolean tooMany() {
        return count > HOPS_MAX;
    }
}
