package qrate.images.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Daemon;
import qrate.core.Log;
import qrate.core.Spawner;
import qrate.core.State;
import qrate.core.Verdict;
import qrate.images.queue.Roles;
import qrate.qmqp.QmqpClient;

/// The door of qmail-send, by which comes in what deliveries send on.
class SendDoorTest {
    @TempDir
    Path folder;

    private final QmqpClient.Server door = new QmqpClient.Server("127.0.0.1", Beside.freePort());

    /// Whether the door was open when a line was written.
    private final Map<String, Boolean> open = new TreeMap<>();

    SendDoorTest() throws IOException {}

    private final class Watching extends PrintStream {
        Watching() {
            super(new ByteArrayOutputStream(), true, UTF_8);
        }

        @Override
        public PrintStream append(CharSequence line) {
            open.put(line.toString().strip(), isOpen());
            return super.append(line);
        }
    }

    private boolean isOpen() {
        try (Socket _ = new Socket(InetAddress.getByName(door.host()), door.port())) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    void isOpenFromTheFirstDeliveryToTheLast() throws IOException {
        State state = new State(folder.resolve("state"));
        Files.createDirectories(state.control());
        Files.writeString(state.control().resolve("me"), "mx.example.test\n");
        Log log = new Log(new Watching(), Log.Stamp.NONE, InstantSource.system());
        Map<String, String> environment =
                Map.of("QRATE_SPOOL", folder.resolve("spool").toString());
        try (Daemon daemon = new Daemon(log)) {
            Roles roles = new Roles(daemon, state, environment, log);
            roles.send(roles.queue(), List.of(door), new Nobody(), new Nobody());
        }
        assertEquals(true, open.get("running"), open.toString());
        assertEquals(true, open.get("status: exiting"), open.toString());
        assertEquals(false, isOpen());
    }

    private static final class Nobody implements Spawner {
        @Override
        public void start(Job job, Answers answers) {
            job.deliveries().forEach(delivery -> answers.answer(delivery.number(), new Verdict.Later("nobody")));
        }

        @Override
        public void settled(long id, List<Integer> numbers) {}

        @Override
        public void close() {}
    }
}
