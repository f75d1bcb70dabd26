package qrate.smoketests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;
import qrate.testkit.DnsServer;

/// Two Qrates in containers, `example.test` and `other.test`, each with its gate, on a network between them that leads
/// nowhere else, and the DNS that both ask. This process stands on that network too, as any stranger: for
/// `forger.test` it may write.
final class TwoStacks implements AutoCloseable {
    static final String FORGER = "forger.test";

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int SMTP = 25;
    private static final String CUT = "=====cut=====";

    /// One of both.
    final class Side {
        final String domain;
        private final Stack stack;
        private final Path state;
        private final Map<String, Target.Login> logins = new HashMap<>();
        private String door = "";

        private Side(Stack stack, String domain, Path state) {
            this.stack = stack;
            this.domain = domain;
            this.state = state;
        }

        private void up(String... users) throws IOException {
            stack.set("QRATE_DNS", dns.hostAndPort());
            qrate("up", "--compose");
            for (String service : List.of("smtpd", "rspawn")) {
                stack.docker("network", "connect", between, stack.container(service))
                        .orFail();
            }
            door = address("smtpd");
            publish();
            for (String user : users) {
                logins.put(user, stack.mailbox(user));
            }
        }

        private String address(String service) throws IOException {
            return stack.inspect(service, "{{(index .NetworkSettings.Networks \"" + between + "\").IPAddress}}");
        }

        private void publish() throws IOException {
            String mail = "mail." + domain;
            String spf = "\"v=spf1 ip4:" + address("rspawn") + " -all\"";
            dns.put(domain, "MX", "10 " + mail + ".")
                    .put(mail, "A", door)
                    .put(domain, "TXT", spf)
                    .put(mail, "TXT", spf)
                    .put("_dmarc." + domain, "TXT", "\"v=DMARC1; p=reject\"");
            publishKeys();
        }

        /// Puts what `qrate dns` says of keys into DNS.
        void publishKeys() throws IOException {
            byte[] zone = qrate("dns", domain, "--address", door).getBytes(UTF_8);
            try (Master records = new Master(new ByteArrayInputStream(zone), Name.root)) {
                for (Record record = records.nextRecord(); record != null; record = records.nextRecord()) {
                    String name = record.getName().toString(true);
                    if (record.getType() == Type.TXT && name.contains("._domainkey.")) {
                        dns.put(name, "TXT", record.rdataToString());
                    }
                }
            }
        }

        /// Returns once its keys have been seen, for which it looks when mail leaves.
        private void signs() {
            await("keys of " + domain)
                    .atMost(SOON)
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> !qrate("dkim", domain).contains("waits"));
        }

        /// Runs `./qrate`, which must succeed.
        ///
        /// @return what it says
        String qrate(String... arguments) throws IOException {
            return stack.qrate(state, arguments).orFail().text();
        }

        /// Writes a control file, which everybody has read when this returns.
        void control(String file, String content) throws IOException {
            stack.inside("admin", "printf '" + content + "' >/var/qmail/control/" + file)
                    .orFail();
            // whoever reads it looks once a second
            await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
        }

        /// The part that sends dies, and is started again.
        void crashWhoSends() throws IOException {
            stack.crash("rspawn");
            dns.remove(domain).remove("mail." + domain);
            publish(); // it may have another address now
        }

        /// A user writes, logged in.
        void writes(String user, String to, String mark) throws IOException {
            Target.Login login = logins.get(user);
            try (RawClient wire = RawClient.submission(stack.target(), login)) {
                String reply = message(wire, login.address(), to, letter(login.address(), to, mark));
                assertTrue(reply.startsWith("250 "), reply);
            }
        }

        /// Somebody writes to it from outside.
        ///
        /// @return the last reply
        String stranger(String sender, String to, String letter) throws IOException {
            Target at = new Target(door, new Target.Ports(SMTP, 0, 0, 0, 0), true);
            try (RawClient wire = RawClient.plain(at, SMTP)) {
                wire.expect("220");
                wire.smtp("EHLO " + FORGER, "250");
                return message(wire, sender, to, letter);
            }
        }

        /// What a user has.
        List<String> box(String user) throws IOException {
            String files = "/var/qmail/maildirs/domains/" + domain + "/" + user + "/Maildir/new/*";
            String script = "for f in " + files + "; do [ ! -f $f ] || { cat $f; echo " + CUT + "; }; done";
            return Arrays.stream(stack.inside("lspawn", script).orFail().text().split(CUT + "\n", -1))
                    .filter(message -> !message.isEmpty())
                    .map(message -> message.replaceAll("\r?\n[ \t]+", " "))
                    .toList();
        }

