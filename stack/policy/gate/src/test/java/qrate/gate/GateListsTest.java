package qrate.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.milter.MilterVerdict;
import qrate.testkit.DnsServer;

/// Clients on lists in DNS.
class GateListsTest {
    private static final String LISTED = "1.2.0.192.bl.test";

    @TempDir
    Path folder;

    private GateFixture gate;

    @BeforeEach
    void start() throws IOException {
        gate = new GateFixture(folder);
        gate.control("dmarc", "off").control("dkimverify", "off").control("spfbehavior", "0");
    }

    @AfterEach
    void stop() throws IOException {
        gate.close();
    }

    private Ruling ruling() throws IOException {
        return gate.judged(GateFixture.MESSAGE).ruling();
    }

    private static Ruling refused(String... lines) {
        return new Ruling.Refused(550, List.of(lines));
    }

    private String marks() throws IOException {
        String header = gate.shown(GateFixture.MESSAGE).message();
        return header.substring(0, header.indexOf("Received: "));
    }

    @Test
    void withoutTheFileNobodyIsAskedAbout() throws IOException {
        assertEquals(new Ruling.Passed(), ruling());
        assertEquals(List.of(), gate.server.questions());
    }

    @Test
    void aListedClientIsRefusedInTheListsWordsBeforeTheMessageIsSent() throws IOException {
        gate.control("dnsbl", "bl.test refuse");
        gate.server.put(LISTED, "A", "127.0.0.2").put(LISTED, "TXT", "\"see https://bl.test/?192.0.2.1\\010\\233\"");
        assertEquals(
                new MilterVerdict.Refuse(
                        550,
                        List.of(
                                "5.7.1 192.0.2.1 is listed by bl.test",
                                "5.7.1 bl.test says: see https://bl.test/?192.0.2.1??")),
                gate.shown(GateFixture.MESSAGE).verdict());
        assertTrue(gate.logged().contains("gate: 192.0.2.1: refused: 550 5.7.1 192.0.2.1 is listed by bl.test"));
        gate.client = "192.0.2.3";
        assertEquals(new Ruling.Passed(), ruling());
    }

    @Test
    void aTextOfOursHidesTheListAndItsWords() throws IOException {
        gate.control("dnsbl", "secretkey.bl.test refuse we do not want mail of %IP%", "bl.test mark by %IP%");
        gate.server.put("1.2.0.192.secretkey.bl.test", "A", "127.0.0.2");
        assertEquals(refused("5.7.1 we do not want mail of 192.0.2.1"), ruling());
        assertFalse(gate.server.questions().toString().contains("TXT"));
        gate.server.remove("1.2.0.192.secretkey.bl.test").put(LISTED, "A", "127.0.0.2");
        assertEquals("X-Spam-Status: Yes, by 192.0.2.1\n", marks());
    }

    @Test
    void aWordThatNeverEndsIsCut() throws IOException {
        gate.control("dnsbl", "bl.test refuse");
        gate.server.put(LISTED, "A", "127.0.0.2");
        gate.publish(LISTED, "x".repeat(5_000));
        gate.server.put(LISTED, "A", "127.0.0.2");
        Ruling.Refused refusal = (Ruling.Refused) ruling();
        assertEquals(Ruling.Refused.LINE_CHARS_MAX, refusal.lines().getLast().length());
    }

    @Test
    void aListMayOnlyMark() throws IOException {
        gate.control("dnsbl", "other.test refuse", "bl.test mark");
        gate.server.put(LISTED, "A", "127.0.0.2");
        assertEquals("X-Spam-Status: Yes, 192.0.2.1 is listed by bl.test\n", marks());
        assertEquals("", gate.logged());
    }

    @Test
    void anAddressOfIpv6IsAskedForByItsHalfBytes() throws IOException {
        gate.control("dnsbl", "bl.test refuse");
        gate.client = "2001:db8:1:2:3:4:567:89ab";
        String name = "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.bl.test"; // RFC 5782 §2.4
        gate.server.put(name, "A", "127.0.0.2");
        assertEquals(refused("5.7.1 2001:db8:1:2:3:4:567:89ab is listed by bl.test"), ruling());
    }

    @Test
    void onlyAnswersThatAreNamedCount() throws IOException {
        gate.server.put(LISTED, "A", "127.0.0.10");
        for (String codes : List.of("=2-11", "=3,10", "=127.0.0.10", "=127.0.0-9.*", "=127.*.0.9-255", "")) {
            gate.control("dnsbl", "BL.test" + codes + " refuse");
            assertEquals(refused("5.7.1 192.0.2.1 is listed by bl.test"), ruling(), codes);
        }
        for (String codes : List.of("=2-9", "=3", "=127.0.1.10", "=11-255")) {
            gate.control("dnsbl", "bl.test" + codes + " refuse");
            assertEquals(new Ruling.Passed(), ruling(), codes);
        }
        gate.server.put(LISTED, "A", "127.0.0.3");
        gate.control("dnsbl", "bl.test=3 refuse");
        assertEquals(refused("5.7.1 192.0.2.1 is listed by bl.test"), ruling(), "one answer of two");
    }

