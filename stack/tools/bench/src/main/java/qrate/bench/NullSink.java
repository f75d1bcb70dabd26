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

/// Says yes to everything and keeps nothing, at the least cost: the ceiling of the generator itself.
final class NullSink implements AutoCloseable {
    private static final int BACKLOG = 200;

    private final Selector selector = Selector.open();
    private final ServerSocketChannel door = ServerSocketChannel.open();
    private final ByteBuffer in = ByteBuffer.allocateDirect(65_536);

    NullSink() throws IOException {
        door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        door.configureBlocking(false);
        door.register(selector, SelectionKey.OP_ACCEPT);
        Thread.ofPlatform().daemon().name("null sink").start(this::serve);
    }

    InetSocketAddress address() {
        return Processes.here(door.socket().getLocalPort());
    }

    private void serve() {
        try {
            while (true) {
                selector.select(key -> {
                    if (key.attachment() instanceof Session session) {
                        session.read();
                    } else {
                        accept();
                    }
                });
            }
        } catch (ClosedSelectorException _) {
            // the end
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void accept() {
        try {
            SocketChannel client = door.accept();
            if (client != null) {
                client.configureBlocking(false);
                client.register(selector, SelectionKey.OP_READ, new Session(client));
                client.write(ByteBuffer.wrap("220 sink\r\n".getBytes(US_ASCII)));
            }
        } catch (IOException _) {
            // the client went away: nothing was promised
        }
    }

    private final class Session {
        private final SocketChannel client;
        private final StringBuilder line = new StringBuilder();
        private boolean data;

        Session(SocketChannel client) {
            this.client = client;
        }

        void read() {
            StringBuilder replies = new StringBuilder();
            boolean ends = false;
            try {
                in.clear();
                ends = client.read(in) < 0;
                in.flip();
                while (in.hasRemaining()) {
                    char c = (char) in.get();
                    if (c != '\n') {
                        if (line.length() < 8) {
                            line.append(c);
                        }
                        continue;
                    }
                    String command = line.toString();
                    line.setLength(0);
                    if (!data || command.equals(".\r")) {
                        data = command.startsWith("DATA");
                        replies.append(data ? "354 go\r\n" : "250 ok\r\n");
                        ends |= command.startsWith("QUIT");
                    }
                }
                if (!replies.isEmpty()) {
                    client.write(ByteBuffer.wrap(replies.toString().getBytes(US_ASCII)));
                }
                if (ends) {
                    client.close();
                }
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
        door.close();
        selector.close();
    }
}
