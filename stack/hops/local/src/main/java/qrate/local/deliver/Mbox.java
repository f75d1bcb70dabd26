package qrate.local.deliver;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import qrate.message.Dates;
import qrate.posix.FileLocks;
import qrate.posix.Posix;

/// Appends to mbox files (mbox(5)): locked, synced, cut back to the old length if anything fails.
final class Mbox {
    private static final int LOCKS = 64;
    private static final int BUFFER_BYTES = 64 << 10;

    /// Locks of files keep processes apart, not threads of one process.
    private final Lock[] locks =
            Stream.generate(ReentrantLock::new).limit(LOCKS).toArray(Lock[]::new);

    private final FileLocks fileLocks = new FileLocks(new Posix());

    /// The `From ` line of a message, as UFLINE has it.
    static String fromLine(String sender, Instant when) {
        String name = sender.isEmpty() ? "MAILER-DAEMON" : sender.replaceAll("[ \t\n]", "-");
        return "From " + name + " " + Dates.asctime(when) + "\n";
    }

    /// Appends one message.
    void append(Path file, Mailing mailing, Instant when) throws IOException {
        Lock lock = locks[Math.floorMod(file.hashCode(), LOCKS)];
        lock.lock();
        try {
            appendLocked(file, mailing, when);
        } finally {
            lock.unlock();
        }
    }

    private void appendLocked(Path file, Mailing mailing, Instant when) throws IOException {
        try (MboxLock lock = MboxLock.of(file, fileLocks)) {
            FileChannel channel = lock.channel();
            long before = channel.size();
            channel.position(before);
            try {
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
                write(
                        out,
                        fromLine(mailing.job().sender(), when),
                        mailing.forMailbox().open());
                out.flush();
                channel.force(true);
            } catch (IOException e) {
                channel.truncate(before);
                throw e;
            }
        }
    }

    private static final byte[] FROM = {'F', 'r', 'o', 'm', ' '};

    /// Writes the message with one more `>` in front of each line that is `From ` behind any number of them.
    ///
    /// @param message is closed
    static void write(OutputStream out, String fromLine, InputStream message) throws IOException {
        out.write(fromLine.getBytes(StandardCharsets.UTF_8));
        boolean ended = true;
        try (InputStream in = new BufferedInputStream(message, BUFFER_BYTES)) {
            int b = in.read();
            while (b >= 0) {
                b = lineStart(in, b, out);
                while (b >= 0 && b != '\n') {
                    out.write(b);
                    b = in.read();
                }
                ended = b == '\n';
                if (ended) {
                    out.write(b);
                    b = in.read();
                }
            }
        }
        out.write((ended ? "\n" : "\n\n").getBytes(StandardCharsets.US_ASCII));
    }

    /// Copies the start of a line, quoted if need be, and gives the byte behind it.
    private static int lineStart(InputStream in, int first, OutputStream out) throws IOException {
        int b = first;
        while (b == '>') {
            // where the extra one stands does not matter
            out.write(b);
            b = in.read();
        }
        int matched = 0;
        while (matched < FROM.length && b == FROM[matched]) {
            matched++;
            b = in.read();
        }
        if (matched == FROM.length) {
            out.write('>');
        }
        out.write(FROM, 0, matched);
        return b;
    }
}
