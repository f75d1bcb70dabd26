package qrate.spf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.james.jspf.executor.SPFResult;
import org.apache.james.jspf.impl.DNSServiceXBillImpl;
import org.apache.james.jspf.impl.SPF;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Lookup;
import org.xbill.DNS.SimpleResolver;
import qrate.dns.DnsClient;
import qrate.testkit.DnsServer;
import qrate.testkit.LineProgram;
import qrate.testkit.Seeds;

/// What others say of the same records and clients: pyspf (package python3-spf), Mail::SPF (libmail-spf-perl) and
/// Apache
/// jSPF. They agree with us, or the table says where they do not, and why.
@Tag("peer")
@Timeout(300)
class SpfPeersTest {
    private static final int ZONES = 400;

    private enum Peer {
        PYSPF,
        MAIL_SPF,
        JSPF
    }

    private record Told(String word, String words) {
        static Told of(String line) {
            int end = line.indexOf(' ');
            return new Told(line.substring(0, end), line.substring(end + 1));
        }
    }

    private record Case(SpfScenario scenario, SpfResult mine, Told told) {
        boolean asksForNames() {
            return mine.findings().lookups().stream().anyMatch(one -> one.type().equals("PTR"));
        }

        boolean has(String text) {
            return scenario.zone().stream().anyMatch(entry -> entry.data().contains(text));
        }

        boolean matches(String form) {
            return scenario.zone().stream().anyMatch(entry -> entry.data().matches(form));
        }

        boolean isIpv4() {
            return mine.findings().subject().client().address() instanceof Inet4Address;
        }

        boolean saysOnly(String word) {
            return told.word().equals(word) && !mine.word().equals(word);
        }
    }

    /// @param why what we hold to, and what they do
    private record Difference(Peer peer, String why, Predicate<Case> known) {}

    private static final String VOIDS =
            "RFC 7208 §4.6.4 counts terms that find nothing; they count the hosts of an mx and the client's names too";
    private static final String NAMES =
            "RFC 7208 §5.5: an error of DNS is no match of ptr; they make a temperror of it";
    private static final String MACROS =
            "RFC 7208 §4.6, §7.1, §7.3: a macro that is none (%{d0}, %{dd}, %{c} outside of an explanation) spoils a record"
                    + " wherever it stands; they read over some, or come upon them only on the way";

    private static final List<Difference> TABLE = List.of(
            new Difference(Peer.PYSPF, VOIDS, one -> one.told.words.contains("Void lookup limit")),
            new Difference(Peer.PYSPF, NAMES, one -> one.saysOnly("temperror") && one.asksForNames()),
            new Difference(Peer.PYSPF, MACROS, one -> one.mine.reason().contains("a broken macro")),
            new Difference(
                    Peer.PYSPF,
                    "a record that includes itself ends by the limit of ten, where it is reached (RFC 7208 §4.6.4); pyspf"
                            + " refuses it before",
                    one -> one.told.words.contains("trivial recursion")),
            new Difference(
                    Peer.PYSPF,
                    "RFC 7208 §4.6.4 counts what is evaluated; pyspf a redirect that is not followed too",
                    one -> one.told.words.contains("Too many DNS lookups") && one.has(" redirect=")),
            new Difference(Peer.MAIL_SPF, VOIDS, one -> one.told.words.contains("Maximum void DNS look-ups")),
            new Difference(Peer.MAIL_SPF, NAMES, one -> one.saysOnly("temperror") && one.asksForNames()),
            new Difference(Peer.MAIL_SPF, MACROS, one -> one.mine.reason().contains("a broken macro")),
            new Difference(
                    Peer.MAIL_SPF,
                    "RFC 7208 §4.3, §4.8: a name that DNS cannot have is none, or does not match; Net::DNS dies of it",
                    one -> one.told.word.equals("died") && one.told.words.contains("label")),
            new Difference(
                    Peer.MAIL_SPF,
                    "RFC 7208 §5.6: ip6 holds no IPv4 address; Mail::SPF compares it as one of IPv6",
                    one -> one.isIpv4() && one.matches(".* [-+~?]?ip6:\\S+/[0-2]( .*|$)")),
            new Difference(
                    Peer.JSPF,
                    "RFC 7208 §4.6.4: two terms may find nothing; jSPF holds to RFC 4408, which did not say so",
                    one -> one.mine.reason().contains("look-ups that find nothing")),
            new Difference(Peer.JSPF, NAMES, one -> one.saysOnly("temperror") && one.asksForNames()),
            new Difference(Peer.JSPF, MACROS, one -> one.mine.reason().contains("a broken macro")),
            new Difference(
                    Peer.JSPF,
                    "RFC 7208 §4.8: a name that DNS cannot have does not match; jSPF says none",
                    one -> one.saysOnly("none") && one.has("%{l}.x.test")),
            new Difference(
                    Peer.JSPF,
                    "RFC 7208 §5.7: an error of DNS is a temperror; jSPF takes it for no match of exists",
                    one -> one.mine.word().equals("temperror")
                            && one.mine.findings().mechanism().contains("exists:")),
            new Difference(
                    Peer.JSPF,
                    "jSPF takes the hosts of a second mx for addresses where those of the first had none",
                    one -> one.saysOnly("permerror")
                            && one.mine.findings().lookups().stream()
                                            .filter(asked -> asked.type().equals("MX"))
                                            .count()
                                    > 1));

