package qrate.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import qrate.testkit.DnsServer;
import qrate.testkit.Fuzz;

/// Answers of strangers: what is believed, what is passed over, and what a check may ask in all.
class StrangeAnswersTest {
    private static final Duration LONG = Dns.QUESTION_MAX;

    private DnsServer server;
    private Dns dns;

    @BeforeEach
    void start() throws IOException {
        server = DnsServer.start();
        dns = client(InetAddress::isLoopbackAddress);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private DnsClient client(Predicate<InetAddress> trusted) {
        InetSocketAddress at = new InetSocketAddress("127.0.0.1", server.port());
        return new DnsClient(() -> List.of(at), DnsClient.TRY_MAX, trusted, InstantSource.system());
    }

    private static Record entry(String name, int dclass, String type, String data) {
        try {
            return Record.fromString(Name.fromString(name), Type.value(type), dclass, 60, data, Name.root);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static UnaryOperator<Message> only(Record... records) {
        return message -> {
            message.removeAllRecords(Section.ANSWER);
            for (Record one : records) {
                message.addRecord(one, Section.ANSWER);
            }
            return message;
        };
    }

    @Test
    void passesOverRecordsOfOtherNamesTypesAndClasses() {
        server.put("a.test", "A", "192.0.2.1")
                .twist(
                        "a.test",
                        only(
                                entry("b.test.", DClass.IN, "A", "192.0.2.66"),
                                entry("a.test.", DClass.IN, "TXT", "no"),
                                entry("a.test.", DClass.IN, "A", "192.0.2.1")));
        assertEquals(
                new Dns.Answer.Found<>(List.of(InetAddress.ofLiteral("192.0.2.1"))),
                dns.ask(Question.ipv4("a.test"), LONG).answer());
        server.put("c.test", "TXT", "x").twist("c.test", only(entry("c.test.", DClass.CH, "TXT", "chaos")));
        assertInstanceOf(Dns.Answer.NoData.class, dns.texts("c.test"));
        server.put("d.test", "TXT", "x").twist("d.test", only(entry("e.test.", DClass.IN, "TXT", "other")));
        assertInstanceOf(Dns.Answer.NoData.class, dns.texts("d.test"));
    }

    @Test
    void aReferralIsNoAbsence() {
        server.put("a.test", "A", "192.0.2.1").twist("a.test", message -> {
            message.getHeader().unsetFlag(Flags.RA);
            message.addRecord(entry("test.", DClass.IN, "NS", "ns.test."), Section.AUTHORITY);
            return message;
        });
        assertInstanceOf(Dns.Answer.Failed.class, dns.texts("a.test"));
    }

    @Test
    void followsAChainOverSeveralMessagesButNotForEver() {
        for (int i = 0; i < 12; i++) {
            String name = "n" + i + ".test";
            server.put(name, "A", "192.0.2.1")
                    .twist(name, only(entry(name + ".", DClass.IN, "CNAME", "n" + (i + 1) + ".test.")));
        }
        server.put("n12.test", "TXT", "there");
        var reply = dns.ask(Question.texts("n4.test"), LONG);
        assertEquals(new Dns.Answer.Found<>(List.of("there")), reply.answer());
        assertEquals("n12.test", reply.name());
        assertInstanceOf(Dns.Answer.Failed.class, dns.texts("n3.test"));
    }

    @Test
    void readsATextOfSixtyFourKilobytesByTcp() {
        String strings = ("\"" + "x".repeat(255) + "\" ").repeat(255);
        server.put("a.test", "TXT", strings);
        var answer = dns.texts("a.test");
        assertEquals(new Dns.Answer.Found<>(List.of("x".repeat(255 * 255))), answer);
        assertEquals(2, server.questions().size());
    }

    @Test
    void tooManyRecordsAreNoAnswer() {
        for (int i = 0; i < 600; i++) {
            server.put("a.test", "A", "192.0." + (i >> 8) + "." + (i & 255));
        }
        assertInstanceOf(Dns.Answer.Failed.class, dns.addresses("a.test"));
    }

    @Test
    void asksForTheWordOnDnssecWithoutItsSignatures() {
        server.put("a.test", "TXT", "a");
        dns.texts("a.test");
        Message asked = server.asked().getFirst();
        assertTrue(asked.getHeader().getFlag(Flags.AD));
        assertEquals(0, asked.getOPT().getFlags());
        assertEquals(1_232, asked.getOPT().getPayloadSize());
    }

    @Test
    void handsOnWhatATrustedResolverSaysOfDnssecAlsoFromMemory() {
        server.put("a.test", "TXT", "a").put("al.test", "CNAME", "a.test.");
        assertFalse(dns.ask(Question.texts("a.test"), LONG).authentic());
        server.validating();
        dns = client(InetAddress::isLoopbackAddress);
        for (int i = 0; i < 2; i++) {
            assertTrue(dns.ask(Question.texts("a.test"), LONG).authentic());
            assertTrue(dns.ask(Question.texts("al.test"), LONG).authentic());
            assertTrue(dns.ask(Question.texts("no.test"), LONG).authentic(), "absences too");
        }
        assertFalse(client(_ -> false).ask(Question.texts("a.test"), LONG).authentic());
    }

    @Test
    void oneLinkThatNobodyVouchesForTakesItFromTheChain() {
        server.validating().put("b.test", "TXT", "b").put("a.test", "A", "192.0.2.1");
        server.twist("a.test", message -> {
            message.getHeader().unsetFlag(Flags.AD);
            return only(entry("a.test.", DClass.IN, "CNAME", "b.test.")).apply(message);
        });
        var reply = dns.ask(Question.texts("a.test"), LONG);
        assertEquals(new Dns.Answer.Found<>(List.of("b")), reply.answer());
        assertFalse(reply.authentic());
    }

    @Test
    void believesLoopbackButNotTheEnginesForwarderOrWhomItIsTold() {
        Predicate<InetAddress> usual = DnsClient.trusted(Map.of());
        assertTrue(usual.test(InetAddress.ofLiteral("127.0.0.1")));
        assertTrue(usual.test(InetAddress.ofLiteral("::1")));
        assertFalse(usual.test(InetAddress.ofLiteral("127.0.0.11")));
        assertFalse(usual.test(InetAddress.ofLiteral("192.0.2.53")));
        Predicate<InetAddress> named = DnsClient.trusted(Map.of("QRATE_DNS_TRUSTED", "192.0.2.53, 2001:db8::53"));
        assertTrue(named.test(InetAddress.ofLiteral("192.0.2.53")));
        assertTrue(named.test(InetAddress.ofLiteral("2001:db8::53")));
        assertFalse(named.test(InetAddress.ofLiteral("127.0.0.1")));
        assertFalse(DnsClient.trusted(Map.of("QRATE_DNS_TRUSTED", "none")).test(InetAddress.ofLiteral("127.0.0.1")));
        assertThrows(
                IllegalArgumentException.class, () -> DnsClient.trusted(Map.of("QRATE_DNS_TRUSTED", "resolver.test")));
    }

    @Test
    void readsWhatDaneServicesAndCertificatesNeed() {
        server.put("_25._tcp.mx.a.test", "TLSA", "3 1 1 00FF10")
                .put("_submission._tcp.a.test", "SRV", "1 2 587 MX.a.test.")
                .put("_imap._tcp.a.test", "SRV", "0 0 0 .")
                .put("a.test", "CAA", "128 issue \"ca.test; x=y\"");
        assertEquals(
                new Dns.Answer.Found<>(List.of(new Question.Association(3, 1, 1, "00ff10"))),
                dns.ask(Question.associations("_25._tcp.mx.a.test"), LONG).answer());
        assertEquals(
                new Dns.Answer.Found<>(List.of(new Question.Service(1, 2, 587, "mx.a.test"))),
                dns.ask(Question.services("_submission._tcp.a.test"), LONG).answer());
        assertEquals(
                new Dns.Answer.Found<>(List.of(new Question.Service(0, 0, 0, ""))),
                dns.ask(Question.services("_imap._tcp.a.test"), LONG).answer());
        assertEquals(
                new Dns.Answer.Found<>(List.of(new Question.Authority(true, "issue", "ca.test; x=y"))),
                dns.ask(Question.authorities("a.test"), LONG).answer());
    }

    @Test
    void aCheckAsksNoMoreThanItMay() {
        server.put("a.test", "TXT", "a");
        Questions few = Questions.of(dns, new Questions.Limits(2, 2, LONG), InstantSource.system());
        assertInstanceOf(
                Dns.Answer.Found.class, few.ask(Question.texts("a.test")).answer());
        Questions part = few.part(1);
        part.ask(Question.texts("a.test"));
        assertInstanceOf(
                Dns.Answer.Failed.class, part.ask(Question.texts("a.test")).answer());
        assertEquals(Optional.of(Questions.Limit.ASKED), part.spent());
        assertInstanceOf(
                Dns.Answer.Found.class, few.ask(Question.texts("a.test")).answer());
        assertEquals(Optional.empty(), few.spent());
        assertInstanceOf(
                Dns.Answer.Failed.class, few.ask(Question.texts("a.test")).answer());
        assertEquals(Optional.of(Questions.Limit.ASKED), few.spent());
    }

    @Test
    void aCheckFindsNothingNoMoreOftenThanItMay() {
        server.put("a.test", "TXT", "a");
        Questions few = Questions.of(dns, new Questions.Limits(10, 2, LONG), InstantSource.system());
        assertInstanceOf(
                Dns.Answer.NoSuchName.class, few.ask(Question.texts("n1.test")).answer());
        assertInstanceOf(
                Dns.Answer.NoData.class, few.ask(Question.ipv4("a.test")).answer());
        assertInstanceOf(
                Dns.Answer.Found.class, few.ask(Question.texts("a.test")).answer());
        assertInstanceOf(
                Dns.Answer.Failed.class, few.ask(Question.texts("n2.test")).answer());
        assertEquals(Optional.of(Questions.Limit.VOID), few.spent());
    }

    @Test
    void theHostsOfATermAreNotCountedAsTermsThatFindNothing() {
        Questions few = Questions.of(dns, new Questions.Limits(10, 0, LONG), InstantSource.system());
        Questions part = few.part(3);
        for (String host : List.of("n1.test", "n2.test", "n3.test")) {
            assertInstanceOf(
                    Dns.Answer.NoSuchName.class, part.ask(Question.ipv6(host)).answer());
        }
        assertEquals(Optional.empty(), part.spent());
        assertInstanceOf(
                Dns.Answer.Failed.class, few.ask(Question.ipv6("n1.test")).answer());
        assertEquals(Optional.of(Questions.Limit.VOID), few.spent());
    }

    @Test
    void aNameThatIsNoHostsIsAskedWhenItIsMeant() {
        server.put("ann+b=c\\@d\\\"e.a.test", "TXT", "there");
        String name = "ann+b=c@d\"e.a.test";
        assertInstanceOf(Dns.Answer.NoSuchName.class, dns.texts(name));
        assertEquals(List.of(), server.questions());
        assertEquals(
                new Dns.Answer.Found<>(List.of("there")),
                dns.ask(Question.texts(name).anyLabels(), LONG).answer());
        for (String none : List.of("a..test", ".a.test", "a\u0001.test", "x".repeat(64) + ".test", "")) {
            assertInstanceOf(
                    Dns.Answer.NoSuchName.class,
                    dns.ask(Question.texts(none).anyLabels(), LONG).answer(),
                    none);
        }
        assertEquals(1, server.questions().size());
    }

    @Test
    void aCheckEndsInTime() {
        List<Instant> times = new ArrayList<>(List.of(Instant.EPOCH, Instant.EPOCH, Instant.EPOCH.plusSeconds(20)));
        Questions few = Questions.of(
                dns,
                new Questions.Limits(10, 2, Duration.ofSeconds(20)),
                () -> times.size() > 1 ? times.removeFirst() : times.getFirst());
        server.put("a.test", "TXT", "a");
        assertInstanceOf(
                Dns.Answer.Found.class, few.ask(Question.texts("a.test")).answer());
        assertInstanceOf(
                Dns.Answer.Failed.class, few.ask(Question.texts("a.test")).answer());
        assertEquals(Optional.of(Questions.Limit.TIME), few.spent());
        assertEquals(1, server.questions().size());
    }

    @Test
    void anyBytesAreReadOrRefusedInBoundedTime() throws IOException {
        Name name = Name.fromString("a.test.");
        Message good = Message.newQuery(Record.newRecord(name, Type.TXT, DClass.IN));
        good.getHeader().setFlag(Flags.QR);
        good.addRecord(entry("a.test.", DClass.IN, "CNAME", "b.test."), Section.ANSWER);
        good.addRecord(entry("b.test.", DClass.IN, "TXT", "\"v=spf1 \" \"-all\""), Section.ANSWER);
        Message absent = Message.newQuery(Record.newRecord(name, Type.MX, DClass.IN));
        absent.addRecord(entry("test.", DClass.IN, "SOA", "a.test. b.test. 1 2 3 4 5"), Section.AUTHORITY);
        Message many = Message.newQuery(Record.newRecord(name, Type.TLSA, DClass.IN));
        for (Record one : List.of(
                entry("a.test.", DClass.IN, "TLSA", "3 1 1 00FF"),
                entry("a.test.", DClass.IN, "SRV", "1 2 3 b.test."),
                entry("a.test.", DClass.IN, "CAA", "0 issue \"x\""),
                entry("a.test.", DClass.IN, "MX", "10 b.test."),
                entry("a.test.", DClass.IN, "AAAA", "2001:db8::1"),
                entry("a.test.", DClass.IN, "PTR", "b.test."))) {
            many.addRecord(one, Section.ANSWER);
        }
        List<Question<?>> questions = List.of(
                Question.texts("a.test"),
                Question.exchangers("a.test"),
                Question.ipv4("a.test"),
                Question.ipv6("a.test"),
                Question.associations("a.test"),
                Question.services("a.test"),
                Question.authorities("a.test"));
        Fuzz.run("dns answer", List.of(good.toWire(), absent.toWire(), many.toWire()), bytes -> {
            Message message = new Message(bytes);
            for (Question<?> question : questions) {
                read(question, message, name);
            }
        });
    }

    private static <T> void read(Question<T> question, Message message, Name name) {
        if (Reading.of(message, name, question.type(), 0) instanceof Reading.Records(var all, var at, var seconds)) {
            assertFalse(all.isEmpty());
            assertTrue(seconds >= 0 && all.stream().allMatch(r -> r.getName().equals(at)));
            question.read(new Dns.Reply<>(new Dns.Answer.Found<>(all), false, ""));
        }
    }
}
