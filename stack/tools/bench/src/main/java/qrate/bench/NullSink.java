package qrate.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/// Hosts that say yes to everything and keep nothing, at the least cost: the ceiling of the generator itself, and where
/// mail for other hosts goes. One thread serves all of them.
final class NullSink implements AutoCloseable {
    private static final int BACKLOG = 200;
    private static final int LINE_CHARS_MAX = 8;

    /// Addresses of 127.0.0.0/8 that are hosts: 127.1.0.1 to 127.1.249.250.
    private static final int HOSTS_A_ROW = 250;

    private final Selector selector = Selector.open();
    private final List<ServerSocketChannel> doors = new ArrayList<>();
    private final ByteBuffer in = ByteBuffer.allocateDirect(65_536);
    private final List<Session> waiting = new ArrayList<>();
    private volatile boolean held;
    private final AtomicInteger messages = new AtomicInteger();

    /// @param hosts an address each; two may be the same, since each has a port of its own
    NullSink(List<InetAddress> hosts) throws IOException {
        for (InetAddress host : hosts) {
            ServerSocketChannel door = ServerSocketChannel.open();
            doors.add(door);
            door.bind(new InetSocketAddress(host, 0), BACKLOG);
            door.configureBlocking(false);
            door.register(selector, SelectionKey.OP_ACCEPT, door);
        }
        Thread.ofPlatform().daemon().name("null sink").start(this::serve);
    }

    /// Hosts with addresses of their own in 127.0.0.0/8.
    static NullSink here(int hosts) throws IOException {
        return new NullSink(IntStream.range(0, hosts).mapToObj(NullSink::host).toList());
    }

    private static InetAddress host(int number) {
        byte[] address = {127, 1, (byte) (number / HOSTS_A_ROW), (byte) (number % HOSTS_A_ROW + 1)};
        try {
            return InetAddress.getByAddress(address);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Hosts that share an address.
    static NullSink at(InetAddress address, int hosts) throws IOException {
        return new NullSink(Collections.nCopies(hosts, address));
    }

    /// Where its hosts are.
    List<InetSocketAddress> addresses() {
        return doors.stream()
                .map(door -> new InetSocketAddress(
                        door.socket().getInetAddress(), door.socket().getLocalPort()))
                .toList();
    }

    /// Answers nobody until it is let go.
    void hold() {
        held = true;
    }

    void letGo() {
        held = false;
        selector.wakeup();
    }

    /// Messages that it has taken.
    int messages() {
        return messages.get();
    }

    /// Waits until it has taken as many.
    ///
    /// @return whether it had in time
    boolean await(int wanted, long nanosMax) {
        long start = System.nanoTime();
        while (messages.get() < wanted) {
            if (System.nanoTime() - start > nanosMax) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        return true;
    }

    private void serve() {
        try {
            while (true) {
                selector.select(key -> {
                    if (key.attachment() instanceof Session session) {
                        session.read();
                    } else {
                        accept((ServerSocketChannel) key.attachment());
                    }
                });
                if (!held) {
                    waiting.forEach(Session::answer);
                    waiting.clear();
                }
            }
        } catch (ClosedSelectorException _) {
            // the end
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void accept(ServerSocketChannel door) {
        try {
            SocketChannel client = door.accept();
            if (client != null) {
                client.configureBlocking(false);
                Session session = new Session(client);
                client.register(selector, SelectionKey.OP_READ, session);
                session.say("220 sink\r\n");
            }
        } catch (IOException _) {
            // the client went away: nothing was promised
        }
    }

    private final class Session {
        private final SocketChannel client;
        private final StringBuilder line = new StringBuilder();
        private final StringBuilder replies = new StringBuilder();
        private boolean data;
        private int ended;

        Session(SocketChannel client) {
            this.client = client;
        }

        void read() {
            boolean ends = false;
            try {
                in.clear();
                ends = client.read(in) < 0;
                in.flip();
                while (in.hasRemaining()) {
                    char c = (char) in.get();
                    if (c != '\n') {
                        if (line.length() < LINE_CHARS_MAX) {
                            line.append(c);
                        }
                        continue;
                    }
                    String command = line.toString();
                    line.setLength(0);
                    if (!data || command.equals(".\r")) {
                        ended += data ? 1 : 0;
                        data = command.startsWith("DATA");
                        replies.append(
                                data
                                        ? "354 go\r\n"
                                        : command.startsWith("EHLO")
                                                ? "250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
                                                : "250 ok\r\n");
                        ends |= command.startsWith("QUIT");
                    }
                }
                say("");
                if (ends) {
                    client.close();
                }
            } catch (IOException _) {
                close();
            }
        }

        void say(String text) {
            replies.append(text);
            if (held) {
                waiting.add(this);
            } else {
                answer();
            }
        }

        private void answer() {
            try {
                if (!replies.isEmpty()) {
                    client.write(ByteBuffer.wrap(replies.toString().getBytes(US_ASCII)));
                    replies.setLength(0);
                }
                messages.addAndGet(ended);
                ended = 0;
            } catch (IOException _) {
                close();
            }
        }

        private void close() {
            try {
                client.close();
            } catch (IOException _) {
                // it went away by itself
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (ServerSocketChannel door : doors) {
            door.close();
        }
        selector.close();
    }
}
