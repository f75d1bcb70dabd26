package qrate.posix;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import qrate.core.Connection;
import qrate.core.ConnectionInput;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.ServerTls;

/// A client on descriptors 0 and 1, as inetd, tcpserver and systemd hand it over.
public final class DescriptorConnection implements Connection {
    /// How long a TLS handshake may take as a whole.
    static final Duration HANDSHAKE_MAX = Duration.ofSeconds(30);

    /// Values of PROTO that say that the parent speaks TLS with the client (sslserver).
    private static final Set<String> SECURED = Set.of("SSL", "TLS");

    private final Map<String, String> environment;
    private final Supplier<Optional<SSLContext>> tls;
    private final DescriptorInput raw;
    private final OutputStream plain;
    private DescriptorInput in;
    private OutputStream out;
    private String cipher = "";
    private Optional<SSLSocket> inside = Optional.empty();

    /// @param tls what STARTTLS would use now
    public DescriptorConnection(Program.Stdio stdio, Posix posix, Supplier<Optional<SSLContext>> tls) {
        this(stdio, posix, tls, ConnectionInput.AHEAD_BYTES);
    }

    /// One that reads nothing ahead: what a client has sent behind a line goes to whoever has the descriptor next.
    public static DescriptorConnection unbuffered(
            Program.Stdio stdio, Posix posix, Supplier<Optional<SSLContext>> tls) {
        return new DescriptorConnection(stdio, posix, tls, 1);
    }

    private DescriptorConnection(Program.Stdio stdio, Posix posix, Supplier<Optional<SSLContext>> tls, int ahead) {
        this.environment = Map.copyOf(stdio.environment());
        this.tls = tls;
        this.raw = isReal(stdio) ? real(posix, ahead) : new DescriptorInput(stdio.in(), _ -> true, ahead);
        this.plain = new BufferedOutputStream(stdio.out());
        this.in = raw;
        this.out = plain;
    }

    /// Descriptor 0. A socket of the JDK has time limits of its own, which saves a short program the native calls.
    private static DescriptorInput real(Posix posix, int ahead) {
        try {
            if (System.inheritedChannel() instanceof SocketChannel channel) {
                Socket socket = channel.socket();
                return new DescriptorInput(
                        socket.getInputStream(),
                        millis -> {
                            socket.setSoTimeout((int) Math.min(millis, Integer.MAX_VALUE));
                            return true; // the read itself keeps the limit
                        },
                        ahead);
            }
        } catch (IOException _) {
            // no socket that the JDK knows: read as it is
        }
        FileInputStream zero = new FileInputStream(FileDescriptor.in);
        Sockets sockets = new Sockets(posix);
        return new DescriptorInput(
                zero, millis -> millis == Long.MAX_VALUE || zero.available() > 0 || sockets.readable(0, millis), ahead);
    }

    /// Where a program on descriptors logs: on descriptor 2, unless that is the client, as under inetd.
    public static Log log(Program.Stdio stdio) {
        try {
            boolean client = isReal(stdio)
                    && Files.readSymbolicLink(Path.of("/proc/self/fd/2"))
                            .equals(Files.readSymbolicLink(Path.of("/proc/self/fd/0")));
            return client ? Log.silent() : log(stdio.err());
        } catch (IOException _) {
            return Log.silent(); // 0 or 2 is closed
        }
    }

    /// Whether these are the process's own streams, and not a test's: identity is the question.
    @SuppressWarnings("ReferenceEquality")
    private static boolean isReal(Program.Stdio stdio) {
        return stdio.in() == System.in;
    }

    private static Log log(PrintStream err) {
        return new Log(err, Log.Stamp.NONE, InstantSource.system());
    }

    @Override
    public InputStream in() {
        return in;
    }

    @Override
    public OutputStream out() {
        return out;
    }

    @Override
    public Map<String, String> environment() {
        return environment;
    }

    @Override
    public boolean secured() {
        return !cipher.isEmpty() || SECURED.contains(environment.getOrDefault("PROTO", ""));
    }

    @Override
    public boolean canStartTls() {
        return !secured() && tls.get().isPresent();
    }

    @Override
    public void startTls() throws IOException {
        in.requireEmpty();
        out.flush();
        handshake();
    }

    /// TLS from the first byte, as on 465 and 995.
    public void handshake() throws IOException {
        SSLContext context = tls.get().orElseThrow(() -> new IOException("TLS asked for, and no certificate"));
        SSLSocket socket = ServerTls.over(context, raw, plain);
        raw.within(HANDSHAKE_MAX);
        try {
            socket.startHandshake();
        } finally {
            raw.relax();
        }
        SSLSession session = socket.getSession();
        // the bytes below have the time limit
        in = new DescriptorInput(socket.getInputStream(), _ -> true, ConnectionInput.AHEAD_BYTES);
        out = new BufferedOutputStream(socket.getOutputStream());
        inside = Optional.of(socket);
        cipher = session.getProtocol() + " " + session.getCipherSuite();
    }

    /// Says good-bye inside TLS, so that the client knows that nothing was cut off; the descriptors stay open.
    public void end() throws IOException {
        out.flush();
        if (inside.isPresent()) {
            inside.get().shutdownOutput();
        }
    }

    @Override
    public String cipher() {
        return cipher;
    }

    @Override
    public void readTimeout(Duration wait) {
        raw.readTimeout(wait);
    }
}
