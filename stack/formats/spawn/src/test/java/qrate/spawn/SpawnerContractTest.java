package qrate.spawn;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import qrate.core.Body;
import qrate.core.Recipient;
import qrate.core.Spawner;
import qrate.core.Verdict;

/// What every {@link Spawner} promises, be it in this process or behind a stream.
abstract class SpawnerContractTest {
    final Deliverer deliverer = new Deliverer();

    @BeforeAll
    static void lookOften() {
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(Duration.ofMillis(2));
    }

    /// The spawner under test, which ends at {@link #deliverer}.
    abstract Spawner spawner();

    static Spawner.Job job(long id, byte[] body, String... recipients) {
        Spawner.Delivery[] deliveries = new Spawner.Delivery[recipients.length];
        Arrays.setAll(
                deliveries,
                i -> new Spawner.Delivery(i * 3, new Recipient(recipients[i], "NOTIFY=NEVER ORCPT=rfc822;x")));
        return new Spawner.Job(
                id,
                Instant.ofEpochMilli(1_764_000_000_123L),
                "sénder@example.org",
                "RET=HDRS",
                Body.of(body),
                "far.example",
                List.of(deliveries));
    }

    static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    Map<Integer, Verdict> answers(Spawner.Job job) {
        Map<Integer, Verdict> answers = new ConcurrentHashMap<>();
        spawner().start(job, answers::put);
        await().until(() -> answers.size() == job.deliveries().size());
        return answers;
    }

    @Test
    void answersEachRecipientWithItsOwnVerdict() {
        assertEquals(
                Map.of(
                        0, new Verdict.Delivered("said to k@far.example"),
                        3, new Verdict.Later("said to z@far.example"),
                        6, new Verdict.Never("said to dä@far.example")),
                answers(job(1, bytes(100), "k@far.example", "z@far.example", "dä@far.example")));
    }

    @Test
    void carriesEveryFieldOfAJob() {
        Spawner.Job sent = job(Long.MAX_VALUE, bytes(10), "k@far.example");
        answers(sent);
        Spawner.Job got = deliverer.jobs.getFirst();
        assertEquals(sent.id(), got.id());
        assertEquals(sent.birth(), got.birth());
        assertEquals(sent.sender(), got.sender());
        assertEquals(sent.parameters(), got.parameters());
        assertEquals(sent.host(), got.host());
        assertEquals(sent.deliveries(), got.deliveries());
        assertEquals(10, got.body().size());
    }

    @Test
    void carriesBodiesOfAllSizes() {
        for (int size : List.of(0, 1, 32 << 10, (32 << 10) + 1, 256 << 10, (256 << 10) + 1, 3_000_000)) {
            answers(job(size, bytes(size), "k@far.example"));
            assertEquals(Arrays.hashCode(bytes(size)), deliverer.bodyHashes.getLast(), "size " + size);
        }
    }

    @Test
    void letsOthersPassASlowDelivery() {
        AtomicInteger slow = new AtomicInteger();
        spawner().start(job(1, bytes(300_000), "w@far.example"), (_, _) -> slow.incrementAndGet());
        for (int i = 2; i < 50; i++) {
            answers(job(i, bytes(1000), "k@far.example"));
        }
        assertEquals(0, slow.get());
        await().until(() -> deliverer.waiting.size() == 1);
        deliverer.answerWaiting();
        await().until(() -> slow.get() == 1);
    }

    @Test
    void tellsOfHostsThatLetADeliveryWait() {
        List<String> said = new CopyOnWriteArrayList<>();
        spawner().start(job(1, bytes(10), "h@far.example"), new Spawner.Answers() {
            @Override
            public void answer(int number, Verdict verdict) {
                said.add(verdict.text());
            }

            @Override
            public void waits(boolean waits) {
                said.add("waits " + waits);
            }
        });
        await().until(() -> said.equals(List.of("waits true")));
        deliverer.answerWaiting();
        await().until(() -> said.equals(List.of("waits true", "waits false", "at last")));
    }

    @Test
    void answersManyJobsAtOnceExactlyOnce() {
        Map<String, Integer> seen = new ConcurrentHashMap<>();
        for (int i = 0; i < 500; i++) {
            long id = i;
            spawner()
                    .start(
                            job(id, bytes(i * 100), "k@far.example", "z@far.example"),
                            (number, _) -> seen.merge(id + ":" + number, 1, Integer::sum));
        }
        await().until(() -> seen.size() == 1000);
        assertEquals(1000, seen.values().stream().mapToInt(Integer::intValue).sum());
    }

    @Test
    void passesOnWhatIsSettled() {
        answers(job(7, bytes(1), "k@far.example"));
        spawner().settled(7, List.of(0, 3, 9));
        await().until(() -> deliverer.settled.equals(List.of("7:[0, 3, 9]")));
    }
}
