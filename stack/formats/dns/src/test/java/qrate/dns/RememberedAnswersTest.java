package qrate.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;
import qrate.testkit.DnsServer;

/// What is asked once and what is asked again.
class RememberedAnswersTest {
    private static final Duration TRY = Duration.ofSeconds(5);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-30T00:00:00Z"));
    private final AtomicReference<List<InetSocketAddress>> servers = new AtomicReference<>();
    private DnsServer server;
    private Dns dns;

    @BeforeEach
    void start() throws IOException {
        server = DnsServer.start();
        servers.set(List.of(at(server.port())));
        dns = new DnsClient(servers::get, TRY, InetAddress::isLoopbackAddress, now::get);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress("127.0.0.1", port);
    }

    private void passes(long seconds) {
        now.updateAndGet(at -> at.plusSeconds(seconds));
    }

    private long asked(String question) {
        return server.questions().stream().filter(question::equals).count();
    }

    @Test
    void keepsAnAnswerAsLongAsItsTtlSays() {
        server.ttl(300).put("a.test", "MX", "10 mx.a.test.");
        var first = dns.exchangers("a.test");
        passes(299);
        assertEquals(first, dns.exchangers("A.Test"));
        assertEquals(1, asked("a.test. MX"));
        passes(1);
        dns.exchangers("a.test");
        assertEquals(2, asked("a.test. MX"));
    }

    @Test
    void keepsNothingOfATtlOfZeroAndNothingLongerThanADay() {
        server.ttl(0).put("a.test", "TXT", "a").ttl(10_000_000).put("b.test", "TXT", "b");
        for (int i = 0; i < 2; i++) {
            dns.texts("a.test");
            dns.texts("b.test");
        }
        assertEquals(List.of(2L, 1L), List.of(asked("a.test. TXT"), asked("b.test. TXT")));
        passes(Duration.ofDays(1).toSeconds());
        dns.texts("b.test");
        assertEquals(2, asked("b.test. TXT"));
    }

    @Test
    void aChainHoldsAsLongAsItsShortestLink() {
        server.ttl(20).put("a.test", "CNAME", "b.test.").ttl(500).put("b.test", "TXT", "b");
        dns.texts("a.test");
        passes(19);
        dns.texts("a.test");
        assertEquals(1, asked("a.test. TXT"));
        passes(1);
        dns.texts("a.test");
        assertEquals(2, asked("a.test. TXT"));
    }

