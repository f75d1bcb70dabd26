package qrate.remote.policies;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import qrate.core.Log;
import qrate.dns.Dns;
import qrate.mtasts.StsPolicy;

class StsPoliciesTest {
    private static final byte[] POLICY =
            "version: STSv1\nmode: enforce\nmx: mx.there.test\nmax_age: 600\n".getBytes(UTF_8);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final AtomicInteger fetched = new AtomicInteger();

    @Test
    void fetchesOnceForAllWhoWaitForOne() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        StsPolicies policies = policies(domain -> {
            begun.countDown();
            assertTrue(await(held));
            return POLICY;
        });
        List<FutureTask<Optional<StsPolicy>>> waiting = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            FutureTask<Optional<StsPolicy>> one = new FutureTask<>(() -> policies.of("there.test", record("1")));
            waiting.add(one);
            Thread.ofVirtual().start(one);
        }
        assertTrue(await(begun));
        held.countDown();
        for (FutureTask<Optional<StsPolicy>> one : waiting) {
            assertTrue(one.get().isPresent());
        }
        assertEquals(1, fetched.get());
    }

    @Test
    void fetchesAPolicyAgainOnceItIsOverAlthoughItsRecordIsTheSame() throws Exception {
        StsPolicies policies = policies(domain -> POLICY);
        assertTrue(policies.of("there.test", record("1")).isPresent());
        now.updateAndGet(then -> then.plusSeconds(599));
        assertTrue(policies.of("there.test", record("1")).isPresent());
        assertEquals(1, fetched.get());
        now.updateAndGet(then -> then.plusSeconds(1));
        assertTrue(policies.of("there.test", record("1")).isPresent());
        assertEquals(2, fetched.get());
    }

    @Test
    void doesNotLetATimeThatWasSetBackKeepAPolicyForEver() throws Exception {
        StsPolicies policies = policies(domain -> POLICY);
        now.set(Instant.EPOCH.plusSeconds(1_000_000));
        assertTrue(policies.of("there.test", record("1")).isPresent());
        now.set(Instant.EPOCH);
        assertEquals(Optional.empty(), policies.of("there.test", new Dns.Answer.NoData<>()));
        assertTrue(policies.of("there.test", record("1")).isPresent());
        assertEquals(2, fetched.get());
    }

    @Test
    void remembersNoMoreDomainsThanItsBound() throws Exception {
        StsPolicies policies = policies(domain -> POLICY);
        for (int i = 0; i <= StsPolicies.DOMAINS_MAX; i++) {
            policies.of(i + ".test", record("1"));
        }
        assertEquals(Optional.empty(), policies.of("0.test", new Dns.Answer.NoData<>()));
        assertTrue(policies.of("1.test", new Dns.Answer.NoData<>()).isPresent());
    }

    @Test
    void outlivesAFetcherThatIsBroken() throws Exception {
        StsPolicies policies = policies(domain -> {
            throw new IllegalStateException("broken");
        });
        assertEquals(Optional.empty(), policies.of("there.test", record("1")));
        assertEquals(Optional.empty(), policies.of("there.test", record("2")));
        assertEquals(2, fetched.get());
    }

    private StsPolicies policies(PolicyFetcher fetcher) {
        return new StsPolicies(
                domain -> {
                    fetched.incrementAndGet();
                    return fetcher.fetch(domain);
                },
                now::get,
                Log.silent());
    }

    private static Dns.Answer<String> record(String id) {
        return new Dns.Answer.Found<>(List.of("v=STSv1; id=" + id));
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
