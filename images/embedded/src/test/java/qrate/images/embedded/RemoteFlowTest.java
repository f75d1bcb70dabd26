package qrate.images.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.images.embedded.Installation.SOON;
import static qrate.images.embedded.Installation.letter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import qrate.testkit.DnsServer;

/// Mail to other hosts: one that takes it, one that refuses, one that is not well, one that cannot be found.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RemoteFlowTest {
    private Sink sink;
    private DnsServer dns;
    private Installation qrate;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        sink = new Sink();
        dns = DnsServer.start();
        qrate = Installation.prepare(folder, Map.of("QRATE_DNS", dns.hostAndPort()));
        Files.writeString(qrate.state().control().resolve("smtproutes"), "far.test:127.0.0.1:" + sink.port() + "\n");
        qrate.start();
        qrate.people(10);
    }

    @BeforeEach
    void forget() {
        sink.forget();
        dns.mend();
        qrate.forgetLog();
    }

    @AfterAll
    void stop() throws IOException {
        qrate.close();
        dns.close();
        sink.close();
    }

    private void submit(String from, String to, String mark) throws IOException {
        try (Talk talk = qrate.submission(from)) {
            String reply = talk.message(from, List.of(to), letter(from, mark));
            assertTrue(reply.startsWith("250 "), reply);
        }
    }

    private void assertBounce(String user, String to, String status) {
        String bounce = qrate.box(user, 1).getFirst();
        assertTrue(bounce.startsWith("Return-Path: <>\r\n"), bounce);
        assertTrue(bounce.contains("multipart/report"), bounce);
        assertTrue(bounce.contains("message/delivery-status"), bounce);
        assertTrue(bounce.contains("Final-Recipient: rfc822;" + to) || bounce.contains("rfc822; " + to), bounce);
        assertTrue(bounce.contains("Status: " + status), bounce);
        qrate.drained();
        assertEquals(1, qrate.box(user).size(), "one bounce");
    }

    @Test
    void aMessageReachesAnotherHostAsItIs() throws IOException {
        String user = qrate.someone();
        submit(user, "zoe@far.test", "outward");
        Awaitility.await().atMost(SOON).until(() -> sink.messages().size() == 1);
        assertTrue(
                sink.messages().getFirst().endsWith(letter(user, "outward")),
                sink.messages().getFirst());
        qrate.drained();
        assertEquals(1, sink.messages().size());
        assertEquals(0, qrate.box(user).size(), "no news is good news");
    }

    @Test
    void aRefusalComesBackAsABounce() throws IOException {
        String user = qrate.someone();
        sink.answer("550 5.1.1 no zoe here");
        submit(user, "zoe@far.test", "refused");
        assertBounce(user, "zoe@far.test", "5.1.1");
        assertTrue(qrate.box(user).getFirst().contains("no zoe here"));
        assertTrue(qrate.box(user).getFirst().contains("This is refused"), "the original comes with it");
    }

    @Test
    void aHostThatIsNotWellGetsItsMailLater() throws IOException {
        String user = qrate.someone();
        sink.answer("450 4.2.0 zoe is out");
        submit(user, "zoe@far.test", "later");
        qrate.logged("deferral: ");
        assertEquals(1, qrate.running().send().stat().messages());
        assertEquals(0, qrate.box(user).size(), "a delay is no bounce");
        sink.answer("250 2.1.5 ok");
        qrate.running().send().retryNow();
        Awaitility.await().atMost(SOON).until(() -> sink.messages().size() == 1);
        qrate.drained();
        assertEquals(1, sink.messages().size());
    }

    @Test
    void aHostThatIsAwayGetsItsMailWhenItIsBack() throws Exception {
        String user = qrate.someone();
        int port = sink.port();
        sink.close();
        submit(user, "zoe@far.test", "away");
        qrate.logged("deferral: ");
        sink = new Sink();
        qrate.control("smtproutes", "far.test:127.0.0.1:" + sink.port() + "\n");
        assertTrue(port != sink.port() || sink.messages().isEmpty());
        qrate.running().send().retryNow();
        Awaitility.await().atMost(SOON).until(() -> sink.messages().size() == 1);
        qrate.drained();
    }

    @Test
    void aDomainThatTakesNoMailIsABounce() throws IOException {
        String user = qrate.someone();
        dns.put("null.test", "MX", "0 .");
        submit(user, "zoe@null.test", "null");
        assertBounce(user, "zoe@null.test", "5.1.10");
    }

    @Test
    void aDomainThatDoesNotExistIsABounce() throws IOException {
        String user = qrate.someone();
        submit(user, "zoe@nowhere.test", "nowhere");
        assertBounce(user, "zoe@nowhere.test", "5.1.2");
    }

    @Test
    void mailWaitsWhileNamesCannotBeLookedUpAndGoesOnAfterwards() throws IOException {
        String user = qrate.someone();
        dns.put("failing.test", "MX", "0 .").fault("failing.test", DnsServer.Fault.SERVFAIL);
        submit(user, "zoe@failing.test", "servfail");
        qrate.logged("deferral: ");
        assertEquals(0, qrate.box(user).size(), "a broken resolver is no reason to bounce");
        submit(user, "zoe@far.test", "beside");
        Awaitility.await().atMost(SOON).until(() -> sink.messages().size() == 1);
        Awaitility.await("others go on")
                .atMost(SOON)
                .until(() -> qrate.running().send().stat().messages() == 1);
        dns.mend();
        // a failure is remembered for some seconds
        Awaitility.await().atMost(SOON).until(() -> {
            qrate.running().send().retryNow();
            return qrate.box(user).size() == 1;
        });
        assertBounce(user, "zoe@failing.test", "5.1.10");
    }

    @Test
    void aResolverThatSaysNothingHoldsUpNobodyElse() throws IOException {
        String user = qrate.someone();
        String other = qrate.someone();
        dns.put("silent.test", "MX", "0 .").fault("silent.test", DnsServer.Fault.SILENCE);
        submit(user, "zoe@silent.test", "silence");
        submit(user, "zoe@far.test", "beside");
        assertTrue(qrate.send("home", other).startsWith("250 "));
        Awaitility.await().atMost(SOON).until(() -> sink.messages().size() == 1);
        qrate.box(other, 1);
        qrate.logged("deferral: ");
        assertEquals(0, qrate.box(user).size());
        dns.mend();
        // a failure is remembered for some seconds
        Awaitility.await().atMost(SOON).until(() -> {
            qrate.running().send().retryNow();
            return qrate.box(user).size() == 1;
        });
        assertBounce(user, "zoe@silent.test", "5.1.10");
    }
}
