package qrate.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// The hosts that the bench sends to, and its clients.
class SinkTest {
    private static final long LONG = TimeUnit.MINUTES.toNanos(1);

    @Test
    void countsEachMessageOfEachLoad() throws IOException {
        try (NullSink sink = NullSink.here(3)) {
            for (boolean pipelining : List.of(true, false)) {
                for (InetSocketAddress host : sink.addresses()) {
                    Sample sample = new SmtpLoad(2, 5, 300, pipelining).run(host, 21, List.of("u@live.test"));
                    assertEquals(21, sample.latencies().size());
                }
            }
            assertTrue(sink.await(2 * 3 * 21, LONG));
            assertEquals(2 * 3 * 21, sink.messages());
        }
    }

    @Test
    void hostsHaveAddressesOfTheirOwn() throws IOException {
        try (NullSink sink = NullSink.here(600)) {
            assertEquals(
                    600,
                    sink.addresses().stream()
                            .map(InetSocketAddress::getAddress)
                            .distinct()
                            .count());
            assertTrue(
                    sink.addresses().stream().allMatch(host -> host.getAddress().isLoopbackAddress()));
        }
    }

    @Test
    void answersNobodyWhileItIsHeld() throws Exception {
        try (NullSink sink = NullSink.here(1)) {
            sink.hold();
            InetSocketAddress host = sink.addresses().getFirst();
            CompletableFuture<Sample> load = CompletableFuture.supplyAsync(() -> {
                try {
                    return new SmtpLoad(3, 1, 300, false).run(host, 9);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            try (Socket other = new Socket()) {
                other.connect(host);
                other.setSoTimeout(300);
                assertThrows(
                        SocketTimeoutException.class,
                        () -> other.getInputStream().read());
                assertEquals(0, sink.messages());
                assertFalse(load.isDone());
                sink.letGo();
                other.setSoTimeout(60_000);
                assertEquals('2', other.getInputStream().read());
            }
            assertEquals(9, load.get(1, TimeUnit.MINUTES).messages());
            assertEquals(9, sink.messages());
        }
    }

    @Test
    void deadHostsRefuseOrDoNotAnswer() throws IOException {
        try (DeadHosts dead = new DeadHosts(2);
                Socket first = new Socket();
                Socket second = new Socket()) {
            assertThrows(
                    ConnectException.class, () -> first.connect(dead.addresses().getFirst(), 60_000));
            assertThrows(
                    SocketTimeoutException.class,
                    () -> second.connect(dead.addresses().get(1), 300));
        }
    }

    @Test
    void idleClientsAreThoseThatWereGreeted() throws IOException {
        try (NullSink sink = NullSink.here(1);
                IdleClients _ = new IdleClients(sink.addresses().getFirst(), 300)) {
            assertEquals(
                    1,
                    new SmtpLoad(1, 1, 300, false)
                            .run(sink.addresses().getFirst(), 1)
                            .messages());
        }
    }
}
