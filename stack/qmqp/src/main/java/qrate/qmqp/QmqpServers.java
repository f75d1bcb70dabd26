package qrate.qmqp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
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

    /// Those in `qmqpservers`, one a line (qmail-qmqpc(8)); without any, those of a variable's text.
    ///
    /// @param otherwise `host`, `host:port` or `[address]:port`, several separated by commas
    static QmqpServers in(Control control, String otherwise) {
        List<QmqpClient.Server> usual =
                Arrays.stream(otherwise.split(",")).map(QmqpClient.Server::of).toList();
        return () -> {
            List<String> lines = control.lines("qmqpservers");
            return lines.isEmpty() ? usual : parsed(lines);
        };
    }

    private static List<QmqpClient.Server> parsed(List<String> lines) throws IOException {
        if (lines.size() > QmqpClient.SERVERS_MAX) {
            throw new IOException("control/qmqpservers: more than " + QmqpClient.SERVERS_MAX + " servers");
        }
        List<QmqpClient.Server> servers = new ArrayList<>();
        for (String line : lines) {
            try {
                servers.add(QmqpClient.Server.of(line.strip()));
            } catch (IllegalArgumentException e) {
                throw new IOException("control/qmqpservers: " + e.getMessage(), e);
            }
        }
        return servers;
    }
}
