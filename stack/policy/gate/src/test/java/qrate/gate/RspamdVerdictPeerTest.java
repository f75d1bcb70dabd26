package qrate.gate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import qrate.arc.Chain;
import qrate.testkit.Seeds;

/// What rspamd (package rspamd) says of the same mail by SPF, DKIM, ARC and DMARC, as far as the gate: records,
/// signatures, seals and policies by chance. Records of SPF are simple ones here, `SpfPeersTest` has the rest. It knows
/// RFC 7489, a list of public suffixes and no tree walk; where that
/// makes a difference, the table says so.
@Tag("peer")
@Timeout(300)
class RspamdVerdictPeerTest {
    private static final int CASES = 120;
    private static final Pattern SYMBOL = Pattern.compile("\"((?:R_SPF|R_DKIM|DMARC|ARC)_[A-Z_]+)\":\\{");

    /// Our words by its symbols.
    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("R_SPF_ALLOW", "spf=pass"),
            Map.entry("R_SPF_FAIL", "spf=fail"),
            Map.entry("R_SPF_SOFTFAIL", "spf=softfail"),
            Map.entry("R_SPF_NEUTRAL", "spf=neutral"),
            Map.entry("R_SPF_NA", "spf=none"),
            Map.entry("R_SPF_PERMFAIL", "spf=permerror"),
            Map.entry("R_SPF_DNSFAIL", "spf=temperror"),
            Map.entry("R_DKIM_ALLOW", "dkim=pass"),
            Map.entry("R_DKIM_REJECT", "dkim=fail"),
            Map.entry("R_DKIM_NA", "dkim=none"),
            Map.entry("R_DKIM_PERMFAIL", "dkim=permerror"),
            Map.entry("R_DKIM_TEMPFAIL", "dkim=temperror"),
            Map.entry("DMARC_POLICY_ALLOW", "dmarc=pass"),
            Map.entry("DMARC_POLICY_REJECT", "dmarc=fail"),
            Map.entry("DMARC_POLICY_QUARANTINE", "dmarc=fail"),
            Map.entry("DMARC_POLICY_SOFTFAIL", "dmarc=fail"),
            Map.entry("DMARC_NA", "dmarc=none"),
            Map.entry("DMARC_BAD_POLICY", "dmarc=permerror"),
            Map.entry("DMARC_DNSFAIL", "dmarc=temperror"),
            Map.entry("ARC_ALLOW", "arc=pass"),
            Map.entry("ARC_REJECT", "arc=fail"),
            Map.entry("ARC_INVALID", "arc=fail"),
            Map.entry("ARC_NA", "arc=none"));

    private record Case(String mine, String told, Collection<String> all, String about) {
        boolean is(String our, String their) {
            return mine.equals(our) && told.equals(their);
        }
    }

    private record Difference(String why, Predicate<Case> known) {}

    private static final List<Difference> TABLE = List.of(
            new Difference(
                    "RFC 7208 §4.6: a fault anywhere in a record is a permerror; rspamd passes over the term",
                    one -> one.mine.equals("spf=permerror")),
            new Difference(
                    "and what it takes for a pass counts for its DMARC",
                    one -> one.is("dmarc=fail", "dmarc=pass") && one.all.contains("spf=permerror")),
            new Difference(
                    "RFC 9989 §4.10.1: a p= that makes no sense asks for nothing where somebody is told of it (rua=);"
                            + " rspamd holds to RFC 7489",
                    one -> one.told.equals("dmarc=permerror")
                            && one.about.contains("p=bounce")
                            && one.about.contains("rua=")),
            new Difference(
                    "RFC 9989 §4.10.1: the author's own record speaks; rspamd looks at the organization's too, and stops at"
                            + " what makes no sense there",
                    one -> one.told.equals("dmarc=permerror")
                            && one.about.contains("p=bounce")
                            && one.about.contains("below: ")),
            new Difference(
                    "RFC 9989 §4.10.2: the walk finds the organization by its records: where only a domain below has one,"
                            + " that is one of its own; rspamd's list says that both are one",
                    one -> one.is("dmarc=fail", "dmarc=pass") && one.about.contains("below: ")));

    @TempDir
    Path folder;

    private GateFixture gate;
    private Process rspamd;
    private Path socket;
    private final Map<String, Integer> agreed = new TreeMap<>();
    private final Map<Difference, Integer> differences = new LinkedHashMap<>();
    private final List<String> unknown = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        gate = new GateFixture(folder);
        socket = folder.resolve("s");
        Files.writeString(folder.resolve("tld"), "test\n"); // the whole list takes seconds to be compiled
        Path conf = Files.writeString(folder.resolve("rspamd.conf"), """
                options {
                  pidfile = "%1$s/pid";
                  tempdir = "%1$s";
                  hs_cache_dir = "%1$s";
                  cache_file = "%1$s/cache";
                  control_socket = "%1$s/c mode=0600";
                  url_tld = "%1$s/tld";
                  filters = "dkim";
                  dns { nameserver = ["127.0.0.1:%2$d"]; timeout = 5s; retransmits = 2; }
                }
                logging { type = "console"; level = "error"; }
                actions { reject = 1000; }
                modules {
                  path = "/usr/share/rspamd/plugins/spf.lua";
                  path = "/usr/share/rspamd/plugins/dmarc.lua";
                  path = "/usr/share/rspamd/plugins/arc.lua";
                }
                spf { }
                dkim { }
                dmarc { }
                arc { sign_inbound = false; }
                worker "normal" {
                  bind_socket = "%1$s/s mode=0600";
                  count = 1;
                }
                """.formatted(folder, gate.server.port()));
        rspamd = new ProcessBuilder("/usr/bin/rspamd", "-f", "-i", "-c", conf.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        Awaitility.await().until(() -> Files.exists(socket) || !rspamd.isAlive());
        assertTrue(rspamd.isAlive(), Files.readString(folder.resolve("out")));
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        rspamd.destroy();
        assertTrue(rspamd.waitFor(60, TimeUnit.SECONDS));
        gate.close();
    }

    /// Its words in the form of ours, by method.
    private Map<String, String> told(String message) throws IOException {
        byte[] body = GateFixture.bytes(message.replace("\n", "\r\n"));
        String head = String.join(
                "\r\n",
                "POST /checkv2 HTTP/1.1",
                "Host: here",
                "Connection: close",
                "IP: " + gate.client,
                "Helo: " + gate.helo,
                "From: " + gate.sender,
                "Rcpt: bob@here.test",
                "Content-Length: " + body.length,
                "",
                "");
        String said;
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            for (byte[] part : List.of(GateFixture.bytes(head), body)) {
                ByteBuffer out = ByteBuffer.wrap(part);
                while (out.hasRemaining()) {
                    channel.write(out);
                }
            }
            said = new String(Channels.newInputStream(channel).readAllBytes(), ISO_8859_1);
        }
        Map<String, String> words = new TreeMap<>();
        SYMBOL.matcher(said).results().map(found -> WORDS.get(found.group(1))).forEach(word -> {
            if (word != null) {
                words.put(word.substring(0, word.indexOf('=')), word);
            }
        });
        for (String method : List.of("spf", "dkim", "dmarc", "arc")) {
            words.putIfAbsent(method, method + "=unsaid");
        }
        return words;
    }

    private static String pick(Random random, String... some) {
        return some[random.nextInt(some.length)];
    }

    @Test
    void mailOfChanceIsJudgedAlike() {
        AtomicInteger number = new AtomicInteger();
        Seeds.forAll(CASES, random -> {
            try {
                compare(random, number.incrementAndGet());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        System.out.println("rspamd: " + agreed + ", differences: " + differences.values());
        assertEquals("", String.join("\n", unknown));
        assertTrue(agreed.keySet()
                .containsAll(List.of("spf=pass", "spf=fail", "dkim=pass", "dmarc=pass", "dmarc=fail", "arc=pass")));
    }

    /// Each has domains of its own, since both remember what DNS said.
    private void compare(Random random, int number) throws IOException {
        String organization = "a" + number + ".test";
        String below = "sub." + organization;
        String other = "o" + number + ".test";
        List<String> about = new ArrayList<>();
        for (String domain : List.of(organization, below, other)) {
            gate.server.put(domain, "A", "192.0.2.99");
            gate.publish("k._domainkey." + domain, GateFixture.record());
        }
        for (String domain : List.of(organization, below, other)) {
            String spf = pick(
                    random,
                    "v=spf1 ip4:192.0.2.0/24 -all",
                    "v=spf1 ip4:192.0.2.0/25 ~all",
                    "v=spf1 -all",
                    "v=spf1 ?all",
                    "v=spf1 ~all",
                    "v=spf1 ip4:192.0.2.0/24 nonsense",
                    "v=spf1 ip4:1.2.3 -all",
                    "unrelated");
            gate.publish(domain, spf);
            about.add(domain + ": " + spf);
        }
        if (random.nextInt(8) > 0) {
            String policy = "v=DMARC1; p=" + pick(random, "none", "quarantine", "reject", "reject", "Reject", "bounce")
                    + pick(random, "", "; sp=none", "; sp=reject", "; sp=quarantine")
                    + pick(random, "", "", "; adkim=s", "; aspf=s", "; adkim=s; aspf=s", "; adkim=r")
                    + pick(random, "", "", "; pct=100", "; rua=mailto:a@" + organization, "; x=y", ";");
            gate.publish("_dmarc." + organization, policy.replace(";", "\\;"));
            about.add(policy);
        }
        if (random.nextInt(6) == 0) {
            String policy = "v=DMARC1; p=" + pick(random, "none", "reject");
            gate.publish("_dmarc." + below, policy.replace(";", "\\;"));
            about.add("below: " + policy);
        }
        String author = random.nextInt(3) == 0 ? below : organization;
        gate.sender = random.nextInt(8) == 0 ? "" : "ann@" + pick(random, organization, below, other);
        gate.helo = random.nextBoolean() ? organization : "mail.client.test";
        gate.client = pick(random, "192.0.2.1", "192.0.2.200", "198.51.100.1", "192.0.2.99");
        String message = GateFixture.MESSAGE.replace("author.test", author);
        String signers = pick(random, "", organization, below, other, other + " " + organization);
        if (!signers.isEmpty()) {
            message = GateFixture.signed(message, signers.split(" ", -1));
        }
        String damage = pick(random, "", "", "", "Good day.", "hello");
        if (!damage.isEmpty()) {
            message = message.replace(damage, damage + "!");
        }
        String sealer = pick(random, "", "", other, other + "!");
        if (!sealer.isEmpty()) {
            message = GateFixture.sealed(message, new Chain.None(), other, "spf=pass smtp.mailfrom=" + organization);
            message = sealer.endsWith("!") ? message.replace("Good day.", "Good night.") : message;
        }
        about.add("from " + author + ", sender <" + gate.sender + ">, helo " + gate.helo + ", client " + gate.client
                + ", signed by " + signers + ", damaged " + damage + ", sealed by " + sealer);
        Map<String, String> mine = mine(gate.words(message));
        told(message)
                .forEach((method, word) -> look(new Case(
                        mine.getOrDefault(method, method + "=none"), word, mine.values(), String.join("\n  ", about))));
    }

    /// By method; of several signatures one that passes counts, as with rspamd.
    private static Map<String, String> mine(String words) {
        Map<String, String> mine = new TreeMap<>();
        for (String word : words.split(" ", -1)) {
            mine.merge(word.substring(0, word.indexOf('=')), word, (a, b) -> a.endsWith("=pass") ? a : b);
        }
        return mine;
    }

    private void look(Case one) {
        if (one.mine.equals(one.told)) {
            agreed.merge(one.mine, 1, Integer::sum);
            return;
        }
        TABLE.stream()
                .filter(known -> known.known.test(one))
                .findFirst()
                .ifPresentOrElse(
                        known -> differences.merge(known, 1, Integer::sum),
                        () -> unknown.add("we " + one.mine + ", rspamd " + one.told + ":\n  " + one.about));
    }
}