    @Test
    void anAbsenceHoldsAsLongAsTheZoneSaysAnHourAtMost() {
        server.zone("a.test", 900, 60).zone("b.test", 30, 900).zone("c.test", 90_000, 90_000);
        server.put("b.test", "A", "192.0.2.1");
        List<String> names = List.of("no.a.test", "b.test", "no.c.test");
        List<Long> expected = List.of(60L, 30L, 3_600L);
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            var first = dns.texts(name);
            passes(expected.get(i) - 1);
            assertEquals(first, dns.texts(name));
            assertEquals(1, asked(name + ". TXT"));
            passes(1);
            dns.texts(name);
            assertEquals(2, asked(name + ". TXT"));
        }
        assertInstanceOf(Dns.Answer.NoData.class, dns.texts("b.test"));
        assertInstanceOf(Dns.Answer.NoSuchName.class, dns.texts("no.a.test"));
    }

    @Test
    void anAbsenceWithoutASoaIsAskedAgain() {
        dns.texts("no.test");
        dns.texts("no.test");
        assertEquals(2, asked("no.test. TXT"));
    }

    @Test
    void aFailureIsRememberedForSomeSecondsOnly() {
        server.put("a.test", "TXT", "a").fault("a.test", DnsServer.Fault.SERVFAIL);
        assertInstanceOf(Dns.Answer.Failed.class, dns.texts("a.test"));
        long once = asked("a.test. TXT");
        server.mend();
        assertInstanceOf(Dns.Answer.Failed.class, dns.texts("a.test"));
        assertEquals(once, asked("a.test. TXT"));
        passes(5);
        assertEquals(new Dns.Answer.Found<>(List.of("a")), dns.texts("a.test"));
    }

    @Test
    void whatAnotherNetworksResolversSaidIsForgotten() throws IOException {
        server.put("a.test", "TXT", "inside");
        dns.texts("a.test");
        try (DnsServer outside = DnsServer.start()) {
            outside.put("a.test", "TXT", "outside");
            servers.set(List.of(at(outside.port())));
            assertEquals(new Dns.Answer.Found<>(List.of("outside")), dns.texts("a.test"));
        }
    }

    @Test
    void aClockThatIsSetBackMakesNothingLastLonger() {
        server.ttl(60).put("a.test", "TXT", "a");
        dns.texts("a.test");
        passes(-1_000_000);
        dns.texts("a.test");
        assertEquals(2, asked("a.test. TXT"));
    }

    @Test
    void whoAsksWhatIsBeingAskedWaitsForThatAnswer() throws Exception {
        server.ttl(0).put("a.test", "TXT", "a").hold("a.test");
        try (ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Dns.Answer<String>>> all = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                all.add(askers.submit(() -> dns.texts("a.test")));
            }
            // one that gives up early takes nothing from the others
            var hasty = dns.ask(Question.texts("a.test"), Duration.ofMillis(20));
            assertInstanceOf(Dns.Answer.Failed.class, hasty.answer());
            Awaitility.await().until(() -> asked("a.test. TXT") >= 1);
            server.release("a.test");
            for (Future<Dns.Answer<String>> one : all) {
                assertEquals(new Dns.Answer.Found<>(List.of("a")), one.get());
            }
        }
        assertTrue(asked("a.test. TXT") < 10, () -> server.questions().toString());
    }

    @Test
    void whoGaveUpFindsTheAnswerLater() {
        server.put("a.test", "TXT", "a").hold("a.test");
        assertInstanceOf(
                Dns.Answer.Failed.class,
                dns.ask(Question.texts("a.test"), Duration.ofMillis(20)).answer());
        server.release("a.test");
        Awaitility.await().until(() -> dns.texts("a.test") instanceof Dns.Answer.Found<String>);
        assertEquals(1, asked("a.test. TXT"));
    }

    @Test
    void aDeadServerSlowsOneQuestionAndNotEach() throws IOException {
        try (DnsServer dead = DnsServer.start()) {
            dead.fault("*", DnsServer.Fault.SILENCE);
            servers.set(List.of(at(dead.port()), at(server.port())));
            dns = new DnsClient(servers::get, Duration.ofMillis(200), _ -> true, now::get);
            for (int i = 0; i < 5; i++) {
                server.put("a" + i + ".test", "TXT", "a");
                String name = "a" + i + ".test";
                Awaitility.await().until(() -> {
                    passes(5); // should a busy machine have been too slow
                    return dns.texts(name) instanceof Dns.Answer.Found<String>;
                });
            }
            assertTrue(dead.questions().size() < 4, () -> dead.questions().toString());
            long before = dead.questions().size();
            passes(30);
            dns.texts("b.test");
            assertTrue(dead.questions().size() > before, "asked again after its rest");
        }
    }

    @Test
    void whoLooksWhetherDnsIsRightByNowIsToldTheTruth() {
        Dns doctor = DnsClient.forgetful(Map.of("QRATE_DNS", server.hostAndPort()));
        server.put("a.test", "TXT", "old");
        doctor.texts("a.test");
        server.remove("a.test").put("a.test", "TXT", "new");
        assertEquals(new Dns.Answer.Found<>(List.of("new")), doctor.texts("a.test"));
    }

    @Test
    void theMemoryIsBoundedAndTheLeastRecentlyUsedGoes() throws IOException {
        AnswerCache memory = new AnswerCache(now::get, AnswerCache.BYTES_MAX);
        AnswerCache.Key first = key("first.test");
        memory.keep(first, exchanger(first.name()), 60);
        for (int i = 0; i < 12_000; i++) {
            AnswerCache.Key key = key("n" + i + ".test");
            memory.keep(key, exchanger(key.name()), 60);
            assertTrue(memory.find(first).isPresent(), "used all the time");
        }
        assertTrue(memory.bytes() <= AnswerCache.BYTES_MAX);
        assertTrue(memory.size() > 1_000);
        assertTrue(memory.find(key("n0.test")).isEmpty());
        passes(60);
        assertTrue(memory.find(first).isEmpty());
    }

    @Test
    void whatIsTooLargeIsNotKept() {
        String strings = ("\"" + "x".repeat(250) + "\" ").repeat(80);
        server.put("a.test", "TXT", strings);
        for (int i = 0; i < 2; i++) {
            assertEquals(new Dns.Answer.Found<>(List.of("x".repeat(20_000))), dns.texts("a.test"));
        }
        assertEquals(4, asked("a.test. TXT"), "each by UDP, and then by TCP");
    }

    private static AnswerCache.Key key(String name) throws IOException {
        return new AnswerCache.Key(Name.fromString(name, Name.root), Type.MX);
    }

    private static Dns.Reply<Record> exchanger(Name name) {
        Record mx = new MXRecord(name, DClass.IN, 60, 10, name);
        return new Dns.Reply<>(new Dns.Answer.Found<>(List.of(mx)), false, "");
    }
}
