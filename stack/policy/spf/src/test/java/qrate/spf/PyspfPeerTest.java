package qrate.spf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import qrate.dns.DnsClient;
import qrate.testkit.DnsServer;
import qrate.testkit.Seeds;

/// Debian's pyspf (package python3-spf) about the same zones and clients.
@Tag("peer")
@Timeout(300)
class PyspfPeerTest {
    private static final int ZONES = 400;
    private static final int ASKS = 4;
    private static final int NAMES = 6;
    private static final List<String> CLIENTS =
            List.of("192.0.2.1", "192.0.2.2", "192.0.2.70", "198.51.100.1", "2001:db8::1", "2001:db8:0:1::2");

    private record Told(String word, String words) {}

    private static List<Told> pyspf(List<SpfScenario> scenarios) throws Exception {
        StringBuilder text = new StringBuilder();
        for (SpfScenario scenario : scenarios) {
            text.append("= ").append(scenario.title()).append('\n');
            scenario.zone().forEach(entry -> text.append(entry.line()).append('\n'));
            scenario.asks().forEach(ask -> text.append(ask.line()).append('\n'));
        }
        Process process = new ProcessBuilder("/usr/bin/python3", "src/test/spf/pyspf.py")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Thread.ofVirtual().start(() -> {
            try (OutputStream in = process.getOutputStream()) {
                in.write(text.toString().getBytes(ISO_8859_1));
            } catch (IOException _) {
                // what it says then is too little, and found so
            }
        });
        String said = new String(process.getInputStream().readAllBytes(), ISO_8859_1);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue());
        return said.lines()
                .map(line -> new Told(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1)))
                .toList();
    }

    private static List<SpfResult> ours(SpfScenario scenario) throws IOException {
        try (DnsServer server = scenario.serve()) {
            var dns = DnsClient.of(Map.of("QRATE_DNS", server.hostAndPort()));
            Spf spf = new Spf(dns, InstantSource.system(), SpfPolicy.of(""));
            return scenario.asks().stream()
                    .map(ask ->
                            spf.mailFrom(new SpfClient(InetAddress.ofLiteral(ask.address()), ask.helo()), ask.sender()))
                    .toList();
        }
    }

    /// Where we differ on purpose; empty when it is none of these.
    private static String reason(SpfScenario scenario, SpfResult mine, Told told) {
        boolean askedForNames =
                mine.findings().lookups().stream().anyMatch(one -> one.type().equals("PTR"));
        if (told.words().contains("Void lookup limit")) {
            return "RFC 7208 §4.6.4 counts terms that find nothing, pyspf hosts of mx and names of clients too";
        }
        if (told.words().contains("trivial recursion")) {
            return "pyspf refuses a record that includes itself before that is reached, we by the limit of ten";
        }
        if (told.words().contains("Too many DNS lookups")
                && scenario.zone().stream().anyMatch(entry -> entry.data().contains(" redirect="))) {
            return "RFC 7208 §4.6.4 counts what is evaluated, pyspf a redirect that is not followed too";
        }
        if (told.word().equals("temperror") && askedForNames) {
            return "RFC 7208 §5.5: an error of DNS is no match of ptr, pyspf makes a temperror of it";
        }
        return "";
    }

    private static void compare(List<SpfScenario> scenarios, int deviationsMax) throws Exception {
        List<Told> theirs = new ArrayList<>(pyspf(scenarios));
        Map<String, Integer> words = new TreeMap<>();
        Map<String, Integer> deviations = new TreeMap<>();
        for (SpfScenario scenario : scenarios) {
            for (SpfResult mine : ours(scenario)) {
                Told told = theirs.removeFirst();
                words.merge(mine.word(), 1, Integer::sum);
                if (!mine.word().equals(told.word())) {
                    String reason = reason(scenario, mine, told);
                    assertFalse(
                            reason.isEmpty(),
                            () -> scenario + "\n" + mine.reason() + " " + mine.findings() + "\n" + told);
                    deviations.merge(reason, 1, Integer::sum);
                }
            }
        }
        assertTrue(theirs.isEmpty());
        System.out.println("pyspf: " + words + ", deviations: " + deviations);
        int all = deviations.values().stream().mapToInt(Integer::intValue).sum();
        assertTrue(all <= deviationsMax, deviations.toString());
    }

    @Test
    void scenariosEndAlike() throws Exception {
        compare(SpfScenario.all(), 1);
    }

    @Test
    void zonesOfChanceEndAlike() throws Exception {
        List<SpfScenario> all = new ArrayList<>();
        AtomicInteger number = new AtomicInteger();
        Seeds.forAll(ZONES, random -> all.add(chance(random, number.incrementAndGet())));
        compare(all, all.size() * ASKS / 10);
    }

    private static SpfScenario chance(Random random, int number) {
        List<SpfScenario.Entry> zone = new ArrayList<>();
        for (int i = 0; i < NAMES; i++) {
            String name = "n" + i + ".test";
            if (random.nextInt(12) > 0) {
                zone.add(new SpfScenario.Entry(name, "TXT", record(random, i)));
            }
            zone.add(new SpfScenario.Entry(name, "A", "192.0.2." + (1 + random.nextInt(100))));
            if (random.nextBoolean()) {
                zone.add(new SpfScenario.Entry(name, "AAAA", "2001:db8::" + (1 + random.nextInt(3))));
            }
            if (random.nextBoolean()) {
                zone.add(new SpfScenario.Entry(name, "MX", "10 " + name(random) + "."));
            }
        }
        zone.add(new SpfScenario.Entry("1.2.0.192.in-addr.arpa", "PTR", name(random) + "."));
        if (random.nextInt(6) == 0) {
            zone.add(new SpfScenario.Entry(name(random), "FAIL", ""));
        }
        List<SpfScenario.Ask> asks = new ArrayList<>();
        for (int i = 0; i < ASKS; i++) {
            String local = pick(random, "ann", "Bob", "list-owner", "a+b", "x.y");
            asks.add(new SpfScenario.Ask(
                    CLIENTS.get(random.nextInt(CLIENTS.size())), local + "@n0.test", name(random), ""));
        }
        return new SpfScenario("chance " + number, zone, asks);
    }

    private static String name(Random random) {
        return "n" + random.nextInt(NAMES) + ".test";
    }

    private static String pick(Random random, String... some) {
        return some[random.nextInt(some.length)];
    }

    /// @param at which of the names it is: it includes those behind it, so that few records include themselves
    private static String record(Random random, int at) {
        StringBuilder text = new StringBuilder("v=spf1");
        for (int i = random.nextInt(5); i >= 0; i--) {
            text.append(' ')
                    .append(pick(random, "", "", "", "+", "-", "~", "?"))
                    .append(term(random, at));
        }
        text.append(pick(random, "", "", " -all", " ~all", " ?all", " +all", " redirect=" + name(random)));
        return text.append(random.nextInt(30) == 0 ? pick(random, " nonsense", " a/33", " ip4:1.2.3", " x=%{y}") : "")
                .toString();
    }

    private static String term(Random random, int at) {
        return switch (random.nextInt(12)) {
            case 0 -> "a" + prefix(random);
            case 1 -> "a:" + name(random) + prefix(random);
            case 2 -> "mx" + prefix(random);
            case 3 -> "mx:" + name(random) + prefix(random);
            case 4 -> pick(random, "ptr", "ptr:" + name(random));
            case 5 -> "ip4:192.0.2." + random.nextInt(100) + "/" + random.nextInt(33);
            case 6 -> "ip6:2001:db8::" + random.nextInt(4) + "/" + random.nextInt(129);
            case 7 ->
                "exists:"
                        + pick(
                                random,
                                "%{d}",
                                "%{h}",
                                "%{d2r}.%{d1}",
                                "%{o}",
                                "n%{i4r}.test",
                                "%{l1r-}.%{d}",
                                name(random));
            case 8 -> "include:" + pick(random, "%{h}", "%{d1r}.test", "%{l1r-}.test");
            default -> "include:n" + (at + 1 + random.nextInt(2)) + ".test";
        };
    }

    private static String prefix(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> "/" + random.nextInt(33);
            case 1 -> "//" + random.nextInt(129);
            case 2 -> "/" + random.nextInt(33) + "//" + random.nextInt(129);
            default -> "";
        };
    }
}
