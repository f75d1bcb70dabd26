package qrate.doctor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Program;
import qrate.directory.Json;
import qrate.testkit.DnsServer;
import qrate.testkit.LoopbackListener;

/// A look at a machine where all is well, and with one thing wrong after the other.
class DoctorTest {
    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

    @TempDir
    Path folder;

    private final Map<String, String> wrongFolders = new HashMap<>();
    private final List<LoopbackListener> doors = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();
    private DnsServer dns;
    private Instant now = NOW;
    private String input = "";
    private String toStrangers = "550 no such address";
    private String healthz = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\r\n";

    private record Said(int code, List<String> lines) {
        String worst() {
            return lines.getFirst();
        }
    }

    @BeforeEach
    void aMachineWhereAllIsWell() throws Exception {
        dns = DnsServer.start()
                .put("mx.example.org", "A", "192.0.2.25")
                .put("25.2.0.192.in-addr.arpa", "PTR", "mx.example.org.")
                .put("example.org", "MX", "10 mx.example.org.")
                .put("example.org", "TXT", "\"v=spf1 mx -all\"");
        for (String part : List.of("control", "tls", "queue", "maildirs", "db")) {
            Files.createDirectory(folder.resolve(part));
        }
        control("me", "mx.example.org");
        control("rcpthosts", "mx.example.org\nexample.org\n.sub.example.org");
        Files.writeString(
                folder.resolve("tls/cert.pem"), Pair.of("mx.example.org", NOW, NOW.plus(Duration.ofDays(90))));
        LoopbackListener smtp = door(this::smtp);
        arguments.addAll(List.of(
                "--address=192.0.2.25",
                "--door=smtp=127.0.0.1:" + smtp.port(),
                "--door=pop3=127.0.0.1:"
                        + door(talk -> talk.say("+OK hello\r\n")).port(),
                "--door=admin=127.0.0.1:" + door(talk -> talk.say(healthz)).port(),
                "--outbound=127.0.0.1:" + smtp.port(),
                "--smtp-port=25",
                "--bind=0.0.0.0",
                "--clock=yes"));
    }

    @AfterEach
    void close() throws Exception {
        for (LoopbackListener door : doors) {
            door.close();
        }
        dns.close();
    }

    private interface Answers {
        void to(Other other) throws IOException;
    }

    /// The other end of a connection.
    private record Other(qrate.core.Connection connection) {
        void say(String text) throws IOException {
            connection.out().write(text.getBytes(ISO_8859_1));
            connection.out().flush();
        }

