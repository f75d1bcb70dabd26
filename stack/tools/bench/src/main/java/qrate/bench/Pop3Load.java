package qrate.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Reads mailboxes by POP3: one session a mailbox, all at once, each message by RETR.
///
/// @param sessions how many mailboxes at once
/// @param messages how many each holds
record Pop3Load(int sessions, int messages) {
    private static final int REPLY_TIMEOUT_MILLIS = 60_000;

    Sample run(Server server) {
        return all(mailbox -> read(server, mailbox), sessions * messages);
    }

    /// Signs in, looks how much is there, and goes, so many times a mailbox.
    Sample signIn(Server server, int times) {
        return all(mailbox -> signIn(server, mailbox, times), sessions * times);
    }

    /// From the password to the first line of LIST, of one mailbox that nobody else has open.
    static double millisToList(Server server, int mailbox) throws IOException {
        try (Socket socket = new Socket()) {
            InputStream in = connect(server, mailbox, socket);
            OutputStream out = socket.getOutputStream();
            long from = System.nanoTime();
            say(in, out, "PASS " + Server.PASSWORD);
            say(in, out, "LIST");
            if (in.read() != '1') {
                throw new IOException("nothing is listed");
            }
            double millis = (System.nanoTime() - from) / 1e6;
            while (in.read() != '.' || in.read() != '\r') {
                // the rest of the list
            }
            in.skipNBytes(1);
            say(in, out, "QUIT");
            return millis;
        }
    }

    /// What one mailbox's client does: how long each step took.
    @FunctionalInterface
    private interface Client {
        long[] run(int mailbox) throws IOException;
    }

    private Sample all(Client client, int steps) {
        List<Future<long[]>> workers = new ArrayList<>();
        long start = System.nanoTime();
        try (ExecutorService threads = Executors.newFixedThreadPool(sessions)) {
            for (int i = 0; i < sessions; i++) {
                int mailbox = i;
                workers.add(threads.submit(() -> client.run(mailbox)));
            }
        }
        long nanos = System.nanoTime() - start;
        List<Long> latencies = workers.stream()
                .flatMapToLong(w -> Arrays.stream(result(w)))
                .boxed()
                .toList();
        return new Sample(steps, nanos, latencies);
    }

    private static long[] result(Future<long[]> worker) {
        try {
            return worker.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a client failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private long[] signIn(Server server, int mailbox, int times) throws IOException {
        long[] latencies = new long[times];
        for (int i = 0; i < times; i++) {
            long from = System.nanoTime();
            try (Socket socket = new Socket()) {
                say(begin(server, mailbox, socket), socket.getOutputStream(), "QUIT");
            }
            latencies[i] = System.nanoTime() - from;
        }
        return latencies;
    }

    /// As far as the name.
    private static InputStream connect(Server server, int mailbox, Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(REPLY_TIMEOUT_MILLIS);
        socket.connect(server.pop3());
        InputStream in = new BufferedInputStream(socket.getInputStream(), 32_768);
        OutputStream out = socket.getOutputStream();
        ok(in);
        say(in, out, "USER " + server.login(mailbox));
        return in;
    }

    /// As far as STAT.
    private InputStream begin(Server server, int mailbox, Socket socket) throws IOException {
        InputStream in = connect(server, mailbox, socket);
        OutputStream out = socket.getOutputStream();
        say(in, out, "PASS " + Server.PASSWORD);
        String stat = say(in, out, "STAT");
        if (!stat.startsWith("+OK " + messages + " ")) {
            throw new IOException("expected " + messages + " messages: " + stat);
        }
        return in;
    }

    private long[] read(Server server, int mailbox) throws IOException {
        long[] latencies = new long[messages];
        try (Socket socket = new Socket()) {
            InputStream in = begin(server, mailbox, socket);
            OutputStream out = socket.getOutputStream();
            for (int i = 0; i < messages; i++) {
                long from = System.nanoTime();
                say(in, out, "RETR " + (i + 1));
                int state = 0; // how much of CR LF . CR LF has come
                while (state < 5) {
                    int b = in.read();
                    if (b < 0) {
                        throw new IOException("the server closed");
                    }
                    state = b == "\r\n.\r\n".charAt(state) ? state + 1 : b == '\r' ? 1 : 0;
                }
                latencies[i] = System.nanoTime() - from;
            }
            say(in, out, "QUIT");
        }
        return latencies;
    }

    private static String say(InputStream in, OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(US_ASCII));
        return ok(in);
    }

    private static String ok(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("the server closed");
            }
            line.append((char) b);
        }
        if (line.charAt(0) != '+') {
            throw new IOException("the server said " + line);
        }
        return line.toString();
    }
}
