package qrate.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.remote.RemoteDialogueTest.assertLater;
import static qrate.remote.RemoteDialogueTest.assertNever;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.core.Verdict;
import qrate.testkit.DnsServer;

/// Which server a message goes to: routes, exchangers, faults of DNS, loops, hosts that time out.
class RemoteRoutingTest extends RemoteOnRig {
    private FakeSmtp server;

    @BeforeEach
    void serve() throws IOException {
        server = new FakeSmtp(Polite.server());
    }

    @AfterEach
    void stopServing() throws IOException {
        server.close();
    }

    @Test
    void triesExchangersInOrderOfPreference() throws Exception {
        rig.dns
                .put("there.test", "MX", "30 c.test.")
                .put("there.test", "MX", "10 a.test.")
                .put("there.test", "MX", "20 b.test.")
                .put("a.test", "A", "192.0.2.1")
                .put("b.test", "A", "192.0.2.2")
                .put("c.test", "A", "192.0.2.3");
        rig.at("192.0.2.3", server.port());
        assertDelivered(rig.send());
        assertEquals(List.of("192.0.2.1:25", "192.0.2.2:25", "192.0.2.3:25"), rig.dialled);
    }

    @Test
    void goesOnToTheNextExchangerWhenAGreetingFailsOrTheConnectionDiesEarly() throws Exception {
        rig.dns
                .put("there.test", "MX", "10 a.test.")
                .put("there.test", "MX", "20 b.test.")
                .put("a.test", "A", "192.0.2.1")
                .put("b.test", "A", "192.0.2.2");
        for (String command : List.of("220", "EHLO", "MAIL")) {
            for (String reply : List.of("close", "554 not here")) {
                if (!command.equals("220") && !reply.equals("close")) {
                    continue;
                }
                try (FakeSmtp first = new FakeSmtp(Polite.server().on(command, reply))) {
                    rig.at("192.0.2.1", first.port()).at("192.0.2.2", server.port());
                    assertDelivered(rig.send());
                    assertTrue(first.connections() > 0);
                }
            }
        }
    }

    @Test
    void choosesAmongEqualExchangersAtRandom() throws Exception {
        for (int i = 1; i <= 4; i++) {
            rig.dns.put("there.test", "MX", "10 mx" + i + ".test.").put("mx" + i + ".test", "A", "192.0.2." + i);
        }
        Set<String> first = new HashSet<>();
        for (int i = 0; i < 30; i++) {
            rig.dialled.clear();
            rig.send();
            first.add(rig.dialled.getFirst());
        }
        assertEquals(4, first.size());
    }

    @Test
    void takesTheHostItselfWhenItHasNoExchanger() throws Exception {
        rig.dns.put("there.test", "A", "192.0.2.1");
        rig.at("192.0.2.1", server.port());
        assertDelivered(rig.send());
    }

    @Test
    void usesIpv6AfterIpv4() throws Exception {
        rig.dns.put("there.test", "A", "192.0.2.9").put("there.test", "AAAA", "2001:db8::1");
        rig.at("2001:db8:0:0:0:0:0:1", server.port());
        Verdict verdict = rig.send();
        assertDelivered(verdict);
        assertEquals(List.of("192.0.2.9:25", "2001:db8:0:0:0:0:0:1:25"), rig.dialled);
    }

    @Test
    void bouncesForANullExchanger() throws Exception {
        rig.dns.put("there.test", "MX", "0 .").put("there.test", "A", "192.0.2.1");
        assertNever(rig.send(), "The domain there.test does not accept mail. (#5.1.10)");
        assertEquals(List.of(), rig.dialled);
    }

    @Test
    void bouncesForANameThatDoesNotExist() throws Exception {
        assertEquals(
                new Verdict.Never("Sorry, I couldn't find any host named nowhere.test. (#5.1.2)\n"),
                rig.send("", "you@nowhere.test").getFirst());
        rig.dns.put("empty.test", "TXT", "hello");
        assertNever(
                rig.send("", "you@empty.test").getFirst(),
                "Sorry, I couldn't find a mail exchanger or IP address. (#5.4.4)");
        rig.dns.put("dangling.test", "MX", "10 gone.test.");
        assertNever(rig.send("", "you@dangling.test").getFirst(), "#5.4.4");
        assertNever(rig.send("", "you@" + "a".repeat(64) + ".test").getFirst(), "#5.1.2");
    }