    @Test
    void whatIsNoListingListsNobodyAndIsLogged() throws IOException {
        for (String answer : List.of("127.255.255.254", "192.0.2.80", "127.0.0.1", "127.0.0.255")) {
            gate.control("dnsbl", "bl.test refuse", "wl.test allow");
            gate.server.remove(LISTED).put(LISTED, "A", answer);
            assertEquals(GateFixture.PASS, gate.shown(GateFixture.MESSAGE).verdict(), answer);
            String said = "bl.test does not tell of clients, who count as not listed: answers " + answer;
            assertTrue(gate.logged().contains("gate: warning: " + said), gate.logged());
        }
        gate.control("dnsbl", "bl.test=127.255.255.254 refuse");
        gate.server.remove(LISTED).put(LISTED, "A", "127.255.255.254");
        assertEquals(new Ruling.Passed(), ruling());
    }

    @Test
    void aListThatIsAwayListsNobodyAndIsLogged() throws IOException {
        gate.control("dnsbl", "bl.test refuse");
        gate.server.put(LISTED, "A", "127.0.0.2").fault(LISTED, DnsServer.Fault.SERVFAIL);
        assertEquals(GateFixture.PASS, gate.shown(GateFixture.MESSAGE).verdict());
        assertTrue(gate.logged().contains("gate: warning: bl.test does not tell of clients"), gate.logged());
    }

    @Test
    void aClientThatIsKnownAsGoodIsAllowedWhateverOthersSay() throws IOException {
        gate.server.put(LISTED, "A", "127.0.0.2").put("1.2.0.192.wl.test", "A", "127.0.5.2");
        gate.control("dnsbl", "bl.test refuse", "bl.test mark", "wl.test=127.0.*.1-3 allow");
        assertEquals("", marks());
        gate.control("dnsbl", "bl.test refuse", "192.0.2.0/30 allow");
        long asked = gate.server.questions().size();
        assertEquals(new Ruling.Passed(), ruling());
        assertEquals(asked, gate.server.questions().size());
        gate.client = "192.0.2.4";
        gate.server.put("4.2.0.192.bl.test", "A", "127.0.0.2");
        assertEquals(refused("5.7.1 192.0.2.4 is listed by bl.test"), ruling());
    }

    @Test
    void allListsAreAskedAtOnce() throws Exception {
        gate.control("dnsbl", "a.test refuse", "b.test refuse", "c.test mark");
        List<String> names = List.of("1.2.0.192.a.test", "1.2.0.192.b.test", "1.2.0.192.c.test");
        names.forEach(gate.server::hold);
        gate.server.put(names.get(1), "A", "127.0.0.2");
        CompletableFuture<Ruling> ruling = CompletableFuture.supplyAsync(() -> {
            try {
                return ruling();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        Awaitility.await()
                .untilAsserted(() -> assertTrue(gate.server
                        .questions()
                        .containsAll(names.stream().map(name -> name + ". A").toList())));
        names.forEach(gate.server::release);
        assertEquals(refused("5.7.1 192.0.2.1 is listed by b.test"), ruling.get());
    }

    @Test
    void ourOwnAreNotLookedFor() throws IOException {
        gate.control("dnsbl", "bl.test refuse");
        gate.server.put(LISTED, "A", "127.0.0.2");
        gate.macros = Map.of("{auth_authen}", "ann@here.test");
        assertEquals(GateFixture.PASS, gate.shown(GateFixture.MESSAGE).verdict());
    }

    @Test
    void aLineThatMakesNoSensePutsMailOffAndIsNamed() {
        for (String line : List.of(
                "bl.test",
                "bl.test block",
                "bl.test=256 refuse",
                "bl.test=1-x refuse",
                "bl.test=1.2.3 refuse",
                "bl.test= refuse",
                "b/l.test refuse",
                "x".repeat(181) + " refuse",
                "192.0.2.0/24 refuse",
                "192.0.2.1")) {
            String message = assertThrows(
                            IOException.class,
                            () -> gate.control("dnsbl", line).judge().begin(gate.arrival()))
                    .getMessage();
            assertTrue(message.startsWith("control/dnsbl: " + line + ": "), message);
        }
        String[] many =
                Collections.nCopies(DnsLists.LISTS_MAX + 1, "bl.test mark").toArray(new String[0]);
        assertThrows(
                IOException.class, () -> gate.control("dnsbl", many).judge().begin(gate.arrival()));
    }

    @Test
    void aNetworkIsWhatOneWhoSendsUsuallyHas() {
        assertEquals("192.0.2.0/24", Subnets.of(InetAddress.ofLiteral("192.0.2.77")));
        assertEquals("2001:db8:1:2:0:0:0:0/64", Subnets.of(InetAddress.ofLiteral("2001:db8:1:2:3:4:5:6")));
    }
}
