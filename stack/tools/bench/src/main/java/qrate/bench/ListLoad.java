package qrate.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/// Sends messages to many mailboxes each, one after the other down one connection: what a mailing list does.
///
/// @param recipients of each message; more than 1,000 get it in several, since doors take no more at once
/// @param messages how many
record ListLoad(int recipients, int messages) {
    private static final int AT_ONCE = 1_000;
    private static final int BODY_LINES = 57;
    private static final int REPLY_TIMEOUT_MILLIS = 60_000;

    /// What the tables call it.
    String name() {
        return "messages of 4 KiB to %d mailboxes each".formatted(recipients);
    }

    /// Deliveries in all.
    int deliveries() {
        return recipients * messages;
    }

    /// The mailboxes that get a copy of each.
    List<String> locals() {
        return Server.many(recipients);
    }

    /// Returns when the server has taken the last; a latency is that of a whole message.
    Sample run(Server server) throws IOException {
        List<byte[]> envelopes = new ArrayList<>();
        for (int i = 0; i < recipients; i += AT_ONCE) {
            envelopes.add(envelope(locals().subList(i, Math.min(recipients, i + AT_ONCE))));
        }
        byte[] content = ("From: a@client.test\r\nSubject: load\r\n\r\n" + ("x".repeat(70) + "\r\n").repeat(BODY_LINES)
                        + ".\r\n")
                .getBytes(US_ASCII);
        List<Long> latencies = new ArrayList<>();
        long start = System.nanoTime();
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(REPLY_TIMEOUT_MILLIS);
            socket.connect(server.smtp());
            InputStream in = new BufferedInputStream(socket.getInputStream(), 32_768);
            replies(in, 1, '2');
            socket.getOutputStream().write("EHLO client.test\r\n".getBytes(US_ASCII));
            replies(in, 1, '2');
            for (int i = 0; i < messages; i++) {
                long from = System.nanoTime();
                for (int e = 0; e < envelopes.size(); e++) {
                    socket.getOutputStream().write(envelopes.get(e));
                    replies(in, 1 + Math.min(AT_ONCE, recipients - e * AT_ONCE), '2');
                    replies(in, 1, '3');
                    socket.getOutputStream().write(content);
                    replies(in, 1, '2');
                }
                latencies.add(System.nanoTime() - from);
            }
        }
        return new Sample(deliveries(), System.nanoTime() - start, latencies);
    }

    private static byte[] envelope(List<String> locals) {
        StringBuilder text = new StringBuilder("MAIL FROM:<a@client.test>\r\n");
        for (String local : locals) {
            text.append("RCPT TO:<" + local + "@" + Server.DOMAIN + ">\r\n");
        }
        return text.append("DATA\r\n").toString().getBytes(US_ASCII);
    }

    private static void replies(InputStream in, int count, char first) throws IOException {
        for (int i = 0; i < count; ) {
            StringBuilder line = new StringBuilder();
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    throw new IOException("the server closed");
                }
                line.append((char) b);
            }
            if (line.length() < 4 || line.charAt(0) != first) {
                throw new IOException("the server answered " + line);
            }
            i += line.charAt(3) == '-' ? 0 : 1;
        }
    }
}
