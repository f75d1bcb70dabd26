package qrate.arc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import qrate.dkim.DkimKeys;

/// What we seal they check, what they seal we check: python3-dkim, libmail-dkim-perl.
@Tag("peer")
@Timeout(300)
class ArcPeersTest {
    private static final Path SCRIPTS = Path.of("src/test/peers").toAbsolutePath();

    @TempDir
    Path folder;

    private Hops hops;
    private Path mail;

    @BeforeEach
    void open() throws IOException {
        hops = new Hops();
        mail = Files.createDirectory(folder.resolve("mail"));
        StringBuilder table = new StringBuilder();
        for (int i = 1; i <= Hops.COUNT; i++) {
            table.append("r._domainkey.h")
                    .append(i)
                    .append(".test\t")
                    .append(Hops.record(Hops.RSA))
                    .append('\n');
        }
        Files.writeString(folder.resolve("table"), table);
        Files.writeString(folder.resolve("rsa.pem"), DkimKeys.pem(Hops.RSA));
    }

    @AfterEach
    void close() throws IOException {
        hops.close();
    }

    private static byte[] wire(String message) {
        return message.replace("\r\n", "\n").replace("\n", "\r\n").getBytes(ISO_8859_1);
    }

    private void put(int number, byte[] message) throws IOException {
        Files.write(mail.resolve("%04d".formatted(number)), message);
    }

    private String get(int number) throws IOException {
        return Files.readString(mail.resolve("%04d".formatted(number)), ISO_8859_1);
    }

    private Map<String, String> python() throws Exception {
        return words(run(
                "/usr/bin/python3",
                "arc_peer.py",
                "verify",
                folder.resolve("table").toString(),
                mail.toString()));
    }

    private Map<String, String> perl() throws Exception {
        return words(run("perl", "arc_peer.pl", "verify", Integer.toString(hops.dns.port()), mail.toString()));
    }

    private static Map<String, String> words(String said) {
        Map<String, String> words = new TreeMap<>();
        said.lines().forEach(line -> words.put(line.split(" ", -1)[0], line.split(" ", -1)[1]));
        return words;
    }

    @Test
    void whatWeSealTheyCheck() throws Exception {
        String one = hops.sealed(Hops.MESSAGE, 1);
        String three = hops.sealed(hops.sealed(one, 2), 3);
        put(0, wire(Hops.MESSAGE));
        put(1, wire(one));
        put(2, wire(three));
        put(3, wire(three + "more\n"));
        assertEquals("{0000=none, 0001=pass, 0002=pass, 0003=fail}", python().toString());
        assertEquals("{0000=none, 0001=pass, 0002=pass, 0003=fail}", perl().toString());
    }

    @Test
    void whatTheySealWeCheck() throws Exception {
        String first = "Authentication-Results: h1.test; arc=none; spf=pass smtp.mailfrom=a@example.test\n";
        String second = "Authentication-Results: h2.test; arc=pass; spf=pass smtp.mailfrom=a@example.test\n";
        for (List<String> by : List.of(List.of("/usr/bin/python3", "arc_peer.py"), List.of("perl", "arc_peer.pl"))) {
            put(0, wire(first + Hops.MESSAGE));
            seal(by, "h1.test");
            assertEquals("pass", hops.told(get(0)), by + get(0));
            String ours = hops.sealed(get(0).replace("\r\n", "\n"), 3);
            assertEquals("pass", hops.told(ours), ours);
            put(0, wire(second + hops.sealed(Hops.MESSAGE, 1)));
            seal(by, "h2.test");
            assertEquals("pass", hops.told(get(0)), by + get(0));
        }
    }

    private void seal(List<String> by, String domain) throws Exception {
        List<String> command = new ArrayList<>(by);
        command.addAll(List.of("seal", folder.resolve("rsa.pem").toString(), domain, "r", mail.toString()));
        run(command.toArray(String[]::new));
    }

    /// All three agree on each, but that libmail-dkim-perl reads Base64 that is none (RFC 6376 §3.5).
    @Test
    void onDamagedChainsWeAgree() throws Exception {
        int count = 500;
        Random random = new Random(1);
        String two = hops.sealed(hops.sealed(Hops.MESSAGE, 1), 2);
        List<byte[]> damaged = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] bytes = wire(two);
            int at = random.nextInt(bytes.length);
            if (bytes[at] != '\r' && bytes[at] != '\n') {
                bytes[at] = (byte) " ax1=;:".charAt(random.nextInt(7));
            }
            put(i, bytes);
            damaged.add(bytes);
        }
        Map<String, String> python = python();
        Map<String, String> perl = perl();
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = "%04d".formatted(i);
            boolean ours = hops.chain(damaged.get(i)) instanceof Chain.Pass;
            if (ours != python.get(name).equals("pass")
                    || (ours != perl.get(name).equals("pass")
                            && !hops.told(new String(damaged.get(i), ISO_8859_1))
                                    .endsWith("is no Base64"))) {
                wrong.add(name + ": we " + hops.told(new String(damaged.get(i), ISO_8859_1)) + ", python "
                        + python.get(name) + ", perl " + perl.get(name) + "\n"
                        + new String(damaged.get(i), ISO_8859_1));
            }
        }
        assertEquals("", String.join("\n", wrong));
    }

    private static String run(String... given) throws Exception {
        String[] command = given.clone();
        command[1] = SCRIPTS.resolve(command[1]).toString();
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), String.join(" ", command));
        return said;
    }
}