    private static LineProgram pyspf;
    private static LineProgram mailSpf;

    private final Map<String, Integer> words = new TreeMap<>();
    private final Map<Difference, Integer> differences = new LinkedHashMap<>();
    private final List<String> unknown = new ArrayList<>();

    @BeforeAll
    static void open() throws IOException {
        pyspf = LineProgram.start(List.of("/usr/bin/python3", "src/test/spf/pyspf.py"));
        mailSpf = LineProgram.start(List.of("perl", "src/test/spf/mail_spf.pl"));
    }

    @AfterAll
    static void close() throws IOException {
        pyspf.close();
        mailSpf.close();
    }

    @Test
    void scenariosEndAlike() throws IOException {
        for (SpfScenario scenario : SpfScenario.all()) {
            compare(scenario);
        }
        assertAgreed();
    }

    @Test
    void zonesOfChanceEndAlike() {
        AtomicInteger number = new AtomicInteger();
        Seeds.forAll(ZONES, random -> {
            try {
                compare(SpfChance.of(random, number.incrementAndGet()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        assertEquals(7, words.size(), "every result comes about: " + words);
        assertAgreed();
    }

    private void assertAgreed() {
        System.out.println("spf: " + words + ", differences: " + differences.values());
        assertEquals("", String.join("\n", unknown));
        int all = words.values().stream().mapToInt(Integer::intValue).sum() * Peer.values().length;
        int differing =
                differences.values().stream().mapToInt(Integer::intValue).sum();
        assertTrue(differing <= all / 20, differing + " of " + all + " differ: " + differences);
    }

    private void compare(SpfScenario scenario) throws IOException {
        pyspf.say("= " + scenario.title());
        for (SpfScenario.Entry entry : scenario.zone()) {
            pyspf.say(entry.line());
        }
        try (DnsServer server = scenario.serve()) {
            var dns = DnsClient.of(Map.of("QRATE_DNS", server.hostAndPort()));
            Spf spf = new Spf(dns, InstantSource.system(), SpfPolicy.of(""));
            SimpleResolver resolver = new SimpleResolver("127.0.0.1");
            resolver.setPort(server.port());
            Lookup.getDefaultCache(DClass.IN).clearCache(); // jSPF's, of the zone before
            SPF jspf = new SPF(new DNSServiceXBillImpl(resolver));
            for (SpfScenario.Ask ask : scenario.asks()) {
                String sender = ask.sender().isEmpty() ? "postmaster@" + ask.helo() : ask.sender();
                SpfResult mine =
                        spf.mailFrom(new SpfClient(InetAddress.ofLiteral(ask.address()), ask.helo()), ask.sender());
                words.merge(mine.word(), 1, Integer::sum);
                Map<Peer, Told> told = new EnumMap<>(Peer.class);
                told.put(Peer.PYSPF, Told.of(pyspf.ask(ask.line())));
                String line = String.join(" ", Integer.toString(server.port()), ask.address(), sender, ask.helo());
                told.put(Peer.MAIL_SPF, Told.of(mailSpf.ask(line)));
                SPFResult said = jspf.checkSPF(ask.address(), ask.sender(), ask.helo());
                told.put(Peer.JSPF, new Told(said.getResult().toLowerCase(Locale.ROOT), said.getHeaderText()));
                told.forEach((peer, one) -> look(peer, ask, new Case(scenario, mine, one)));
            }
        }
    }

    private void look(Peer peer, SpfScenario.Ask ask, Case one) {
        if (one.mine.word().equals(one.told.word)) {
            return;
        }
        TABLE.stream()
                .filter(known -> known.peer == peer && known.known.test(one))
                .findFirst()
                .ifPresentOrElse(
                        known -> differences.merge(known, 1, Integer::sum),
                        () -> unknown.add(String.join(
                                "\n",
                                peer + ": " + one.told + " of " + ask,
                                one.scenario.toString(),
                                "we: " + one.mine.reason() + " " + one.mine.findings())));
    }
}
