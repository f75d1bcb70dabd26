package qrate.images.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import qrate.core.LineReader;

/// A client that says one line and hears the answer, in SMTP or POP3, with or without TLS.
final class Talk implements AutoCloseable {
    private static final int MILLIS_MAX = 60_000;
    private static final int LINE_BYTES_MAX = 4096;

    private final LineReader lines = new LineReader(LINE_BYTES_MAX, LineReader.Ending.CRLF);
    private Socket socket;
    private InputStream in;

    private Talk(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    static Talk to(int port) throws IOException {
        return from("127.0.0.1", port);
    }

    /// One that comes from another address of this machine.
    private static Talk from(String address, int port) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(address, 0));
        socket.connect(new InetSocketAddress("127.0.0.1", port), MILLIS_MAX);
        socket.setSoTimeout(MILLIS_MAX);
        socket.setTcpNoDelay(true);
        return new Talk(socket);
    }

    /// An SMTP client that has said EHLO.
    static Talk smtp(int port) throws IOException {
        Talk talk = to(port);
        talk.hear();
        talk.say("EHLO client.test");
        return talk;
    }

    /// The same from another address of this machine, 127.0.0.2 for one.
    static Talk smtpFrom(String address, int port) throws IOException {
        Talk talk = from(address, port);
        talk.hear();
        talk.say("EHLO client.test");
        return talk;
    }

    /// An SMTP client on a door for users, inside TLS, not signed in yet.
    static Talk submission(int port) throws IOException {
        Talk talk = smtp(port);
        talk.say("STARTTLS");
        talk.secure();
        talk.say("EHLO client.test");
        return talk;
    }

    /// Goes on inside TLS; whoever the server says it is.
    void secure() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Anyone()}, null);
            SSLSocket inner =
                    (SSLSocket) context.getSocketFactory().createSocket(socket, "127.0.0.1", socket.getPort(), true);
            inner.startHandshake();
            socket = inner;
            in = new BufferedInputStream(inner.getInputStream());
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /// What the server showed inside TLS.
    X509Certificate certificate() throws IOException {
        return (X509Certificate) ((SSLSocket) socket).getSession().getPeerCertificates()[0];
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    String line() throws IOException {
        return new String(lines.read(in).orElseThrow(() -> new EOFException("the server has closed")), UTF_8);
    }

    /// A whole reply of SMTP, its lines joined by blanks; or one line of POP3.
    String hear() throws IOException {
        StringBuilder reply = new StringBuilder(line());
        int last = 0;
        while (reply.length() > last + 3 && reply.charAt(last + 3) == '-' && Character.isDigit(reply.charAt(last))) {
            last = reply.length() + 1;
            reply.append(' ').append(line());
        }
        return reply.toString();
    }

    String say(String line) throws IOException {
        send((line + "\r\n").getBytes(UTF_8));
        return hear();
    }

    String auth(String user, String password) throws IOException {
        String plain = "\0" + user + "\0" + password;
        return say("AUTH PLAIN " + Base64.getEncoder().encodeToString(plain.getBytes(UTF_8)));
    }

    /// Sends one message.
    ///
    /// @param body with CRLF at each line's end, and no line that begins with a dot
    /// @return the first reply that is no success, or the last
    String message(String from, List<String> to, String body) throws IOException {
        List<String> commands = new ArrayList<>(List.of("MAIL FROM:<" + from + ">"));
        to.forEach(recipient -> commands.add("RCPT TO:<" + recipient + ">"));
        commands.add("DATA");
        for (String command : commands) {
            String reply = say(command);
            if (reply.charAt(0) != '2' && reply.charAt(0) != '3') {
                return reply;
            }
        }
        send((body + ".\r\n").getBytes(ISO_8859_1));
        return hear();
    }

    /// What follows a reply of POP3 that says `+OK`, up to the lone dot.
    String text() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        while (true) {
            byte[] line = lines.read(in).orElseThrow(() -> new EOFException("the server has closed"));
            if (line.length == 1 && line[0] == '.') {
                return text.toString(ISO_8859_1);
            }
            int from = line.length > 0 && line[0] == '.' ? 1 : 0;
            text.write(line, from, line.length - from);
            text.write('\r');
            text.write('\n');
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /// The certificate is the first run's own; who it names is another test's matter.
    private static final class Anyone implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) {
            // no client has one
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) {
            // anyone
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
