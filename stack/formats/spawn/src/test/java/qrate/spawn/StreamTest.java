package qrate.spawn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import qrate.core.Verdict;

class StreamTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    /// A flag beside the line let an answer between the look at one and the look at the other get lost, and its
    /// delivery
    /// was made again.
    @Test
    void whatIsInLineBeforeTheEndGoesOut() throws IOException, InterruptedException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < 3000; i++) {
                try (Stream near = new Stream(new Socket(listener.getInetAddress(), listener.getLocalPort()), "near");
                        Stream far = new Stream(listener.accept(), "far")) {
                    CompletableFuture<Void> greeting = CompletableFuture.runAsync(() -> greet(near));
                    greet(far);
                    greeting.join();
                    boolean sent = near.offer(answer(1).bytes()); // wakes the writer, which may be anywhere below
                    sent &= near.offer(answer(2).bytes());
                    near.finish(System.nanoTime() + SOON.toNanos());
                    assertTrue(sent);
                    assertEquals(Optional.of(answer(1)), far.read());
                    assertEquals(Optional.of(answer(2)), far.read());
                    assertEquals(Optional.empty(), far.read());
                }
            }
        }
    }

    private static Frame answer(int number) {
        return new Frame.Answer(1, number, new Verdict.Delivered("done"));
    }

    private static void greet(Stream stream) {
        try {
            stream.greet();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
