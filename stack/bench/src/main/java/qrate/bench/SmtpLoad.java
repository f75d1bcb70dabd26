package qrate.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// Sends messages by SMTP over some connections at once, as plainly as a client can, so that the server is what is
/// measured.
///
/// @param connections how many at once
/// @param perConnection messages down one connection before QUIT
/// @param bodyBytes size of the text after the header
record SmtpLoad(int connections, int perConnection, int bodyBytes) {
    private static final int REPLY_TIMEOUT_MILLIS = 60_000;

    /// Sends `messages` in all.
    Sample run(int port, int messages) throws IOException {
        AtomicInteger left = new AtomicInteger(messages);
        List<Future<long[]>> workers = new ArrayList<>();
        long start = System.nanoTime();
        try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
            for (int i = 0; i < connections; i++) {
                workers.add(threads.submit(() -> work(port, left)));
            }
        }
        long nanos = System.nanoTime() - start;
        List<Long> latencies = workers.stream()
                .flatMapToLong(w -> java.util.Arrays.stream(result(w)))
                .boxed()
                .toList();
        return new Sample(messages, nanos, latencies);
    }

    static long[] result(Future<long[]> worker) {
        try {
            return worker.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a client failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private long[] work(int port, AtomicInteger left) throws IOException {
        byte[] content = ("From: a@client.test\r\nTo: u@" + Server.DOMAIN + "\r\nSubject: load\r\n\r\n"
                        + ("x".repeat(70) + "\r\n").repeat(Math.max(1, bodyBytes / 72))
                        + ".\r\n")
                .getBytes(US_ASCII);
        long[] latencies = new long[64];
        int count = 0;
        while (true) {
            int batch = take(left);
            if (batch == 0) {
                return java.util.Arrays.copyOf(latencies, count);
            }
            long from = System.nanoTime();
            try (Socket socket = new Socket()) {
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(REPLY_TIMEOUT_MILLIS);
                socket.connect(new InetSocketAddress("127.0.0.1", port));
                InputStream in = new BufferedInputStream(socket.getInputStream(), 4096);
                OutputStream out = socket.getOutputStream();
                expect(in, '2');
                say(in, out, "EHLO client.test\r\n", '2');
                for (int i = 0; i < batch; i++) {
                    int mailbox = (left.get() + i) % Server.MAILBOXES;
                    say(in, out, "MAIL FROM:<a@client.test>\r\n", '2');
                    say(in, out, "RCPT TO:<u" + mailbox + "@" + Server.DOMAIN + ">\r\n", '2');
                    say(in, out, "DATA\r\n", '3');
                    out.write(content);
                    expect(in, '2');
                    long now = System.nanoTime();
                    if (count == latencies.length) {
                        latencies = java.util.Arrays.copyOf(latencies, count * 2);
                    }
                    latencies[count++] = now - from;
                    from = now;
                }
                say(in, out, "QUIT\r\n", '2');
            }
        }
    }

    private int take(AtomicInteger left) {
        int before = left.getAndUpdate(n -> Math.max(0, n - perConnection));
        return Math.min(before, perConnection);
    }

    private static void say(InputStream in, OutputStream out, String line, char want) throws IOException {
        out.write(line.getBytes(US_ASCII));
        expect(in, want);
    }

    private static void expect(InputStream in, char want) throws IOException {
        while (true) {
            int first = in.read();
            int second = in.read();
            int third = in.read();
            int separator = in.read();
            StringBuilder rest = new StringBuilder();
            for (int b = separator; b != '\n'; b = in.read()) {
                if (b < 0) {
                    throw new IOException("the server closed");
                }
                rest.append((char) b);
            }
            if (first != want) {
                throw new IOException("the server said " + (char) first + (char) second + (char) third + rest);
            }
            if (separator != '-') {
                return;
            }
        }
    }
}
