package qrate.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Clients that connect, hear the greeting, and say nothing.
final class IdleClients implements AutoCloseable {
    private static final long GREETING_MILLIS_MAX = TimeUnit.SECONDS.toMillis(30);

    private final List<SocketChannel> clients = new ArrayList<>();

    /// Returns when each has been greeted.
    IdleClients(InetSocketAddress server, int count) throws IOException {
        boolean whole = false;
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < count; i++) {
                SocketChannel client = SocketChannel.open();
                clients.add(client);
                client.connect(server);
                client.configureBlocking(false);
                client.register(selector, SelectionKey.OP_READ);
            }
            awaitGreetings(selector);
            whole = true;
        } finally {
            if (!whole) {
                close();
            }
        }
    }

    private static void awaitGreetings(Selector selector) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(512);
        while (!selector.keys().isEmpty()) {
            int ready = selector.select(GREETING_MILLIS_MAX);
            if (ready == 0) {
                throw new IOException(selector.keys().size() + " connections have no greeting");
            }
            for (SelectionKey key : selector.selectedKeys()) {
                in.clear();
                if (((SocketChannel) key.channel()).read(in) <= 0 || in.get(0) != '2') {
                    throw new IOException("the server does not want so many connections");
                }
                key.cancel();
            }
            selector.selectedKeys().clear();
            selector.selectNow(); // those that were cancelled leave
        }
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel client : clients) {
            client.close();
        }
    }
}
