package qrate.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Sends messages by SMTP over some connections at once, as plainly as a client can, so that the server is what is
/// measured.
///
/// @param connections how many at once
/// @param perConnection messages down one connection before QUIT
/// @param bodyBytes size of the text after the header
/// @param pipelining whether MAIL, RCPT and DATA go out together, and QUIT with the last message, as MTAs do (RFC 2920)
record SmtpLoad(int connections, int perConnection, int bodyBytes, boolean pipelining) implements Load {
    private static final long RUN_SECONDS_MAX = 600;

    @Override
    public String name() {
        return "%d connections, %d bytes, %d a connection%s"
                .formatted(connections, bodyBytes, perConnection, pipelining ? ", pipelined" : "");
    }

    @Override
    public Sample run(int port, int messages) throws IOException {
        AtomicInteger left = new AtomicInteger(messages);
        List<Future<long[]>> workers = new ArrayList<>();
        long start = System.nanoTime();
        ExecutorService threads = Executors.newFixedThreadPool(
                connections, Thread.ofPlatform().daemon().factory());
        for (int i = 0; i < connections; i++) {
            workers.add(threads.submit(() -> work(port, left)));
        }
        awaitAll(threads);
        long nanos = System.nanoTime() - start;
        List<Long> latencies = workers.stream()
                .flatMapToLong(w -> Arrays.stream(result(w)))
                .boxed()
                .toList();
        return new Sample(messages, nanos, latencies);
    }

    /// One limit for the whole run: a time limit on each read would cost the generator a poll for each reply.
    private static void awaitAll(ExecutorService threads) throws IOException {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(RUN_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new IOException("the server did not answer within " + RUN_SECONDS_MAX + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
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
        byte[] quit = "QUIT\r\n".getBytes(US_ASCII);
        byte[] content = ("From: a@client.test\r\nTo: u@" + Server.DOMAIN + "\r\nSubject: load\r\n\r\n"
                        + ("x".repeat(70) + "\r\n").repeat(Math.max(1, bodyBytes / 72))
                        + ".\r\n")
                .getBytes(US_ASCII);
        byte[] contentAndQuit = Arrays.copyOf(content, content.length + quit.length);
        System.arraycopy(quit, 0, contentAndQuit, content.length, quit.length);
        long[] latencies = new long[64];
        int count = 0;
        while (true) {
            int batch = take(left);
            if (batch == 0) {
                return Arrays.copyOf(latencies, count);
            }
            long from = System.nanoTime();
            try (Socket socket = new Socket()) {
                socket.setTcpNoDelay(true);
                socket.connect(new InetSocketAddress("127.0.0.1", port));
                InputStream in = new BufferedInputStream(socket.getInputStream(), 4096);
                OutputStream out = socket.getOutputStream();
                expect(in, '2');
                say(in, out, "EHLO client.test\r\n", '2');
                for (int i = 0; i < batch; i++) {
                    int mailbox = (left.get() + i) % Server.MAILBOXES;
                    envelope(in, out, mailbox);
                    out.write(pipelining && i == batch - 1 ? contentAndQuit : content);
                    expect(in, '2');
                    long now = System.nanoTime();
                    if (count == latencies.length) {
                        latencies = Arrays.copyOf(latencies, count * 2);
                    }
                    latencies[count++] = now - from;
                    from = now;
                }
                if (!pipelining) {
                    out.write(quit);
                }
                expect(in, '2');
            }
        }
    }

    private void envelope(InputStream in, OutputStream out, int mailbox) throws IOException {
        String from = "MAIL FROM:<a@client.test>\r\n";
        String to = "RCPT TO:<u" + mailbox + "@" + Server.DOMAIN + ">\r\n";
        if (pipelining) {
            out.write((from + to + "DATA\r\n").getBytes(US_ASCII));
            expect(in, '2');
            expect(in, '2');
            expect(in, '3');
        } else {
            say(in, out, from, '2');
            say(in, out, to, '2');
            say(in, out, "DATA\r\n", '3');
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
        boolean last = false;
        while (!last) {
            int first = in.read();
            int separator = -1;
            int at = 1;
            for (int b = first; b != '\n'; b = in.read(), at++) {
                if (b < 0) {
                    throw new IOException("the server closed");
                }
                separator = at == 4 ? b : separator;
            }
            if (first != want) {
                throw new IOException("the server answered " + (char) first + "xx where " + want + "xx was due");
            }
            last = separator != '-';
        }
    }
}
