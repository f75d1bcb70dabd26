package qrate.smtpd;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import qrate.core.Envelope;

/// Counts Received and Delivered-To fields, which tell a loop (RFC 5321 §6.3), and keeps what the second say.
final class Hops {
    /// Most hops of a message, as qmail counts them.
    static final int HOPS_MAX = 100;

    private static final byte[] RECEIVED = "received:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DELIVERED = "delivered-to:".getBytes(StandardCharsets.US_ASCII);

    private static final String DELIVERED_TO = "Delivered-To: ";

    /// Bytes of a line that are looked at: an address of the envelope fits.
    private static final int LINE_BYTES_MAX = DELIVERED_TO.length() + Envelope.TEXT_BYTES_MAX;

    /// Most lines of a header: delivery looks at 10,000 for a loop, some of which are added on the way.
    static final int HEADER_LINES_MAX = 9_900;

    private final byte[] start = new byte[LINE_BYTES_MAX];
    private final Set<String> delivered = new HashSet<>();
    private int length;
    private boolean header = true;
    private int count;
    private int lines;

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
            lines++;
            if (count <= HOPS_MAX && startsWith(DELIVERED)) {
                String line = new String(start, 0, length, StandardCharsets.UTF_8);
                if (line.startsWith(DELIVERED_TO)) {
                    delivered.add(line.substring(DELIVERED_TO.length()));
                }
            }
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
        return count > HOPS_MAX || lines > HEADER_LINES_MAX;
    }

    /// What its Delivered-To fields say, letter by letter.
    Set<String> delivered() {
        return Set.copyOf(delivered);
    }
}