    @Test
    void findsHostsWithInternationalNames() throws Exception {
        rig.dns.put("xn--bcher-kva.test", "A", "192.0.2.1");
        rig.at("192.0.2.1", server.port());
        // the domain alone still needs SMTPUTF8 in RCPT, which this server does not offer
        assertNever(rig.send("", "you@bücher.test").getFirst(), "5.6.7");
        assertEquals(List.of("192.0.2.1:25"), rig.dialled);
    }

    /// By the older rules, which the JDK has, it would go to the host of another domain, strasse.test.
    @Test
    void findsTheHostOfADomainWithASharpS() throws Exception {
        try (FakeSmtp able = new FakeSmtp(Polite.server().offering("SMTPUTF8"))) {
            rig.dns.put("xn--strae-oqa.test", "A", "192.0.2.1");
            rig.dns.put("strasse.test", "A", "192.0.2.2");
            rig.at("192.0.2.1", able.port()).at("192.0.2.2", able.port());
            assertInstanceOf(
                    Verdict.Delivered.class, rig.send("", "you@straße.test").getFirst());
            assertEquals(List.of("192.0.2.1:25"), rig.dialled);
        }
    }

    @Test
    void findsARouteByEitherNameOfADomain() throws Exception {
        rig.at("192.0.2.1", server.port()).at("192.0.2.2", server.port()).at("192.0.2.3", server.port());
        rig.control("smtproutes", "bücher.test:192.0.2.1\nxn--bb-eka.at:192.0.2.2\n.bücher.test:192.0.2.3:587");
        for (String to : List.of("xn--bcher-kva.test", "öbb.at", "mail.xn--bcher-kva.test")) {
            rig.send("", "you@" + to);
        }
        assertEquals(List.of("192.0.2.1:25", "192.0.2.2:25", "192.0.2.3:587"), rig.dialled);
    }

    @Test
    void defersWhileDnsIsSilentBrokenOrTalksNonsenseAndGoesOnAfterwards() throws Exception {
        Path folder = Files.createTempDirectory(control, "impatient");
        try (Rig impatient = new Rig(folder, Rig.LIMITS, Duration.ofMillis(300))) {
            impatient.there(server);
            for (DnsServer.Fault fault : DnsServer.Fault.values()) {
                if (fault == DnsServer.Fault.TRUNCATED) {
                    continue;
                }
                // a domain of its own each: a failure is remembered
                String domain = fault.name().toLowerCase(Locale.ROOT).replace('_', '-') + ".test";
                impatient.dns.put(domain, "MX", "10 mx.there.test.").fault("*", fault);
                assertLater(impatient.send("", "you@" + domain).getFirst(), "#4.4.3");
            }
            assertEquals(List.of(), impatient.dialled);
            impatient.dns.mend();
            // a busy machine may let even a good answer come too late
            Awaitility.await().until(() -> impatient.send() instanceof Verdict.Delivered);
        }
    }

    @Test
    void asksAgainByTcpWhenAnAnswerIsTruncated() throws Exception {
        rig.there(server).dns.fault("*", DnsServer.Fault.TRUNCATED);
        assertDelivered(rig.send());
    }

    @Test
    void defersWhenOnlyTheExchangersAddressIsUnknown() throws Exception {
        rig.there(server).dns.fault("mx.there.test", DnsServer.Fault.SERVFAIL);
        assertLater(rig.send(), "#4.4.3");
    }

    @Test
    void followsAliasesButNotForEver() throws Exception {
        rig.dns
                .put("there.test", "CNAME", "other.test.")
                .put("other.test", "MX", "10 mx.other.test.")
                .put("mx.other.test", "A", "192.0.2.1")
                .put("round.test", "CNAME", "and.test.")
                .put("and.test", "CNAME", "round.test.");
        rig.at("192.0.2.1", server.port());
        assertDelivered(rig.send());
        assertLater(rig.send("", "you@round.test").getFirst(), "DNS lookup of round.test failed temporarily: ");
        assertLater(rig.send("", "you@round.test").getFirst(), ". (#4.4.3)");
    }

