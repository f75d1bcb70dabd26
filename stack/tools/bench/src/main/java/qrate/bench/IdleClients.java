package qrate.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Clients that connect, hear the greeting, and say nothing. Each has an address of its own in 127.0.0.0/8, since a
/// door has only so many connections for one.
final class IdleClients implements AutoCloseable {
    private static final long GREETING_MILLIS_MAX = TimeUnit.SECONDS.toMillis(30);

    private static final int CLIENTS_A_ROW = 250;

    private final List<SocketChannel> clients = new ArrayList<>();

    /// Returns when each has been greeted.
    IdleClients(InetSocketAddress server, int count) throws IOException {
        boolean whole = false;
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < count; i++) {
                SocketChannel client = SocketChannel.open();
                clients.add(client);
                byte[] from = {127, 3, (byte) (i / CLIENTS_A_ROW), (byte) (i % CLIENTS_A_ROW + 1)};
                client.bind(new InetSocketAddress(InetAddress.getByAddress(from), 0));
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

    private void awaitGreetings(Selector selector) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(512);
        int[] greeted = new int[1];
        while (greeted[0] < clients.size()) {
            int ready = selector.select(
                    key -> {
                        in.clear();
                        try {
                            if (((SocketChannel) key.channel()).read(in) <= 0 || in.get(0) != '2') {
                                throw new IOException("the server does not want so many connections");
                            }
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                        key.cancel();
                        greeted[0]++;
                    },
                    GREETING_MILLIS_MAX);
            if (ready == 0) {
                throw new IOException((clients.size() - greeted[0]) + " connections have no greeting");
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel client : clients) {
            client.close();
        }
    }
}
