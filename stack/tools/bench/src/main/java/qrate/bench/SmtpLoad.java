package qrate.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Sends messages by SMTP over some connections at once. One thread serves all of them by events: the generator shares
/// the cores with the server that is measured, and a thread each would take as much of them as the server does.
///
/// @param connections how many at once
/// @param perConnection messages down one connection before QUIT
/// @param bodyBytes size of the text after the header
/// @param pipelining whether MAIL, RCPT and DATA go out together, and QUIT with the last message, as MTAs do (RFC 2920)
record SmtpLoad(int connections, int perConnection, int bodyBytes, boolean pipelining) {
    private static final long RUN_NANOS_MAX = TimeUnit.MINUTES.toNanos(10);

    private static final String FROM = "MAIL FROM:<a@client.test>\r\n";
    private static final String DATA = "DATA\r\n";

    /// What the tables call it.
    String name() {
        return "%d connections, %d bytes, %d a connection%s"
                .formatted(connections, bodyBytes, perConnection, pipelining ? ", pipelined" : "");
    }

    /// Sends `messages` in all, to the first mailboxes in turn.
    Sample run(InetSocketAddress server, int messages) throws IOException {
        return run(
                server,
                messages,
                Server.first().stream()
                        .map(local -> local + "@" + Server.DOMAIN)
                        .toList());
    }

    /// Sends `messages` in all, to addresses in turn.
    Sample run(InetSocketAddress server, int messages, List<String> recipients) throws IOException {
        return run(
                server,
                messages,
                recipients,
                "From: a@client.test\r\nTo: u@" + Server.DOMAIN + "\r\nSubject: load\r\n\r\n" + body());
    }

    /// The lines of a message's text.
    String body() {
        return ("x".repeat(70) + "\r\n").repeat(Math.max(1, bodyBytes / 72));
    }

    /// The same with another message.
    ///
    /// @param text its lines, each with CRLF; none begins with a dot
    Sample run(InetSocketAddress server, int messages, List<String> recipients, String text) throws IOException {
        try (Selector selector = Selector.open()) {
            Sending run = new Sending(selector, server, messages, recipients, text + ".\r\n");
            long start = System.nanoTime();
            run.all(start + RUN_NANOS_MAX);
            return new Sample(messages, System.nanoTime() - start, run.latencies);
        }
    }

    /// What goes out in one write, and the first digits of the replies to it.
    ///
    /// @param accepts which of these replies accepts a message, or -1
    private record Turn(ByteBuffer out, String replies, int accepts) {
        static Turn of(String out, String replies, int accepts) {
            return new Turn(
                    ByteBuffer.allocateDirect(out.length())
                            .put(out.getBytes(US_ASCII))
                            .flip(),
                    replies,
                    accepts);
        }
    }

    private final class Sending {
        private final Selector selector;
        private final InetSocketAddress server;
        private final Turn greeting = Turn.of("", "2", -1);
        private final Turn hello = Turn.of("EHLO client.test\r\n", "2", -1);
        private final Turn from = Turn.of(FROM, "2", -1);
        private final Turn data = Turn.of(DATA, "3", -1);
        private final List<List<Turn>> envelopes;
        private final Turn content;
        private final List<Turn> end;
        private final ByteBuffer in = ByteBuffer.allocateDirect(4096);
        private final List<Long> latencies = new ArrayList<>();
        private int left;
        private int open;

        Sending(Selector selector, InetSocketAddress server, int messages, List<String> recipients, String text) {
            this.selector = selector;
            this.server = server;
            this.left = messages;
            envelopes = recipients.stream().map(this::envelope).toList();
            content = Turn.of(text, "2", 0);
            end = pipelining
                    ? List.of(Turn.of(text + "QUIT\r\n", "22", 0))
                    : List.of(content, Turn.of("QUIT\r\n", "2", -1));
        }

        private List<Turn> envelope(String recipient) {
            String to = "RCPT TO:<" + recipient + ">\r\n";
            return pipelining
                    ? List.of(Turn.of(FROM + to + DATA, "223", -1))
                    : List.of(from, Turn.of(to, "2", -1), data);
        }

        void all(long deadline) throws IOException {
            for (int i = 0; i < connections; i++) {
                connect();
            }
            while (open > 0) {
                long wait = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (wait <= 0) {
                    throw new IOException("the server did not answer in time");
                }
                selector.select(
                        key -> {
                            try {
                                ((Client) key.attachment()).read();
                            } catch (IOException e) {
                                throw new java.io.UncheckedIOException(e);
                            }
                        },
                        wait);
            }
        }

        /// Opens a connection for as many messages as it may carry, unless all have their own.
        private void connect() throws IOException {
            int batch = Math.min(left, perConnection);
            if (batch > 0) {
                left -= batch;
                open++;
                new Client(batch);
            }
        }

        /// One connection: a script of turns, and where in it this is.
        private final class Client {
            private final SocketChannel channel = SocketChannel.open();
            private final List<Turn> turns = new ArrayList<>();
            private int turn;
            private int reply;
            private int column;
            private boolean lastLine;
            private long from = System.nanoTime();

            Client(int batch) throws IOException {
                turns.add(greeting);
                turns.add(hello);
                for (int i = 0; i < batch; i++) {
                    turns.addAll(envelopes.get((left + i) % envelopes.size()));
                    if (i < batch - 1) {
                        turns.add(content);
                    }
                }
                turns.addAll(end);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.connect(server);
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ, this);
            }

            void read() throws IOException {
                in.clear();
                if (channel.read(in) < 0) {
                    throw new IOException("the server closed");
                }
                in.flip();
                while (in.hasRemaining()) {
                    byte b = in.get();
                    if (column == 0 && b != turns.get(turn).replies.charAt(reply)) {
                        throw new IOException("the server answered " + (char) b + "xx to " + turns.get(turn).replies);
                    }
                    if (column == 3) {
                        lastLine = b != '-';
                    }
                    column++;
                    if (b == '\n') {
                        column = 0;
                        if (lastLine) {
                            replied();
                        }
                    }
                }
            }

            private void replied() throws IOException {
                Turn now = turns.get(turn);
                if (reply == now.accepts) {
                    long end = System.nanoTime();
                    latencies.add(end - from);
                    from = end;
                }
                reply++;
                if (reply < now.replies.length()) {
                    return;
                }
                reply = 0;
                turn++;
                if (turn == turns.size()) {
                    channel.close();
                    open--;
                    connect();
                } else {
                    ByteBuffer out = turns.get(turn).out.rewind();
                    while (out.hasRemaining()) {
                        channel.write(out);
                    }
                }
            }
        }
    }
}
