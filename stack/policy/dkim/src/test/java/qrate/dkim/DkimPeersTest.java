package qrate.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.EdECPrivateKey;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
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

/// What we sign they check, what they sign we check: python3-dkim, libmail-dkim-perl, opendkim. The last
/// two know no Ed25519 in Debian 12.
@Tag("peer")
@Timeout(300)
class DkimPeersTest {
    private static final Path SCRIPTS = Path.of("src/test/peers").toAbsolutePath();
    private static final List<String> MESSAGES = List.of(
            Post.MESSAGE,
            "From: a@example.test\n\nno last line end",
            "From: a@example.test\n\nblank  line at the\tend\n\n \n",
            "From: a@example.test\nTo: b\nTo: c\n\n",
            "From: a@example.test\nSubject: folded\n\t and  wide \n\n.\n..dots\n.\n",
            "From: \u00c3\u00a4@example.test\nSubject: \u00ff\u00fe\n\n\u00e4\u00f6 8 bit\n",
            "From: a@example.test\nSubject: a\rb\n\nlone\rcr\r\rin body\r",
            "From: a@example.test\nList-Unsubscribe: <https://x.test>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n\nx\n");

    @TempDir
    Path folder;

    private Post post;
    private Path mail;

    @BeforeEach
    void open() throws IOException {
        post = new Post();
        mail = Files.createDirectory(folder.resolve("mail"));
        String table = "r1._domainkey.example.test\t" + Post.record(Post.RSA) + "\n" + "e1._domainkey.example.test\t"
                + Post.record(Post.ED25519) + "\n";
        Files.writeString(folder.resolve("table"), table);
        Files.writeString(
                folder.resolve("opendkim-keys"),
                table.lines().toList().getFirst().replace('\t', ' ') + "\n");
        Files.writeString(folder.resolve("rsa.pem"), DkimKeys.pem(Post.RSA));
        byte[] secret = ((EdECPrivateKey) Post.ED25519).getBytes().orElseThrow();
        Files.writeString(folder.resolve("ed25519.key"), Base64.getEncoder().encodeToString(secret));
    }

    @AfterEach
    void close() throws IOException {
        post.close();
    }

    private void put(int number, byte[] message) throws IOException {
        Files.write(mail.resolve("%04d".formatted(number)), message);
    }

