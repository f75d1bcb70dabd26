package qrate.httpd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.core.Log;

/// What the log says of a door that is closed while clients come: nothing.
class StopTest {
    private static final int STOPS = 5;
    private static final int CLIENTS = 8;

    private final List<String> records = new CopyOnWriteArrayList<>();
    private final Handler ear = new Handler() {
        @Override
        public void publish(LogRecord record) {
            records.add(record.getLoggerName() + ": " + record.getMessage() + ": " + record.getThrown());
        }

        @Override
        public void flush() {
            // nothing is kept back
        }

        @Override
        public void close() {
            // nothing is open
        }
    };

    @BeforeEach
    void listen() {
        Logger.getLogger("").addHandler(ear);
    }

    @AfterEach
    void leave() {
        Logger.getLogger("").removeHandler(ear);
    }

    private static final class Fine implements RequestHandler {
        @Override
        public Answer answer(Asked asked) {
            return Answer.plain(200, "fine");
        }

        @Override
        public Answer refusal(Asked asked, int status) {
            return Answer.plain(status, "refused");
        }

        @Override
        public void answered(int status) {
            // nobody counts
        }
    }

    private static void ask(HttpListener door, AtomicBoolean over) {
        try (Wires wires = new Wires(door)) {
            while (!over.get()) {
                wires.get("127.0.0.1", "/");
            }
        } catch (IOException _) {
            // the door is closed
        }
    }

    @Test
    void aDoorThatIsClosedWhileClientsComeWritesNoStackTrace() throws Exception {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        for (int i = 0; i < STOPS; i++) {
            HttpListener door = HttpListener.open(
                    new InetSocketAddress("127.0.0.1", 0),
                    new HttpListener.Parts(
                            new Fine(),
                            _ -> false,
                            new Log(new PrintStream(log, true, UTF_8), Log.Stamp.NONE, InstantSource.system())),
                    new Limits(40, 20, 4 << 20, 1 << 20, 8, 4));
            AtomicBoolean over = new AtomicBoolean();
            List<Thread> clients = new ArrayList<>();
            try (Wires first = new Wires(door)) {
                for (int c = 0; c < CLIENTS; c++) {
                    clients.add(Thread.ofVirtual().start(() -> ask(door, over)));
                }
                first.get("127.0.0.1", "/");
                door.close();
            } finally {
                over.set(true);
            }
            for (Thread client : clients) {
                client.join();
            }
        }
        assertEquals(List.of(), records);
        assertEquals(List.of(""), Arrays.asList(log.toString(UTF_8).split("\n")));
    }
}
