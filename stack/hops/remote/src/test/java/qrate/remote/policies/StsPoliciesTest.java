package qrate.remote.policies;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.security.cert.CertificateException;
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
import qrate.tlsrpt.TlsFault;
import qrate.tlsrpt.TlsNote;

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
            FutureTask<Optional<StsPolicy>> one = new FutureTask<>(
                    () -> policies.of("there.test", record("1")).policy());
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
        assertTrue(policies.of("there.test", record("1")).policy().isPresent());
        now.updateAndGet(then -> then.plusSeconds(599));
        assertTrue(policies.of("there.test", record("1")).policy().isPresent());
        assertEquals(1, fetched.get());
        now.updateAndGet(then -> then.plusSeconds(1));
        assertTrue(policies.of("there.test", record("1")).policy().isPresent());
        assertEquals(2, fetched.get());
    }

    @Test
    void doesNotLetATimeThatWasSetBackKeepAPolicyForEver() throws Exception {
        StsPolicies policies = policies(domain -> POLICY);
        now.set(Instant.EPOCH.plusSeconds(1_000_000));
        assertTrue(policies.of("there.test", record("1")).policy().isPresent());
        now.set(Instant.EPOCH);
        assertEquals(
                Optional.empty(),
                policies.of("there.test", new Dns.Answer.NoData<>()).policy());
        assertTrue(policies.of("there.test", record("1")).policy().isPresent());
        assertEquals(2, fetched.get());
    }

    @Test
    void remembersNoMoreDomainsThanItsBound() throws Exception {
        StsPolicies policies = policies(domain -> POLICY);
        for (int i = 0; i <= StsPolicies.DOMAINS_MAX; i++) {
            policies.of(i + ".test", record("1")).policy();
        }
        assertEquals(
                Optional.empty(),
                policies.of("0.test", new Dns.Answer.NoData<>()).policy());
        assertTrue(policies.of("1.test", new Dns.Answer.NoData<>()).policy().isPresent());
    }

    /// RFC 8460 §4.3.2.2, and RFC 8461 §3.3: whatever is in force meanwhile.
    @Test
    void saysWhyAPolicyCannotBeHadUntilItCan() throws Exception {
        AtomicReference<PolicyFetcher> web = new AtomicReference<>(_ -> {
            throw new IOException("no connection");
        });
        StsPolicies policies = policies(domain -> web.get().fetch(domain));
        assertStands("1", false, Optional.of(TlsNote.Failure.STS_POLICY_FETCH_ERROR), policies);
        assertStands("1", false, Optional.of(TlsNote.Failure.STS_POLICY_FETCH_ERROR), policies);
        assertEquals(1, fetched.get());
        web.set(_ -> "version: STSv2\n".getBytes(UTF_8));
        assertStands("2", false, Optional.of(TlsNote.Failure.STS_POLICY_INVALID), policies);
        web.set(_ -> POLICY);
        assertStands("3", true, Optional.empty(), policies);
        web.set(_ -> {
            throw new IOException("its certificate has expired", new CertificateException());
        });
        assertStands("4", true, Optional.of(TlsNote.Failure.STS_WEBPKI_INVALID), policies);
        assertEquals(
                Optional.empty(),
                policies.of("there.test", new Dns.Answer.NoData<>()).failed(),
                "there is none to be had");
    }

    /// RFC 8461 §8.3, §10.2.
    @Test
    void saysNothingOfAPolicyThatIsTakenAway() throws Exception {
        AtomicReference<byte[]> said =
                new AtomicReference<>("version: STSv1\nmode: none\nmax_age: 600\n".getBytes(UTF_8));
        StsPolicies policies = policies(_ -> said.get());
        assertStands("1", true, Optional.empty(), policies);
        said.set(new byte[0]);
        assertStands("2", true, Optional.empty(), policies);
        now.updateAndGet(then -> then.plusSeconds(600));
        assertStands("2", false, Optional.of(TlsNote.Failure.STS_POLICY_INVALID), policies);
    }

    private static void assertStands(String id, boolean inForce, Optional<TlsNote.Failure> failed, StsPolicies policies)
            throws Exception {
        StsPolicies.Standing standing = policies.of("there.test", record(id));
        assertEquals(inForce, standing.policy().isPresent());
        assertEquals(failed, standing.failed().map(TlsFault.Cause::failure));
    }

    @Test
    void outlivesAFetcherThatIsBroken() throws Exception {
        StsPolicies policies = policies(domain -> {
            throw new IllegalStateException("broken");
        });
        assertEquals(Optional.empty(), policies.of("there.test", record("1")).policy());
        assertEquals(Optional.empty(), policies.of("there.test", record("2")).policy());
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