        String hear() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int b = connection.in().read();
                    b >= 0 && b != '\n';
                    b = connection.in().read()) {
                line.append((char) b);
            }
            return line.toString();
        }
    }

    private LoopbackListener door(Answers answers) throws IOException {
        LoopbackListener door = new LoopbackListener(connection -> answers.to(new Other(connection)));
        doors.add(door);
        return door;
    }

    private void smtp(Other other) throws IOException {
        other.say("220-mx.example.org\r\n220 ESMTP\r\n");
        for (String line = other.hear(); !line.isEmpty(); line = other.hear()) {
            other.say((line.startsWith("RCPT") ? toStrangers : "250-ok\r\n250 ok") + "\r\n");
        }
    }

    private void control(String name, String text) throws IOException {
        Files.writeString(folder.resolve("control").resolve(name), text + "\n");
    }

    private Said doctor(String... more) throws Exception {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(more));
        return run(new Doctor(_ -> wrongFolders, InstantSource.fixed(now)), all);
    }

    private Said run(Program program, List<String> all) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream printed = new PrintStream(out, true, UTF_8);
        int code = program.run(
                all,
                new Program.Stdio(
                        Map.of("QRATE_STATE", folder.toString(), "QRATE_DNS", dns.hostAndPort()),
                        new ByteArrayInputStream(input.getBytes(UTF_8)),
                        printed,
                        printed));
        return new Said(code, out.toString(UTF_8).lines().toList());
    }

    private void finds(String line, String... more) throws Exception {
        Said said = doctor(more);
        assertTrue(said.lines.stream().anyMatch(found -> found.startsWith(line)), said::toString);
        int least = line.startsWith("broken") ? 2 : line.startsWith("doubtful") ? 1 : 0;
        assertTrue(said.code >= least, said::toString);
    }

    /// Without what this very machine has too little of.
    private static boolean isOfMachine(String line) {
        return line.contains("disk:") || line.contains("memory:");
    }

    @Test
    void whereAllIsWellItSaysSo() throws Exception {
        Said said = doctor("--blocklist", "list.example.net");
        List<String> rest =
                said.lines.stream().filter(line -> !isOfMachine(line)).toList();
        assertEquals(
                1,
                said.lines.stream()
                        .filter(line -> line.contains("disk: room on"))
                        .count(),
                said::toString);
        assertTrue(
                rest.stream().allMatch(line -> line.startsWith("well ") || line.contains("self-signed")),
                rest::toString);
        for (String part : List.of(
                "port: smtp answers",
                "port: pop3 answers",
                "relay: nobody can send through this server without signing in",
                "health: every part reports that it is well",
                "name: 192.0.2.25 and mx.example.org lead to each other",
                "dns: example.org: its mail comes here",
                "dns: example.org: its SPF record names this server",
                "outbound: 127.0.0.1 port",
                "certificate: it is good for 90 days",
                "clock: the clock is set by time servers",
                "folder: every folder has its owner and mode",
                "blocklist: 192.0.2.25 is not listed in list.example.net")) {
            assertTrue(rest.stream().anyMatch(line -> line.contains(part)), () -> part + ": " + rest);
        }
    }

    @Test
    void aServerThatRelaysIsBroken() throws Exception {
        toStrangers = "250 ok";
        finds("broken    relay: clients from here may send to anybody");
    }

    @Test
    void aDoorThatIsShutIsBroken() throws Exception {
        doors.get(1).close();
        finds("broken    port: pop3 does not answer");
        assertTrue(doctor().worst().startsWith("broken"));
    }

    @Test
    void whatAPartSaysOfItselfIsPassedOn() throws Exception {
        healthz = "HTTP/1.1 503 Service Unavailable\r\n\r\ntls: the certificate ended\r\nsend: does not drain\r\n";
        finds("broken    health: tls: the certificate ended");
        finds("broken    health: send: does not drain");
    }

    @Test
    void aDoorThatNobodyOutsideReachesIsDoubtful() throws Exception {
        finds("doubtful  port: smtp is at port 2525", "--smtp-port=2525");
        finds("doubtful  port: the mail ports listen on 127.0.0.1", "--bind=127.0.0.1");
    }

    @Test
    void namesThatDoNotLeadToEachOtherAreBroken() throws Exception {
        finds("broken    name: 192.0.2.26 has no reverse name (PTR)", "--address=192.0.2.26");
        dns.put("26.2.0.192.in-addr.arpa", "PTR", "dsl-26.provider.example.");
        finds("broken    name: 192.0.2.26 leads back to dsl-26.provider.example", "--address=192.0.2.26");
        control("me", "gone.example.org");
        now = now.plusSeconds(2);
        finds("broken    name: gone.example.org has no address in DNS");
        control("me", "gone");
        finds("broken    name: control/me is 'gone', which is not a full host name");
    }

    @Test
    void aDomainWhoseMailGoesElsewhereIsFound() throws Exception {
        finds("broken    dns: new.example.org does not exist in DNS", "--domain=new.example.org");
        dns.put("b.example.org", "A", "192.0.2.1");
        finds("broken    dns: b.example.org has no MX record", "--domain=b.example.org");
        assertTrue(
                doctor("--domain=b.example.org").lines.stream().anyMatch(line -> line.contains("has no SPF record")));
        dns.put("c.example.org", "MX", "10 mx.elsewhere.example.");
        finds("broken    dns: c.example.org: its MX mx.elsewhere.example does not exist", "--domain=c.example.org");
        dns.put("mx.elsewhere.example", "A", "192.0.2.77");
        finds("doubtful  dns: c.example.org: its mail goes to mx.elsewhere.example", "--domain=c.example.org");
        dns.put("d.example.org", "MX", "0 .");
        finds("broken    dns: d.example.org publishes that it takes no mail", "--domain=d.example.org");
    }

    @Test
    void spfRecordsThatNameUsAreUnderstood() throws Exception {
        for (String good : List.of("v=spf1 ip4:192.0.2.0/24 -all", "v=spf1 a:mx.example.org ~all", "V=SPF1 +mx -all")) {
            String domain = "d" + Integer.toUnsignedString(good.hashCode()) + ".example.org";
            dns.put(domain, "MX", "10 mx.example.org.").put(domain, "TXT", "\"" + good + "\"");
            finds("well      dns: " + domain + ": its SPF record names this server", "--domain=" + domain);
        }
        dns.put("e.example.org", "MX", "10 mx.example.org.").put("e.example.org", "TXT", "\"v=spf1 ip4:192.0.3.0/24\"");
        finds("doubtful  dns: e.example.org: its SPF record does not name this server", "--domain=e.example.org");
        dns.put("e.example.org", "TXT", "\"v=spf1 mx -all\"");
        finds("broken    dns: e.example.org has 2 SPF records", "--domain=e.example.org");
        dns.put("f.example.org", "MX", "10 mx.example.org.").put("f.example.org", "TXT", "\"v=spf1 +all\"");
        finds("broken    dns: f.example.org: its SPF record lets everybody", "--domain=f.example.org");
    }

    @Test
    void silenceOfDnsIsNoAbsence() throws Exception {
        dns.fault("example.org", DnsServer.Fault.SERVFAIL);
        finds("doubtful  dns: example.org: DNS does not answer for MX");
    }

    @Test
    void mailThatCannotLeaveIsBroken() throws Exception {
        LoopbackListener shut = door(_ -> {});
        shut.close();
        finds(
                "broken    outbound: 127.0.0.1 port " + shut.port() + " cannot be reached",
                "--outbound=127.0.0.1:" + shut.port());
    }

    /// As qmail-remote reads it: TLS from the beginning, where nobody greets before.
    @Test
    void theSmarthostIsTheOneThatMailGoesTo() throws Exception {
        LoopbackListener silent = door(Other::hear);
        arguments.removeIf(argument -> argument.startsWith("--outbound="));
        control("smtproutes", "x.example:192.0.2.1\n:smtps://127.0.0.1:" + silent.port() + " ann secret");
        finds("well      outbound: 127.0.0.1 port " + silent.port() + " can be reached");
    }

    @Test
    void aCertificateNearItsEndIsDoubtfulAndThenBroken() throws Exception {
        now = NOW.plus(Duration.ofDays(80));
        finds("doubtful  certificate: it ends in 10 days");
        now = NOW.plus(Duration.ofDays(90));
        finds("broken    certificate: it ended at 2027-02-27T12:00:00Z");
    }

    @Test
    void aListedAddressIsBroken() throws Exception {
        dns.put("25.2.0.192.list.example.net", "A", "127.0.0.2");
        finds("broken    blocklist: 192.0.2.25 stands in list.example.net (127.0.0.2)", "--blocklist=list.example.net");
        dns.put("25.2.0.192.refuses.example.net", "A", "127.255.255.254");
        finds("doubtful  blocklist: refuses.example.net does not answer", "--blocklist=refuses.example.net");
    }

    @Test
    void foldersAndClockAreFound() throws Exception {
        wrongFolders.put("everybody gets into db", "chmod o-rwx db");
        finds("broken    folder: everybody gets into db. What to do: chmod o-rwx db");
        wrongFolders.clear();
        finds("doubtful  clock: nothing sets this machine's clock", "--clock=no");
    }

    @Test
    void jsonSaysTheSame() throws Exception {
        Said said = doctor("--json");
        Map<String, Object> all = Json.object(String.join("", said.lines).getBytes(UTF_8));
        assertEquals((long) said.code, all.get("code"));
        assertEquals("well", Json.objects(all, "findings").getLast().get("level"));
    }

    /// As `./qrate` does it with containers.
    @Test
    void whatAnotherLookFoundIsSaidToo() throws Exception {
        doors.get(1).close();
        Said first = doctor("--json", "--doors-only");
        assertTrue(first.lines.getFirst().contains("pop3 does not answer"), first::toString);
        assertFalse(first.lines.getFirst().contains("certificate"), first::toString);
        arguments.removeIf(argument -> argument.startsWith("--door="));
        input = first.lines.getFirst();
        Said both = doctor("--with-input");
        assertEquals(2, both.code);
        assertTrue(both.worst().startsWith("broken    port: pop3 does not answer"), both::toString);
        assertTrue(both.lines.stream().anyMatch(line -> line.contains("certificate")), both::toString);
        input = "no JSON";
        assertEquals(111, doctor("--with-input").code);
    }

    @Test
    void wrongOptionsAreNamed() throws Exception {
        for (String wrong : List.of("--none", "--address=example.org", "--door=imap=x:1", "--outbound=x", "--domain")) {
            assertEquals(100, doctor(wrong).code, wrong);
        }
        assertEquals(100, run(new DnsCommand(InstantSource.fixed(now)), List.of()).code);
        assertEquals(100, run(new DnsCommand(InstantSource.fixed(now)), List.of("not-ours.example")).code);
        Said zone = run(new DnsCommand(InstantSource.fixed(now)), List.of("Example.ORG", "--address", "192.0.2.25"));
        assertEquals(0, zone.code, zone::toString);
        assertTrue(zone.lines.contains("example.org. 3600 IN MX 10 mx.example.org."), zone::toString);
        Said json = run(new DnsCommand(InstantSource.fixed(now)), List.of("example.org", "--json"));
        assertTrue(Json.object(String.join("", json.lines).getBytes(UTF_8)).containsKey("missing"), json::toString);
    }
}
