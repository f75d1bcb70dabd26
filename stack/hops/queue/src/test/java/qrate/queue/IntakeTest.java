package qrate.queue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Intake;
import qrate.core.Log;
import qrate.core.Spool;
import qrate.qmqp.QmqpClient;
import qrate.qmqp.QmqpServer;
import qrate.testkit.LoopbackListener;
import qrate.testkit.SimulatedDisk;

/// The ways into the queue, each through {@link IntakeContract}.
class IntakeTest {
    abstract static class OnJournal extends IntakeContract {
        private final SimulatedDisk disk = new SimulatedDisk(5);
        private Journal journal;

        @BeforeEach
        void openJournal() throws IOException {
            journal = new Journal(
                    new Journal.World(
                            disk, JournalFixture.CLOCK, new java.util.Random(7), Log.silent(), Limits.STANDARD),
                    new Workers.Threads(() -> {}, Log.silent()));
        }

        @AfterEach
        void closeJournal() throws IOException {
            journal.close();
        }

        @Override
        Journal queue() {
            return journal;
        }

        @Override
        SimulatedDisk disk() {
            return disk;
        }
    }

    @Nested
    class InProcess extends OnJournal {
        @Override
        Intake intake() {
            return queue();
        }
    }

    @Nested
    class ByQmqp extends OnJournal {
        @TempDir
        private Path spool;

        private LoopbackListener listener;
        private QmqpClient client;

        @BeforeEach
        void listen() throws IOException {
            listener = new LoopbackListener(new QmqpServer(_ -> queue(), new Spool(spool), Log.silent()));
            client = new QmqpClient(
                    List.of(new QmqpClient.Server("127.0.0.1", listener.port())), QmqpClient.Settings.OWN);
        }

        @AfterEach
        void hangUp() throws IOException {
            client.close();
            listener.close();
        }

        @Override
        Intake intake() {
            return client;
        }
    }
}
