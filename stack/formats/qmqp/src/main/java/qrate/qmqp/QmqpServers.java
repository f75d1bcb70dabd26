package qrate.qmqp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import qrate.core.Control;

/// Where the client finds the servers to try, in order: asked again for each message.
@FunctionalInterface
public interface QmqpServers {
    /// At least one, at most {@link QmqpClient#SERVERS_MAX}.
    ///
    /// @throws IOException when they cannot be told, or make no sense
    List<QmqpClient.Server> now() throws IOException;

    /// Always the same.
    static QmqpServers of(List<QmqpClient.Server> servers) {
        List<QmqpClient.Server> all = List.copyOf(servers);
        if (all.isEmpty() || all.size() > QmqpClient.SERVERS_MAX) {
            throw new IllegalArgumentException("between 1 and " + QmqpClient.SERVERS_MAX + " servers");
        }
        return () -> all;
    }

    /// Those in `qmqpservers`, one a line (qmail-qmqpc(8)), which may be anybody's; without any, those of `QRATE_SEND`,
    /// which are ours.
    ///
    /// @param send `host`, `host:port` or `[address]:port`, several separated by commas
    static QmqpServers in(Control control, String send) {
        return () -> {
            List<String> lines = control.lines("qmqpservers");
            return lines.isEmpty()
                    ? parsed("QRATE_SEND", List.of(send.split(",", -1)), true)
                    : parsed("control/qmqpservers", lines, false);
        };
    }

    private static List<QmqpClient.Server> parsed(String where, List<String> texts, boolean ours) throws IOException {
        if (texts.size() > QmqpClient.SERVERS_MAX) {
            throw new IOException(where + ": more than " + QmqpClient.SERVERS_MAX + " servers");
        }
        List<QmqpClient.Server> servers = new ArrayList<>();
        for (String text : texts) {
            try {
                QmqpClient.Server server = QmqpClient.Server.of(text.strip());
                servers.add(ours ? server.asOurs() : server);
            } catch (IllegalArgumentException e) {
                throw new IOException(where + ": not a host and port: " + text.strip(), e);
            }
        }
        return servers;
    }
}
