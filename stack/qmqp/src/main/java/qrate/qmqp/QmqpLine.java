package qrate.qmqp;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import qrate.core.Body;
import qrate.core.Envelope;
import qrate.core.Recipient;
import qrate.core.Verdict;

/// One connection of the client.
final class QmqpLine implements AutoCloseable {
    /// Longest answer in bytes.
    private static final int REPLY_BYTES_MAX = 64 << 10;

    private static final int BUFFER_BYTES = 32 << 10;

    private final SocketChannel channel;
    private final InputStream in;
    private final OutputStream out;

    private QmqpLine(SocketChannel channel) throws IOException {
        this.channel = channel;
        this.in = new BufferedInputStream(channel.socket().getInputStream(), 512);
        this.out = new BufferedOutputStream(channel.socket().getOutputStream(), BUFFER_BYTES);
    }

    /// Connects.
    ///
    /// @throws java.net.SocketTimeoutException when it takes longer than allowed
    static QmqpLine connect(QmqpClient.Server server, QmqpClient.Settings settings) throws IOException {
        InetSocketAddress address = new InetSocketAddress(server.host(), server.port());
        if (address.isUnresolved()) {
            throw new UnknownHostException(server.host());
        }
        SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.socket().connect(address, (int) settings.connectWait().toMillis());
            channel.socket().setSoTimeout((int) settings.readWait().toMillis());
            return new QmqpLine(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /// Whether an idle connection is still open: nothing may be waiting on it, neither bytes nor the end.
    boolean usable() {
        try {
            channel.configureBlocking(false);
            int n = channel.read(ByteBuffer.allocate(1));
            channel.configureBlocking(true);
            return n == 0;
        } catch (IOException _) {
            return false; // broken is what was asked
        }
    }

    /// Sends one message and waits for its answer.
    QmqpClient.Outcome send(Envelope envelope, Body body) {
        byte[] addresses = addresses(envelope);
        byte[] head = Netstring.head(body.size());
        InputStream content;
        try {
            content = body.open();
        } catch (IOException e) {
            return new QmqpClient.Outcome.Unreadable(String.valueOf(e.getMessage()));
        }
        try (content) {
            out.write(Netstring.head(head.length + body.size() + 1 + addresses.length));
            out.write(head);
            if (content.transferTo(out) != body.size()) {
                // without its last byte the message is thrown away at the other end
                return new QmqpClient.Outcome.Unreadable("it has not the size it was said to have");
            }
            out.write(',');
            out.write(addresses);
            out.write(',');
            out.flush();
            return new QmqpClient.Outcome.Answered(answer());
        } catch (IOException e) {
            return new QmqpClient.Outcome.Broken(String.valueOf(e.getMessage()));
        }
    }

    private Verdict answer() throws IOException {
        byte[] reply = new Netstring(in, REPLY_BYTES_MAX + Netstring.DIGITS_MAX + 2L)
                .bytes(REPLY_BYTES_MAX)
                .orElseThrow(() -> new Netstring.Malformed("a reply that is too long"));
        char code = reply.length == 0 ? '?' : (char) reply[0];
        if (code != 'K' && code != 'Z' && code != 'D') {
            throw new IOException("an answer that is none");
        }
        return Verdict.of(code, new String(reply, 1, reply.length - 1, StandardCharsets.UTF_8));
    }

    private static byte[] addresses(Envelope envelope) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        address(envelope.sender(), envelope.travelling(), bytes);
        for (Recipient recipient : envelope.recipients()) {
            address(recipient.address(), recipient.parameters(), bytes);
        }
        return bytes.toByteArray();
    }

    /// An address; a NUL and parameters follow only where there are some, so a plain message is plain QMQP.
    private static void address(String address, String parameters, ByteArrayOutputStream bytes) {
        String text = parameters.isEmpty() ? address : address + '\0' + parameters;
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        bytes.writeBytes(Netstring.head(utf8.length));
        bytes.writeBytes(utf8);
        bytes.write(',');
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // it is closed as far as we are concerned, and nothing waits on it
        }
    }
}
