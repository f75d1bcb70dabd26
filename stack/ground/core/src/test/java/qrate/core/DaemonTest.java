package qrate.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DaemonTest {
    @Test
    void closesTheLastPartFirstAndTheOthersAfterOneThatFails() {
        List<String> closed = new ArrayList<>();
        try (Daemon daemon = new Daemon(Log.silent())) {
            daemon.add(() -> closed.add("queue"));
            daemon.add(() -> {
                throw new IllegalStateException("broken");
            });
            daemon.add(() -> closed.add("door"));
        }
        assertEquals(List.of("door", "queue"), closed);
    }

    /// The JVM's own 30 and 10 seconds are as long as mail was deferred when a service came back.
    @Test
    void holdsOnToNoAddressOfAServiceThatMayComeBackWithAnother() {
        new Daemon(Log.silent());
        assertEquals("1", Security.getProperty("networkaddress.cache.ttl"));
        assertEquals("0", Security.getProperty("networkaddress.cache.negative.ttl"));
    }
}