    private List<byte[]> messages() throws IOException {
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; Files.exists(mail.resolve("%04d".formatted(i))); i++) {
            all.add(Files.readAllBytes(mail.resolve("%04d".formatted(i))));
        }
        return all;
    }

    private Map<String, String> python() throws Exception {
        return words(run(
                "/usr/bin/python3",
                SCRIPTS.resolve("dkim_peer.py").toString(),
                "verify",
                folder.resolve("table").toString(),
                mail.toString()));
    }

    private Map<String, String> perl() throws Exception {
        return words(run(
                "perl",
                SCRIPTS.resolve("dkim_peer.pl").toString(),
                "verify",
                Integer.toString(post.dns.port()),
                mail.toString()));
    }

    private static Map<String, String> words(String said) {
        Map<String, String> words = new TreeMap<>();
        said.lines()
                .filter(line -> line.startsWith("0"))
                .forEach(line -> words.put(line.split(" ", -1)[0], line.split(" ", -1)[1]));
        return words;
    }

    @Test
    void whatWeSignTheyCheck() throws Exception {
        for (int i = 0; i < MESSAGES.size(); i++) {
            String message = MESSAGES.get(i);
            put(i, Post.sent(Post.bytes(Post.fields(message, Post.BOTH) + message)));
        }
        Map<String, String> python = python();
        Map<String, String> perl = perl();
        assertEquals(MESSAGES.size(), python.size());
        python.forEach((name, words) -> assertEquals("pass,pass", words, "python: " + name));
        assertEquals(MESSAGES.size(), perl.size());
        perl.forEach((name, words) -> assertTrue(words.startsWith("pass"), "perl: " + name + " " + words));
        String said = opendkim("Mode v\nTestPublicKeys " + folder.resolve("opendkim-keys") + "\n");
        for (int i = 0; i < MESSAGES.size(); i++) {
            String name = mail.resolve("%04d".formatted(i)).toString();
            assertTrue(said.contains(name + ": verification (s=r1, d=example.test, 2048-bit key) succeeded"), said);
        }
    }

    private String opendkim(String settings) throws Exception {
        Path file = folder.resolve("opendkim.conf");
        Files.writeString(file, settings + "Syslog no\nRequireSafeKeys no\n");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < MESSAGES.size(); i++) {
            names.add(mail.resolve("%04d".formatted(i)).toString());
        }
        return run("/usr/sbin/opendkim", "-x", file.toString(), "-t", String.join(",", names), "-vv");
    }

    @Test
    void whatOpendkimSignsWeCheck() throws Exception {
        putAll();
        String said = opendkim("Mode s\nDomain example.test\nSelector r1\nSignatureAlgorithm rsa-sha256\n"
                + "Canonicalization relaxed/simple\nKeyFile " + folder.resolve("rsa.pem") + "\n");
        String[] fields = said.split("### INSHEADER: idx=0 hname='DKIM-Signature' hvalue='", -1);
        assertEquals(MESSAGES.size() + 1, fields.length, said);
        post.clock = InstantSource.system();
        for (int i = 0; i < MESSAGES.size(); i++) {
            String field = "DKIM-Signature: " + fields[i + 1].substring(0, fields[i + 1].indexOf('\'')) + "\n";
            assertEquals("pass", post.told(field + new String(messages().get(i), ISO_8859_1)), field);
        }
    }

    @Test
    void whatTheySignWeCheck() throws Exception {
        for (String canonical : List.of("simple/simple", "simple/relaxed", "relaxed/simple", "relaxed/relaxed")) {
            String rsa = folder.resolve("rsa.pem").toString();
            putAll();
            script("dkim_peer.py", "sign", rsa, "example.test", "r1", "rsa-sha256", canonical, mail.toString());
            assertAllPass("python, RSA, " + canonical);
            putAll();
            String ed25519 = folder.resolve("ed25519.key").toString();
            script("dkim_peer.py", "sign", ed25519, "example.test", "e1", "ed25519-sha256", canonical, mail.toString());
            assertAllPass("python, Ed25519, " + canonical);
            putAll();
            script("dkim_peer.pl", "sign", rsa, "example.test", "r1", canonical, mail.toString());
            assertAllPass("perl, " + canonical);
        }
    }

    private void putAll() throws IOException {
        for (int i = 0; i < MESSAGES.size(); i++) {
            put(i, Post.sent(Post.bytes(MESSAGES.get(i))));
        }
    }

    private void assertAllPass(String who) throws IOException {
        for (byte[] message : messages()) {
            List<DkimResult> results = post.results(message);
            assertEquals(
                    List.of("pass"),
                    results.stream().map(DkimResult::word).toList(),
                    who + ": " + results + "\n" + new String(message, ISO_8859_1));
        }
    }

    private void script(String name, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                name.endsWith(".py") ? "/usr/bin/python3" : "perl",
                SCRIPTS.resolve(name).toString()));
        command.addAll(Arrays.asList(arguments));
        run(command.toArray(String[]::new));
    }

    /// Where the two differ one of them is with us: python3-dkim knows no blank in front of a field's colon
    /// (RFC 5322 §4.5.3), libmail-dkim-perl reads Base64 that is cut.
    @Test
    void onDamagedMessagesWeAgree() throws Exception {
        int count = 1_000;
        Random random = new Random(1);
        List<byte[]> damaged = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String message = MESSAGES.get(random.nextInt(6));
            String signed = Post.fields(message, List.of(Post.RSA_KEY)) + message;
            damaged.add(damaged(Post.sent(Post.bytes(signed)), random));
            put(i, damaged.getLast());
        }
        Map<String, String> python = python();
        Map<String, String> perl = perl();
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = "%04d".formatted(i);
            boolean ours = post.words(damaged.get(i)).equals(List.of("pass"));
            boolean theirs = python.get(name).equals("pass");
            boolean others = perl.get(name).equals("pass");
            boolean broken = hasBrokenLineEnd(damaged.get(i));
            if (broken ? ours && !theirs && !others : ours != theirs && ours != others) {
                wrong.add(name + ": we " + post.results(damaged.get(i)) + ", python " + python.get(name) + ", perl "
                        + perl.get(name) + "\n" + new String(damaged.get(i), ISO_8859_1).replace("\r", "\\r"));
            }
        }
        assertEquals("", String.join("\n", wrong));
    }

    /// A CR or LF alone is no mail (RFC 5321 §2.3.8): programs differ in what they make of it, and here it
    /// is refused within a signature.
    private static boolean hasBrokenLineEnd(byte[] message) {
        String rest = new String(message, ISO_8859_1).replace("\r\n", "");
        return rest.indexOf('\r') >= 0 || rest.indexOf('\n') >= 0;
    }

    private static byte[] damaged(byte[] message, Random random) {
        byte[] bytes = message.clone();
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(5)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(5));
            case 1 -> bytes[at] = (byte) " \tax;:=".charAt(random.nextInt(7));
            case 2 -> {
                return KeyForms.joined(
                        Arrays.copyOf(bytes, at), new byte[] {' '}, Arrays.copyOfRange(bytes, at, bytes.length));
            }
            case 3 -> {
                return KeyForms.joined(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at + 1, bytes.length));
            }
            default -> {
                return KeyForms.joined(bytes, new byte[] {'\r', '\n'});
            }
        }
        return bytes;
    }

    /// What it says to its output, and behind that what it says to its errors.
    private String run(String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("NOW", Long.toString(Post.NOW.getEpochSecond()));
        Path errors = folder.resolve("errors");
        builder.redirectError(errors.toFile());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        said += Files.readString(errors, ISO_8859_1);
        assertEquals(0, process.exitValue(), String.join(" ", command) + said);
        return said;
    }
}
