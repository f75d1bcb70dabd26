package qrate.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// Sockets as numbers, which a child can have as its descriptors 0 and 1; those of the JDK stay inside the JVM.
public final class Sockets {
    /// First descriptor that a supervisor passes (sd_listen_fds(3)).
    public static final int PASSED_FIRST = 3;

    private static final int INET = 2;
    private static final int INET6 = 10;
    private static final int STREAM_CLOSE_ON_EXEC = 1 | 0x80000;
    private static final int ADDRESS_BYTES_MAX = 28;
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int IPPROTO_IP = 0;
    private static final int IP_OPTIONS = 4;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_NODELAY = 1;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = 26;
    private static final int NO_SIGNAL = 0x4000;
    private static final int POLL_IN = 1;
    private static final int NAME_REQUIRED = 8;
    private static final int NAME_BYTES_MAX = 1025;
    private static final ValueLayout.OfShort PORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final Libc libc;

    public Sockets(Posix posix) {
        this.libc = posix.libc();
    }

    /// Both ends of a connection; IPv4 inside IPv6 counts as IPv4.
    public record Ends(InetSocketAddress local, InetSocketAddress remote) {}

    /// Listens on a TCP port.
    ///
    /// @param address the wildcard address of IPv6 listens on IPv4 too
    /// @param port 0 for any free one
    /// @return the descriptor
    public int listen(InetAddress address, int port, int backlog) throws IOException {
        byte[] bytes = address.getAddress();
        int family = bytes.length == 4 ? INET : INET6;
        int socket = libc.must("socket", family, STREAM_CLOSE_ON_EXEC, 0);
        try (Arena arena = Arena.ofConfined()) {
            option(socket, SOL_SOCKET, SO_REUSEADDR, 1);
            if (family == INET6) {
                option(socket, IPPROTO_IPV6, IPV6_V6ONLY, address.isAnyLocalAddress() ? 0 : 1);
            }
            MemorySegment name = arena.allocate(ADDRESS_BYTES_MAX, 8);
            name.set(ValueLayout.JAVA_SHORT, 0, (short) family);
            name.set(PORT, 2, (short) port);
            MemorySegment.copy(bytes, 0, name, ValueLayout.JAVA_BYTE, family == INET ? 4 : 8, bytes.length);
            libc.must("bind", socket, name, family == INET ? 16 : ADDRESS_BYTES_MAX);
            libc.must("listen", socket, backlog);
            return socket;
        } catch (IOException e) {
            close(socket);
            throw e;
        }
    }

    /// Waits for a connection.
    ///
    /// @return its descriptor, which no child has unless it is passed
    public int accept(int listener) throws IOException {
        return libc.must("accept4", listener, MemorySegment.NULL, MemorySegment.NULL, STREAM_CLOSE_ON_EXEC & ~1);
    }

    /// Where a listening socket is.
    public InetSocketAddress local(int socket) throws IOException {
        return name("getsockname", socket)
                .orElseThrow(() -> new IOException("descriptor " + socket + ": no socket of TCP"));
    }

    /// Both ends, if the descriptor is a connected socket of TCP.
    public Optional<Ends> ends(int socket) throws IOException {
        Optional<InetSocketAddress> local = name("getsockname", socket);
        Optional<InetSocketAddress> remote = local.isPresent() ? name("getpeername", socket) : Optional.empty();
        return remote.map(far -> new Ends(local.orElseThrow(), far));
    }

    private Optional<InetSocketAddress> name(String function, int socket) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(ADDRESS_BYTES_MAX, 8);
            MemorySegment length = arena.allocate(ValueLayout.JAVA_INT);
            length.set(ValueLayout.JAVA_INT, 0, ADDRESS_BYTES_MAX);
            if (libc.call(function, socket, name, length).value() == -1) {
                return Optional.empty();
            }
            int family = name.get(ValueLayout.JAVA_SHORT, 0);
            if (family != INET && family != INET6) {
                return Optional.empty();
            }
            byte[] bytes = name.asSlice(family == INET ? 4 : 8, family == INET ? 4 : 16)
                    .toArray(ValueLayout.JAVA_BYTE);
            return Optional.of(
                    new InetSocketAddress(InetAddress.getByAddress(bytes), Short.toUnsignedInt(name.get(PORT, 2))));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four or sixteen bytes are an address", e);
        }
    }

    /// Forgets IP options, so that answers take the usual way and not the client's source route.
    public void killOptions(int socket) throws IOException {
        // a socket of IPv6 has none of these, and says so
        libc.call("setsockopt", socket, IPPROTO_IP, IP_OPTIONS, MemorySegment.NULL, 0);
    }

    /// Sends each write at once.
    public void noDelay(int socket) throws IOException {
        option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
    }

    private void option(int socket, int level, int name, int value) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment on = arena.allocate(ValueLayout.JAVA_INT);
            on.set(ValueLayout.JAVA_INT, 0, value);
            libc.must("setsockopt", socket, level, name, on, Integer.BYTES);
        }
    }

    /// Writes to a socket.
    public void send(int socket, byte[] bytes) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment all = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            long done = 0;
            while (done < bytes.length) {
                done += libc.must("send", socket, all.asSlice(done), bytes.length - done, NO_SIGNAL);
            }
        }
    }

    /// Whether a descriptor has something to read, or its end, within a time.
    public boolean readable(int descriptor, long millis) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment asked = arena.allocate(8, 4);
            asked.set(ValueLayout.JAVA_INT, 0, descriptor);
            asked.set(ValueLayout.JAVA_SHORT, 4, (short) POLL_IN);
            return libc.must("poll", asked, 1L, Math.clamp(millis, 0, Integer.MAX_VALUE)) > 0;
        }
    }

    /// Puts a descriptor under another number as well.
    public void duplicate(int from, int to) throws IOException {
        libc.must("dup2", from, to);
    }

    /// Closes a descriptor.
    public void close(int descriptor) throws IOException {
        libc.call("close", descriptor);
    }

    /// The name of an address, as the system's resolver tells it and nobody has checked.
    public Optional<String> name(InetAddress address) throws IOException {
        byte[] bytes = address.getAddress();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment asked = arena.allocate(ADDRESS_BYTES_MAX, 8);
            asked.set(ValueLayout.JAVA_SHORT, 0, (short) (bytes.length == 4 ? INET : INET6));
            MemorySegment.copy(bytes, 0, asked, ValueLayout.JAVA_BYTE, bytes.length == 4 ? 4 : 8, bytes.length);
            MemorySegment name = arena.allocate(NAME_BYTES_MAX);
            int failed = libc.call(
                            "getnameinfo",
                            asked,
                            bytes.length == 4 ? 16 : ADDRESS_BYTES_MAX,
                            name,
                            NAME_BYTES_MAX,
                            MemorySegment.NULL,
                            0,
                            NAME_REQUIRED)
                    .value();
            return failed == 0 ? Optional.of(name.getString(0, StandardCharsets.ISO_8859_1)) : Optional.empty();
        }
    }

    /// How many descriptors a supervisor has passed to this process (LISTEN_PID, LISTEN_FDS), the first of them
    /// {@link #PASSED_FIRST}.
    public static int passed(Map<String, String> environment) {
        String pid = Long.toString(ProcessHandle.current().pid());
        String count = environment.getOrDefault("LISTEN_FDS", "");
        boolean ours = environment.getOrDefault("LISTEN_PID", "").equals(pid);
        return ours && count.matches("[0-9]{1,4}") ? Integer.parseInt(count) : 0;
    }
}
