package qrate.smoketests;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/// A client that says exactly what it is told, byte by byte, for what no mail library would send.
final class RawClient implements AutoCloseable {
    /// Longest wait for one answer, in milliseconds.
    static final int ANSWER_MILLIS_MAX = 30_000;

    /// Longest line of an answer, in bytes; also bounds a message line.
    private static final int LINE_BYTES_MAX = 1 << 20;

    private final Target target;
    private Socket socket;
    private InputStream in;
    private OutputStream out;

    private RawClient(Target target, Socket socket) throws IOException {
        this.target = target;
        this.socket = socket;
        use(socket);
    }

    /// Connects in the clear and leaves the greeting to be read.
    static RawClient plain(Target target, int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(target.host(), port), ANSWER_MILLIS_MAX);
            socket.setSoTimeout(ANSWER_MILLIS_MAX);
            socket.setTcpNoDelay(true);
            return new RawClient(target, socket);
        } catch (IOException e) {
            socket.close();
            throw new IOException(target.host() + " port " + port + ": " + e.getMessage(), e);
        }
    }

    /// Connects with TLS from the first byte.
    static RawClient secured(Target target, int port) throws IOException {
        RawClient wire = plain(target, port);
        wire.startTls();
        return wire;
    }

    /// Connects for TLS of one version, with any certificate, and leaves the handshake to be done.
    static SSLSocket tls(Target target, int port, String version) throws IOException {
        SSLSocket socket = (SSLSocket) Tls.context(true).getSocketFactory().createSocket();
        try {
            socket.connect(new InetSocketAddress(target.host(), port), ANSWER_MILLIS_MAX);
            socket.setSoTimeout(ANSWER_MILLIS_MAX);
            socket.setEnabledProtocols(new String[] {version});
            return socket;
        } catch (IOException e) {
            socket.close();
            throw new IOException(target.host() + " port " + port + ": " + e.getMessage(), e);
        }
    }

    /// An SMTP client that has said EHLO under TLS and logged in.
    static RawClient submission(Target target, Target.Login login) throws IOException {
        RawClient wire = plain(target, target.ports().submission());
        wire.expect("220");
        wire.smtp("EHLO smoke.invalid", "250");
        wire.smtp("STARTTLS", "220");
        wire.startTls();
        wire.smtp("EHLO smoke.invalid", "250");
        wire.smtp("AUTH PLAIN " + plain(login.address(), login.password()), "235");
        return wire;
    }

    /// The response of SASL PLAIN.
    static String plain(String user, String password) {
        return Base64.getEncoder().encodeToString(("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8));
    }

    /// Does the client's side of a handshake.
    void startTls() throws IOException {
        SSLSocket tls = (SSLSocket) Tls.context(target.insecure())
                .getSocketFactory()
                .createSocket(socket, target.host(), socket.getPort(), true);
        if (!target.insecure()) {
            SSLParameters parameters = tls.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the name must be in the certificate
            tls.setSSLParameters(parameters);
        }
        tls.startHandshake();
        use(tls);
    }

    private void use(Socket next) throws IOException {
        socket = next;
        in = new BufferedInputStream(next.getInputStream());
        out = next.getOutputStream();
    }

    /// Sends bytes as they are.
    void send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /// Sends a command and takes an SMTP reply that must begin with the given digits.
    ///
    /// @return the reply's lines
    List<String> smtp(String command, String digits) throws IOException {
        send((command + "\r\n").getBytes(StandardCharsets.UTF_8));
        return expect(digits);
    }

    /// Takes an SMTP reply that must begin with the given digits.
    List<String> expect(String digits) throws IOException {
        List<String> lines = new ArrayList<>();
        do {
            lines.add(line());
        } while (lines.getLast().length() > 3 && lines.getLast().charAt(3) == '-');
        if (!lines.getLast().startsWith(digits)) {
            throw new IOException("expected " + digits + ", got: " + lines.getLast());
        }
        return lines;
    }

    /// Sends a POP3 command and takes the first line of the reply, which must begin so.
    String pop3(String command, String start) throws IOException {
        send((command + "\r\n").getBytes(StandardCharsets.UTF_8));
        String line = line();
        if (!line.startsWith(start)) {
            throw new IOException("expected " + start + ", got: " + line);
        }
        return line;
    }

    /// The rest of a POP3 multi-line reply, dots taken off, lines ended by CRLF.
    byte[] pop3Lines() throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        while (true) {
            byte[] line = bytes();
            if (line.length == 1 && line[0] == '.') {
                return lines.toByteArray();
            }
            int from = line.length > 0 && line[0] == '.' ? 1 : 0;
            lines.write(line, from, line.length - from);
            lines.write('\r');
            lines.write('\n');
        }
    }

    String line() throws IOException {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    /// Whether the server has closed, or does so now.
    boolean closed() {
        try {
            return in.read() < 0;
        } catch (java.net.SocketTimeoutException _) {
            return false;
        } catch (IOException _) {
            return true; // a reset closes as well
        }
    }

    private byte[] bytes() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("the server closed the connection");
            }
            if (line.size() >= LINE_BYTES_MAX) {
                throw new IOException("the server sent a line of more than " + LINE_BYTES_MAX + " bytes");
            }
            line.write(b);
        }
        byte[] all = line.toByteArray();
        int length = all.length > 0 && all[all.length - 1] == '\r' ? all.length - 1 : all.length;
        return java.util.Arrays.copyOf(all, length);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
