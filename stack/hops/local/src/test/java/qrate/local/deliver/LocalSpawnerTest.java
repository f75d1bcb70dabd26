package qrate.local.deliver;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Body;
import qrate.core.Recipient;
import qrate.core.Spawner;
import qrate.core.Verdict;

class LocalSpawnerTest {
    @TempDir
    Path root;

    private Setting setting;

    @BeforeEach
    void set() throws Exception {
        setting = new Setting(root);
        setting.assign("joe\0", "joe", "joe", "", "");
        Files.createDirectories(setting.maildirs().resolve("joe"));
    }

    @AfterEach
    void close() {
        setting.close();
    }

    /// A message whose reading does what a test says.
    private static Spawner.Job job(Callable<InputStream> reading, int recipients) {
        Body body = new Body() {
            @Override
            public long size() {
                return 1;
            }

            @Override
            public InputStream open() throws IOException {
                try {
                    return reading.call();
                } catch (Exception e) {
                    throw new IOException(e);
                }
            }
        };
        List<Spawner.Delivery> deliveries = IntStream.range(0, recipients)
                .mapToObj(number -> new Spawner.Delivery(number, Recipient.of("joe@h")))
                .toList();
        return new Spawner.Job(1, Setting.BIRTH, "", "", body, "", deliveries);
    }

    @Test
    void putsOffWhatIsMoreThanItCanHold() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        int most = LocalSpawner.OPEN_DELIVERIES_MAX + Setting.CONCURRENCY;
        Spawner.Job job = job(
                () -> {
                    go.await();
                    throw new IOException("made by the test");
                },
                most + 3);
        Map<Integer, Verdict> verdicts = new ConcurrentHashMap<>();
        setting.spawner().start(job, verdicts::put);
        Verdict tooMany = new Verdict.Later("Too many deliveries. (#4.3.2)");
        assertEquals(Map.of(most, tooMany, most + 1, tooMany, most + 2, tooMany), verdicts);
        go.countDown();
        await().until(() -> verdicts.size() == most + 3);
        assertEquals(3, verdicts.values().stream().filter(tooMany::equals).count());
    }

    @Test
    void answersForADeliveryThatABugBrokeOffAndGoesOn() throws Exception {
        Spawner.Job job = job(
                () -> {
                    throw new StackOverflowError("made by the test");
                },
                1);
        assertEquals(List.of(new Verdict.Later("Local delivery broke off. (#4.3.0)")), setting.deliver(job));
        assertEquals('K', setting.deliver("joe@h").code());
    }
}
