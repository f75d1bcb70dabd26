package qrate.images.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.images.embedded.Installation.SOON;
import static qrate.images.embedded.Installation.letter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import qrate.core.Control;
import qrate.core.Launcher;
import qrate.core.Log;
import qrate.core.Program;
import qrate.dns.DnsClient;
import qrate.gate.Gate;
import qrate.milter.MilterAddress;
import qrate.testkit.DnsServer;

/// Two Qrates, `example.test` and `other.test`, that hand each other mail, the DNS that both ask, and somebody at
/// another address of this machine. Both domains have mail refused that is not theirs (DMARC), and want to hear of it.
final class TwoQrates implements AutoCloseable {
    static final String ANN = "ann@example.test";
    static final String CID = "cid@example.test";
    static final String BOB = "bob@other.test";
    static final String EVE = "eve@forger.test";

    /// The mailbox that takes reports about `example.test`.
    static final String REPORTS = "bob@example.test";

    private static final String FORGER = "127.0.0.2";
    private static final List<String> USERS = List.of("ann", "bob", "cid");

    final DnsServer dns = DnsServer.start().ttl(0);
    /// The host of `forger.test`.
    final Sink elsewhere = new Sink();

    private final Gate gateOfOne;
    private final Gate gateOfOther;
    private final Installation one;
    private final Installation other;
    /// What is to be in which boxes: mark, and address as often as it gets it.
    private final Map<String, List<String>> owed = new TreeMap<>();
    private volatile Instant notBefore = Instant.MIN;

    TwoQrates(Path folder) throws IOException, InterruptedException {
        for (String domain : List.of("example.test", "other.test")) {
            dns.put(domain, "TXT", "\"v=spf1 ip4:127.0.0.1 -all\"")
                    .put("mail." + domain, "TXT", "\"v=spf1 ip4:127.0.0.1 -all\"")
                    .put("_dmarc." + domain, "TXT", "\"v=DMARC1; p=reject; rua=mailto:bob@" + domain + "\"");
        }
        dns.put("forger.test", "TXT", "\"v=spf1 ip4:" + FORGER + " -all\"");
        one = prepared(folder.resolve("one"), "example.test");
        other = prepared(folder.resolve("other"), "other.test");
        gateOfOne = gate(one);
        gateOfOther = gate(other);
        one.start();
        other.start();
        routed();
        one.publishKeys(dns);
        other.publishKeys(dns);
    }

    private Installation prepared(Path folder, String domain) throws IOException {
        return Installation.prepare(
                Files.createDirectories(folder), Map.of("QRATE_DOMAIN", domain, "QRATE_DNS", dns.hostAndPort()));
    }

    /// A gate whose days may pass faster than ours.
    private Gate gate(Installation of) throws IOException {
        Files.createDirectories(of.state().gate());
        Path control = of.state().control();
        Gate gate = Gate.open(
                new MilterAddress.Inet("127.0.0.1", 0, false),
                new Control(control, InstantSource.system()),
                of.state().gate(),
                DnsClient.forgetful(of.environment()),
                this::now,
                Log.silent());
        Files.writeString(control.resolve("milters"), gate.address() + " away=tempfail\n");
        return gate;
    }

    private Instant now() {
        Instant now = Instant.now();
        return now.isBefore(notBefore) ? notBefore : now;
    }

    private void routed() throws IOException, InterruptedException {
        Files.writeString(one.state().control().resolve("smtproutes"), route("other.test", other));
        Files.writeString(other.state().control().resolve("smtproutes"), route("example.test", one));
        Installation.settle();
    }

    private String route(String domain, Installation to) {
        return domain + ":127.0.0.1:" + to.running().smtp().smtp().port() + "\nforger.test:127.0.0.1:"
                + elsewhere.port() + "\n";
    }

    /// The one of `example.test`.
    Installation one() {
        return one;
    }

    /// The one of `other.test`.
    Installation other() {
        return other;
    }

    /// Ends the one of `example.test` and starts it again.
    void restartOne() throws IOException, InterruptedException {
        one.stop();
        one.start();
        routed();
    }

