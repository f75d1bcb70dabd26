package qrate.images.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import qrate.core.Connection;
import qrate.core.LineReader;
import qrate.testkit.LoopbackListener;

/// Another host: takes every message, or answers each recipient as it is told.
final class Sink implements AutoCloseable {
    private static final int LINE_BYTES_MAX = 4096;

    private static final String TAKEN = "250 2.1.5 ok";

    private final LoopbackListener listener;
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final List<String> senders = new CopyOnWriteArrayList<>();
    private volatile String answer = TAKEN;

    Sink() throws IOException {
        this.listener = new LoopbackListener(this::serve);
    }

    int port() {
        return listener.port();
    }

    /// What RCPT is answered from now on.
    void answer(String reply) {
        answer = reply;
    }

    /// Takes everything again, and begins to count anew.
    void forget() {
        answer = TAKEN;
        messages.clear();
        senders.clear();
    }

    /// Every message that was taken.
    List<String> messages() {
        return List.copyOf(messages);
    }

    /// The reverse-path of every transaction that was begun.
    List<String> senders() {
        return List.copyOf(senders);
    }

    private void serve(Connection connection) throws IOException {
        LineReader lines = new LineReader(LINE_BYTES_MAX, LineReader.Ending.CRLF);
        say(connection, "220 far.test ESMTP");
        while (true) {
            var line = lines.read(connection.in());
            if (line.isEmpty()) {
                return;
            }
            String command = new String(line.get(), StandardCharsets.ISO_8859_1);
            switch (command.split(" ", 2)[0].toUpperCase(Locale.ROOT)) {
                case "MAIL" -> {
                    senders.add(command.substring(command.indexOf('<') + 1, command.indexOf('>')));
                    say(connection, "250 2.1.0 ok");
                }
                case "RCPT" -> say(connection, answer);
                case "DATA" -> {
                    say(connection, "354 go on");
                    messages.add(body(connection, lines));
                    say(connection, "250 2.0.0 taken");
                }
                case "QUIT" -> {
                    say(connection, "221 bye");
                    return;
                }
                default -> say(connection, "250 ok");
            }
        }
    }

    private static String body(Connection connection, LineReader lines) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        while (true) {
            byte[] line = lines.read(connection.in()).orElseThrow();
            if (line.length == 1 && line[0] == '.') {
                return text.toString(StandardCharsets.ISO_8859_1);
            }
            text.writeBytes(line);
            text.write('\r');
            text.write('\n');
        }
    }

    private static void say(Connection connection, String line) throws IOException {
        connection.out().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        connection.out().flush();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
