package qrate.pop3d;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A small POP3 client that a test steers line by line.
final class Client implements AutoCloseable {
    private static final int READ_TIMEOUT_MILLIS = 30_000;

    private final Socket socket;
    private final BufferedReader in;
    private final String greeting;

    Client(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        greeting = in.readLine();
    }

    String greeting() {
        return greeting;
    }

    Socket socket() {
        return socket;
    }

    void login(String user) throws IOException {
        ask("USER " + user);
        String answer = ask("PASS secret");
        if (!answer.startsWith("+OK")) {
            throw new AssertionError(answer);
        }
    }

    String ask(String command) throws IOException {
        socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
        return in.readLine();
    }

    /// The lines of a multi-line reply up to the dot.
    List<String> skipToDot() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = in.readLine(); !line.equals("."); line = in.readLine()) {
            lines.add(line);
        }
        return lines;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
