package qrate.core;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// Unix sockets that this process listens on.
public final class UnixSocket {
    /// Rights of one that its owner and its group may connect to.
    public static final String GROUP = "rw-rw----";

    private UnixSocket() {}

    /// Listens from now on; a socket file left by a process before this one is replaced.
    ///
    /// @param backlog connections that may wait; 0 for as many as is usual
    /// @param mode rights of the file, as `ls -l` shows them
    public static ServerSocketChannel listen(Path socket, int backlog, String mode) throws IOException {
        Files.deleteIfExists(socket);
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket), backlog);
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString(mode));
        return listener;
    }
}
