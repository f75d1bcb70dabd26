package qrate.bench;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/// Hosts that take no mail: every other refuses a connection, and the others do not answer, as a host that is switched
/// off: a listener whose queue is full, so that the kernel drops what asks for a connection.
final class DeadHosts implements AutoCloseable {
    /// Linux lets one more in than the backlog, and one while it looks.
    private static final int CONNECTIONS_UNTIL_FULL = 3;

    private static final int HOSTS_A_ROW = 250;

    private final List<InetSocketAddress> addresses = new ArrayList<>();
    private final List<Closeable> open = new ArrayList<>();

    DeadHosts(int hosts) throws IOException {
        for (int i = 0; i < hosts; i++) {
            byte[] ip = {127, 2, (byte) (i / HOSTS_A_ROW), (byte) (i % HOSTS_A_ROW + 1)};
            InetAddress address = InetAddress.getByAddress(ip);
            ServerSocketChannel door = ServerSocketChannel.open();
            door.bind(new InetSocketAddress(address, 0), 1);
            InetSocketAddress bound =
                    new InetSocketAddress(address, door.socket().getLocalPort());
            addresses.add(bound);
            if (i % 2 == 0) {
                door.close();
            } else {
                open.add(door);
                fill(bound);
            }
        }
    }

    private void fill(InetSocketAddress address) throws IOException {
        for (int i = 0; i < CONNECTIONS_UNTIL_FULL; i++) {
            SocketChannel client = SocketChannel.open();
            open.add(client);
            client.configureBlocking(false);
            var _ = client.connect(address);
        }
    }

    List<InetSocketAddress> addresses() {
        return addresses;
    }

    @Override
    public void close() throws IOException {
        for (Closeable one : open) {
            one.close();
        }
    }
}
