package qrate.local;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
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
        setting.domain("example.org", "ann");
    }

    @AfterEach
    void close() {
        setting.close();
    }

    @Test
    void putsOffWhatIsMoreThanItCanHold() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        setting.known.put("ezmlm-send", (_, _) -> {
            go.await();
            return 0;
        });
        setting.put("domains/example.org/.qmail-team", "|ezmlm-send\n");
        int most = LocalSpawner.OPEN_DELIVERIES_MAX + Setting.CONCURRENCY;
        String[] recipients = new String[most + 3];
        Arrays.fill(recipients, "example.org-team@example.org");
        Map<Integer, Verdict> verdicts = new ConcurrentHashMap<>();
        setting.spawner().start(Setting.job(1, "", Setting.MESSAGE, recipients), verdicts::put);
        Verdict tooMany = new Verdict.Later("Too many deliveries. (#4.3.2)");
        assertEquals(Map.of(most, tooMany, most + 1, tooMany, most + 2, tooMany), verdicts);
        go.countDown();
        await().until(() -> verdicts.size() == recipients.length);
        assertEquals(3, verdicts.values().stream().filter(tooMany::equals).count());
    }

    @Test
    void answersForADeliveryThatABugBrokeOffAndGoesOn() throws Exception {
        Body bug = new Body() {
            @Override
            public long size() {
                return 1;
            }

            @Override
            public InputStream open() {
                throw new StackOverflowError("made by the test");
            }
        };
        Spawner.Delivery one = new Spawner.Delivery(0, Recipient.of("joe@h"));
        assertEquals(
                List.of(new Verdict.Later("Local delivery broke off. (#4.3.0)")),
                setting.deliver(new Spawner.Job(1, Setting.BIRTH, "", "", bug, "", List.of(one))));
        assertEquals('K', setting.deliver("joe@h").code());
    }
}
