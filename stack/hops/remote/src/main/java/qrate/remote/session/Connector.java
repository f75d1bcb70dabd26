package qrate.remote.session;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/// Opens connections to other hosts; tests lead them elsewhere.
@FunctionalInterface
public interface Connector {
    /// Connects.
    ///
    /// @throws java.net.SocketTimeoutException when nobody answered in time
    Socket connect(InetSocketAddress server, Duration wait) throws IOException;

    /// Straight to where it says.
    static Connector direct() {
        return (server, wait) -> {
            Socket socket = new Socket();
            try {
                socket.setTcpNoDelay(true);
                socket.connect(server, Math.toIntExact(wait.toMillis()));
                return socket;
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        };
    }
}