    /// For gates it is noon of the next day from now on.
    void nextDay() {
        notBefore = now().plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.DAYS).plus(Duration.ofHours(12));
    }

    /// Runs a command beside a Qrate.
    ///
    /// @return what it says
    static String command(Installation at, String... words) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, UTF_8);
        Map<String, String> environment = new TreeMap<>(at.environment());
        environment.put(
                "QRATE_ADMIN_URL",
                "http://127.0.0.1:"
                        + at.running().admin().door().orElseThrow().address().getPort());
        Map<String, Program> commands = new TreeMap<>(qrate.images.admin.Main.commands());
        commands.putAll(qrate.images.queue.Main.commands(environment));
        int code = Launcher.run(
                commands, words, new Program.Stdio(environment, InputStream.nullInputStream(), print, print));
        assertEquals(0, code, () -> String.join(" ", words) + ": " + out.toString(UTF_8));
        return out.toString(UTF_8);
    }

    /// Says who shall get a message that is sent next.
    void owe(String mark, String... addresses) {
        owed.computeIfAbsent(mark, _ -> new ArrayList<>()).addAll(List.of(addresses));
    }

    /// A user of `example.test` writes.
    void annWrites(String to, String mark) throws IOException {
        writes(one, ANN, to, mark);
    }

    static void writes(Installation at, String from, String to, String mark) throws IOException {
        try (Talk talk = at.submission(from)) {
            String reply = talk.message(from, List.of(to), letter(from, mark));
            assertTrue(reply.startsWith("250 "), reply);
        }
    }

    /// Somebody who is none of ours sends a message to `other.test`.
    ///
    /// @return the last reply
    String stranger(String sender, String to, String message) throws IOException {
        try (Talk talk = Talk.smtpFrom(FORGER, other.running().smtp().smtp().port())) {
            return talk.message(sender, List.of(to), message);
        }
    }

    /// Somebody writes in ann's name to `other.test`.
    String forged(String sender, String to, String mark) throws IOException {
        return stranger(sender, to, letter(ANN, mark));
    }

    /// The message with a mark in a box, its folded lines made whole.
    static String arrived(Installation at, String user, String mark) {
        Awaitility.await(mark).atMost(SOON).until(() -> at.box(user).stream().anyMatch(message -> has(message, mark)));
        return at.box(user).stream()
                .filter(message -> has(message, mark))
                .findFirst()
                .orElseThrow()
                .replaceAll("\r\n[ \t]+", " ");
    }

    private static boolean has(String message, String mark) {
        return message.contains("This is " + mark + "\r\n");
    }

    /// What Authentication-Results in a host's name say.
    static void assertFound(String message, String host, String... found) {
        List<String> results = message.lines()
                .takeWhile(line -> !line.isEmpty()) // a bounce holds another message with its own
                .filter(line -> line.startsWith("Authentication-Results: " + host + ";"))
                .toList();
        assertEquals(1, results.size(), message);
        for (String each : found) {
            assertTrue(results.getFirst().contains(each), each + " in " + message);
        }
    }

    /// Every message ended once, in the boxes that it was for and nowhere else, and the ledgers say the same.
    void assertNothingLostAndNothingTwice() throws Exception {
        Map<String, List<String>> got = new TreeMap<>();
        for (Installation each : List.of(one, other, one)) { // what the second sends back goes through the first again
            each.drained();
        }
        for (Installation each : List.of(one, other)) {
            for (String user : USERS) {
                String address = user + "@" + (each == one ? "example.test" : "other.test");
                for (String message : each.box(address)) {
                    owed.keySet().stream()
                            .filter(mark -> has(message, mark))
                            .forEach(mark -> got.computeIfAbsent(mark, _ -> new ArrayList<>())
                                    .add(address));
                }
            }
            String check = command(each, "ledger", "check");
            assertTrue(check.contains("every one accounted for"), check);
        }
        owed.values().removeIf(List::isEmpty);
        owed.values().forEach(addresses -> addresses.sort(null));
        got.values().forEach(addresses -> addresses.sort(null));
        assertEquals(owed, got);
    }

    @Override
    public void close() throws IOException {
        one.close();
        other.close();
        gateOfOne.close();
        gateOfOther.close();
        elsewhere.close();
        dns.close();
    }
}
