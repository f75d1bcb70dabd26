package qrate.milter;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;

/// Where a milter listens, as Sendmail writes it.
public sealed interface MilterAddress {
    /// `inet:PORT@HOST` or `inet6:PORT@HOST`. The name is looked up for each connection.
    ///
    /// @param six whether an address of IPv6 is asked for
    record Inet(String host, int port, boolean six) implements MilterAddress {
        @Override
        public SocketAddress socket() throws UnknownHostException {
            int bytes = six ? 16 : 4;
            InetAddress[] all = InetAddress.getAllByName(host);
            return Arrays.stream(all)
                    .filter(one -> one.getAddress().length == bytes)
                    .findFirst()
                    .map(one -> new InetSocketAddress(one, port))
                    .orElseThrow(() -> new UnknownHostException(host + " has no address of IPv" + (six ? 6 : 4)));
        }

        @Override
        public String toString() {
            return (six ? "inet6:" : "inet:") + port + "@" + host;
        }
    }

    /// `unix:PATH` or `local:PATH`.
    record Unix(Path path) implements MilterAddress {
        @Override
        public SocketAddress socket() {
            return UnixDomainSocketAddress.of(path);
        }

        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /// Where to connect or listen now.
    ///
    /// @throws UnknownHostException when the name has no such address
    SocketAddress socket() throws UnknownHostException;

    /// Reads an address.
    ///
    /// @throws IllegalArgumentException says in words what is wrong
    static MilterAddress parse(String text) {
        int colon = text.indexOf(':');
        String kind = colon < 0 ? "" : text.substring(0, colon);
        String rest = text.substring(colon + 1);
        return switch (kind) {
            case "inet" -> inet(rest, false);
            case "inet6" -> inet(rest, true);
            case "unix", "local" -> unix(rest);
            default ->
                throw new IllegalArgumentException(
                        "an address begins with inet:, inet6:, unix: or local:, not as " + text);
        };
    }

    private static MilterAddress inet(String text, boolean six) {
        int at = text.indexOf('@');
        String host = at < 0 ? "" : text.substring(at + 1);
        String digits = at < 0 ? "" : text.substring(0, at);
        boolean number =
                !digits.isEmpty() && digits.length() <= 5 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = number ? Integer.parseInt(digits) : 0;
        if (port < 1 || port > 65_535 || host.isEmpty()) {
            throw new IllegalArgumentException("write it as inet:PORT@HOST, not as inet:" + text);
        }
        return new Inet(
                host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host, port, six);
    }

    private static MilterAddress unix(String text) {
        try {
            Path path = Path.of(text);
            if (!path.isAbsolute()) {
                throw new IllegalArgumentException("write it as unix:/FOLDER/SOCKET, not as unix:" + text);
            }
            return new Unix(path);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("not a path: " + text, e);
        }
    }
}
