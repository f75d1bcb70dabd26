package qrate.spf;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Zones by chance: records of every mechanism, macros, records that include or redirect to each other and to
/// themselves, names that are not there, servers that fail, and texts that are no records.
final class SpfChance {
    private static final int ASKS = 4;
    private static final int NAMES = 6;
    private static final List<String> CLIENTS =
            List.of("192.0.2.1", "192.0.2.2", "192.0.2.70", "198.51.100.1", "2001:db8::1", "2001:db8:0:1::2");

    private final Random random;
    private final boolean loops;

    private SpfChance(Random random) {
        this.random = random;
        this.loops = random.nextInt(5) == 0;
    }

    static SpfScenario of(Random random, int number) {
        return new SpfChance(random).scenario("chance " + number);
    }

    private SpfScenario scenario(String title) {
        List<SpfScenario.Entry> zone = new ArrayList<>();
        for (int i = 0; i < NAMES; i++) {
            String name = "n" + i + ".test";
            if (random.nextInt(12) > 0) {
                zone.add(new SpfScenario.Entry(name, "TXT", text(i)));
            }
            if (random.nextInt(40) == 0) {
                zone.add(new SpfScenario.Entry(name, "TXT", pick("v=spf1 -all", "no record", "v=spf10 -all")));
            }
            if (random.nextInt(10) > 0) {
                zone.add(new SpfScenario.Entry(name, "A", "192.0.2." + (1 + random.nextInt(100))));
            }
            if (random.nextBoolean()) {
                zone.add(new SpfScenario.Entry(name, "AAAA", "2001:db8::" + (1 + random.nextInt(3))));
            }
            for (int j = random.nextInt(3); j > 0; j--) {
                zone.add(new SpfScenario.Entry(name, "MX", "10 " + name() + "."));
            }
        }
        zone.add(new SpfScenario.Entry("1.2.0.192.in-addr.arpa", "PTR", name() + "."));
        for (String made : List.of("ann.n0.test", "test.n0", "n1.test.n0.test", "192.0.2.1.test", "1.2.0.192.x.test")) {
            if (random.nextInt(3) == 0) {
                zone.add(new SpfScenario.Entry(made, "A", "127.0.0.2"));
            }
        }
        if (random.nextInt(6) == 0) {
            zone.add(new SpfScenario.Entry(name(), "FAIL", ""));
        }
        List<SpfScenario.Ask> asks = new ArrayList<>();
        for (int i = 0; i < ASKS; i++) {
            String local = pick("ann", "Bob", "list-owner", "a+b", "x.y", "");
            String sender = local.isEmpty() ? "" : local + "@n0.test";
            String helo = local.isEmpty() ? "n0.test" : name();
            asks.add(new SpfScenario.Ask(CLIENTS.get(random.nextInt(CLIENTS.size())), sender, helo, ""));
        }
        return new SpfScenario(title, zone, asks);
    }

    private String name() {
        return random.nextInt(25) == 0 ? "absent.test" : "n" + random.nextInt(NAMES) + ".test";
    }

    private String pick(String... some) {
        return some[random.nextInt(some.length)];
    }

    /// @param at which of the names it is: most include those behind them, so that few records include themselves
    private String text(int at) {
        StringBuilder text =
                new StringBuilder(random.nextInt(30) == 0 ? pick("V=SPF1", "v=spf1 ", "v=spf2") : "v=spf1");
        for (int i = random.nextInt(5); i >= 0; i--) {
            text.append(' ').append(pick("", "", "", "", "+", "-", "~", "?")).append(term(at));
        }
        text.append(pick("", "", " -all", " ~all", " ?all", " +all", " ALL", " redirect=" + target(at)));
        text.append(
                random.nextInt(12) == 0
                        ? " exp=" + pick("n1.test", "%{l}.test", "e.%{d2}", "n2.test exp=n3.test")
                        : "");
        return text.append(random.nextInt(15) == 0 ? broken() : "").toString();
    }

    private String broken() {
        return pick(
                " nonsense",
                " a/33",
                " a//129",
                " a/-1",
                " a/",
                " ip4:1.2.3",
                " ip4:192.0.2.1/33",
                " ip4:192.0.2.01",
                " ip6:2001:db8",
                " ip6:::1.2.3.4",
                " ip4=192.0.2.1",
                " x=%{y}",
                " x=%{d}",
                " x=%",
                " =x",
                " include",
                " include:",
                " include:test",
                " exists",
                " ptr/24",
                " all:n1.test",
                " all/8",
                " mx:n1.test:25",
                " -redirect=n1.test",
                " redirect=n1.test redirect=n2.test",
                " a:n1.test.",
                " a:%{d0}",
                " a:%{s}%",
                " a:n1.test/24/64",
                " ++all",
                " include:n1.test/24",
                " exists:%(d)",
                " exists:%{d2r.-+,/_=}",
                " exists:%{dd}",
                " exists:%{c}",
                " exp=%{c}.test");
    }

    private String term(int at) {
        return switch (random.nextInt(14)) {
            case 0 -> "a" + prefix();
            case 1 -> "a:" + name() + prefix();
            case 2 -> "mx" + prefix();
            case 3 -> "mx:" + name() + prefix();
            case 4 -> pick("ptr", "ptr:" + name(), "PTR");
            case 5 -> "ip4:192.0.2." + random.nextInt(100) + pick("", "/" + random.nextInt(33));
            case 6 -> "ip6:2001:db8::" + random.nextInt(4) + pick("", "/" + random.nextInt(129));
            case 7, 8 -> "exists:" + macro();
            case 9 -> "include:" + pick("%{h}", "%{d1r}.test", "%{l1r-}.test", "n%{i4r}.test", "%{o}");
            default -> "include:" + target(at);
        };
    }

    private String macro() {
        return pick(
                "%{d}",
                "%{h}",
                "%{d2r}.%{d1}",
                "%{o}",
                "n%{i4r}.test",
                "%{l1r-}.%{d}",
                "%{i}.test",
                "%{ir}.x.test",
                "%{L}.%{D}",
                "%{l1r+}.n0.test",
                "%{s}",
                "%{v}.test",
                "%{p}.n0.test",
                "%{p2}",
                "%{h1}.n0",
                "%{d1r}.n0.test",
                "%%.test",
                "%_.test",
                "%-.test",
                "%{i}._spf.%{d2}",
                name());
    }

    /// Mostly a record that comes later.
    private String target(int at) {
        return loops || random.nextInt(30) == 0 ? name() : "n" + (at + 1 + random.nextInt(2)) + ".test";
    }

    private String prefix() {
        return switch (random.nextInt(4)) {
            case 0 -> "/" + random.nextInt(33);
            case 1 -> "//" + random.nextInt(129);
            case 2 -> "/" + random.nextInt(33) + "//" + random.nextInt(129);
            default -> "";
        };
    }
}