    @Test
    void takesAddressLiterals() throws Exception {
        rig.at("192.0.2.1", server.port()).at("2001:db8:0:0:0:0:0:2", server.port());
        assertDelivered(rig.send("", "you@[192.0.2.1]").getFirst());
        assertDelivered(rig.send("", "you@[IPv6:2001:db8::2]").getFirst());
    }

    @Test
    void bouncesWhatWouldComeBack() throws Exception {
        rig.control("localips", "192.0.2.77");
        rig.dns
                .put("byname.test", "MX", "10 client.test.")
                .put("client.test", "A", "192.0.2.5")
                .put("byaddress.test", "MX", "10 nat.test.")
                .put("nat.test", "A", "192.0.2.77")
                .put("loopback.test", "A", "127.0.0.1");
        for (String host : List.of("byname.test", "byaddress.test", "loopback.test", "[127.0.0.1]", "[192.0.2.77]")) {
            Verdict verdict = rig.send("", "you@" + host).getFirst();
            assertNever(
                    verdict,
                    "Sorry, mail loops back to myself: I am the best exchanger for " + host
                            + ", but it is not in my locals or virtualdomains. (#5.4.6)");
        }
        assertEquals(List.of(), rig.dialled);
    }

    @Test
    void leavesOutExchangersNoBetterThanItself() throws Exception {
        rig.dns
                .put("there.test", "MX", "10 best.test.")
                .put("there.test", "MX", "20 client.test.")
                .put("there.test", "MX", "30 worse.test.")
                .put("best.test", "A", "192.0.2.1")
                .put("client.test", "A", "192.0.2.2")
                .put("worse.test", "A", "192.0.2.3");
        assertLater(rig.send(), "Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)");
        assertEquals(List.of("192.0.2.1:25"), rig.dialled);
    }

    @Test
    void followsRoutesFromTheExactNameToTheDefault() throws Exception {
        rig.control(
                "smtproutes",
                "exact.test:192.0.2.9\nexact.test:relay.test:2525\n.test:[192.0.2.2]\nmx.exact.test:\n# a comment\n:192.0.2.3:26");
        rig.dns.put("relay.test", "A", "192.0.2.1").put("mx.exact.test", "A", "192.0.2.4");
        for (int i = 1; i <= 4; i++) {
            rig.at("192.0.2." + i, server.port());
        }
        for (String host : List.of("exact.test", "EXACT.test", "sub.exact.test", "mx.exact.test", "other.example")) {
            assertDelivered(rig.send("", "you@" + host).getFirst());
        }
        assertEquals(
                List.of("192.0.2.1:2525", "192.0.2.2:25", "192.0.2.4:25", "192.0.2.3:26"), rig.dialled); // one reused
    }

    @Test
    void defersWhenControlFilesMakeNoSense() throws Exception {
        for (Map.Entry<String, String> bad : Map.of(
                        "timeoutremote", "soon", "smtproutes", "there.test:x:99999", "tlsremote", "perhaps")
                .entrySet()) {
            try (Rig other = new Rig(Files.createTempDirectory(control, "c"))) {
                other.there(server).control(bad.getKey(), bad.getValue());
                assertLater(other.send(), "Unable to read control files. (#4.3.0)");
                assertTrue(other.logged().contains("control/" + bad.getKey()), other.logged());
            }
        }
    }

    @Test
    void leavesAHostAloneThatTimedOutTwice() throws Exception {
        rig.dns.put("there.test", "A", "192.0.2.1");
        rig.at("192.0.2.1", 0);
        assertLater(rig.send(), "#4.4.1");
        assertLater(rig.send(), "#4.4.1"); // within two minutes: counts once
        advance(Duration.ofMinutes(3));
        assertLater(rig.send(), "#4.4.1");
        assertEquals(3, rig.dialled.size());
        rig.at("192.0.2.1", server.port());
        assertLater(rig.send(), "#4.4.1");
        assertEquals(3, rig.dialled.size());
        advance(Duration.ofMinutes(61));
        assertDelivered(rig.send());
    }

    private void advance(Duration time) {
        rig.now.addAndGet(time.toMillis());
    }

    private static void assertDelivered(Verdict verdict) {
        assertInstanceOf(Verdict.Delivered.class, verdict, verdict.text());
    }
}