        /// The message with a mark, once a user has it.
        String arrived(String user, String mark) {
            await(mark + " for " + user + "@" + domain)
                    .atMost(SOON)
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> box(user).stream().anyMatch(message -> has(message, mark)));
            try {
                return box(user).stream()
                        .filter(message -> has(message, mark))
                        .findFirst()
                        .orElseThrow();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        private void drained() {
            await("nothing waits at " + domain)
                    .atMost(SOON)
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> qrate("qmail-qstat").startsWith("messages in queue: 0\n"));
        }

        String logs() throws IOException {
            return stack.compose("logs", "--timestamps", "--tail", "80").text();
        }
    }

    private final Stack first;
    private final String between;
    private final Map<String, List<String>> owed = new TreeMap<>();
    private final List<Stack> stacks = new ArrayList<>();

    /// Where this process is on the network.
    final String gateway;

    final DnsServer dns;
    final Side one;
    final Side other;

    TwoStacks(Path folder) throws IOException {
        first = Stack.prepared("gate");
        stacks.add(first);
        between = first.networkName("between");
        try {
            first.docker("network", "create", "--internal", "--label", first.label(), between)
                    .orFail();
            gateway = first.network("between", "{{(index .IPAM.Config 0).Gateway}}");
            dns = DnsServer.start(gateway).ttl(0);
            dns.put(FORGER, "TXT", "\"v=spf1 ip4:" + gateway + " -all\"");
            one = new Side(first, Stack.DOMAIN, folder.resolve("one"));
            one.up("ann", "cid");
            Stack second = Stack.second("other.test", "gate");
            stacks.add(second);
            other = new Side(second, "other.test", folder.resolve("other"));
            other.up("bob");
            one.writes("ann", "bob@other.test", "first");
            other.writes("bob", "ann@example.test", "first");
            one.signs();
            other.signs();
        } catch (IOException | RuntimeException e) {
            closeStacks();
            throw e;
        }
    }

    /// A message whose text says which it is.
    static String letter(String from, String to, String mark) {
        return "From: " + from + "\r\nTo: " + to + "\r\nSubject: " + mark + "\r\nDate: Tue, 1 Dec 2026 10:00:00 +0000"
                + "\r\nMessage-ID: <" + mark + "@" + from.substring(from.indexOf('@') + 1) + ">\r\n\r\nThis is "
                + mark + "\r\n";
    }

    private static String message(RawClient wire, String sender, String to, String letter) throws IOException {
        for (String command : List.of("MAIL FROM:<" + sender + ">", "RCPT TO:<" + to + ">", "DATA")) {
            String reply = wire.smtp(command, "").getLast();
            if (!reply.startsWith("250 ") && !reply.startsWith("354 ")) {
                return reply;
            }
        }
        return wire.smtp(letter + ".", "").getLast();
    }

    private static boolean has(String message, String mark) {
        return message.contains("\nThis is " + mark + "\r\n") || message.contains("\nThis is " + mark + "\n");
    }

    /// Says who shall get a message that is sent next.
    void owe(String mark, String... addresses) {
        owed.computeIfAbsent(mark, _ -> new ArrayList<>()).addAll(List.of(addresses));
    }

    /// What Authentication-Results of a host say of a message.
    static void assertFound(String message, String host, String... found) {
        List<String> results = message.lines()
                .takeWhile(line -> !line.isEmpty())
                .filter(line -> line.startsWith("Authentication-Results: " + host + ";"))
                .toList();
        assertEquals(1, results.size(), message);
        for (String each : found) {
            assertTrue(results.getFirst().contains(each), each + " in " + message);
        }
    }

    /// Every message ended once, in the boxes that it was for and nowhere else, and the ledgers say the same.
    void assertNothingLostAndNothingTwice() throws IOException {
        Map<String, List<String>> got = new TreeMap<>();
        for (Side side : List.of(one, other, one)) { // what the second sends back goes through the first again
            side.drained();
        }
        for (Side side : List.of(one, other)) {
            for (Target.Login login : side.logins.values()) {
                String user = login.address().substring(0, login.address().indexOf('@'));
                for (String message : side.box(user)) {
                    owed.keySet().stream()
                            .filter(mark -> has(message, mark))
                            .forEach(mark -> got.computeIfAbsent(mark, _ -> new ArrayList<>())
                                    .add(login.address()));
                }
            }
            String check = side.qrate("ledger", "check");
            assertTrue(check.contains("every one accounted for"), check);
        }
        owed.values().forEach(addresses -> addresses.sort(null));
        got.values().forEach(addresses -> addresses.sort(null));
        assertEquals(owed, got);
    }

    private void closeStacks() throws IOException {
        for (Stack stack : stacks.reversed()) { // the network goes with the first
            stack.close();
        }
    }

    @Override
    public void close() throws IOException {
        closeStacks();
        dns.close();
    }
}
