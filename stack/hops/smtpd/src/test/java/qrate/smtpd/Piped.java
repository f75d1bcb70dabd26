package qrate.smtpd;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import qrate.core.Program;
import qrate.posix.Posix;

/// A program whose streams are a connection's, in a thread of its own.
final class Piped implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final CompletableFuture<Integer> code = new CompletableFuture<>();

    Piped(Program program, String... arguments) throws IOException {
        Thread.ofPlatform().daemon().start(() -> {
            try (Socket socket = server.accept();
                    PrintStream out = new PrintStream(socket.getOutputStream(), true, StandardCharsets.US_ASCII)) {
                Map<String, String> environment = Map.of("PATH", Posix.PATH_USUAL, "TCPREMOTEIP", "192.0.2.9");
                code.complete(program.run(
                        List.of(arguments), new Program.Stdio(environment, socket.getInputStream(), out, System.err)));
            } catch (Exception e) {
                code.completeExceptionally(e);
            }
        });
    }

    Talk talk() throws IOException {
        return Talk.plain(server.getLocalPort());
    }

    int code() throws Exception {
        return code.get();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
