package qrate.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.james.jdkim.exceptions.FailException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import qrate.dkim.DkimPeers.Peer;

/// What we sign they check, what they sign we check.
@Tag("peer")
@Timeout(300)
class DkimPeersTest {
    private static final List<String> CANONICAL =
            List.of("simple/simple", "simple/relaxed", "relaxed/simple", "relaxed/relaxed");
    private static final List<String> MESSAGES = List.of(
            Post.MESSAGE,
            "From: a@example.test\n\nno last line end",
            "From: a@example.test\n\nblank  line at the\tend\n\n \n",
            "From: a@example.test\nTo: b\nTo: c\n\n",
            "From: a@example.test\nSubject: folded\n\t and  wide \n\n.\n..dots\n.\n",
            "From: a@example.test\nSubject: a\rb\n\nlone\rcr\r\rin body\r",
            "From: a@example.test\nList-Unsubscribe: <https://x.test>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n\nx\n",
            "From: \u00c3\u00a4@example.test\nSubject: \u00c3\u00b6\n\n\u00e4\n",
            "From: \u00c3\u00a4@example.test\nSubject: \u00ff\u00fe\n\n\u00e4\u00f6 8 bit\n");

    @TempDir
    static Path folder;

    private static Post post;
    private static DkimPeers peers;

    @BeforeAll
    static void open() throws IOException {
        post = new Post();
        peers = new DkimPeers(post, folder);
    }

    @AfterAll
    static void close() throws IOException {
        peers.close();
        post.close();
    }

    private static List<byte[]> messages() throws IOException {
        List<byte[]> all = new ArrayList<>();
        for (String message : MESSAGES) {
            all.add(Post.sent(Post.bytes(message)));
        }
        return all;
    }

    @Test
    void whatWeSignTheyCheck() throws IOException {
        for (String message : MESSAGES) {
            byte[] both = Post.sent(Post.bytes(Post.fields(message, Post.BOTH) + message));
            assertEquals("pass,pass", peers.words(Peer.PYTHON, both), message);
            assertTrue(peers.words(Peer.PERL, both).startsWith("pass"), message);
            assertEquals("pass", peers.words(Peer.OPENDKIM, both), message);
            byte[] rsa = Post.sent(Post.bytes(Post.fields(message, List.of(Post.RSA_KEY)) + message));
            assertEquals(isForJdkim(message) ? "pass" : "fail", peers.words(Peer.JDKIM, rsa), message);
        }
    }

    /// We sign relaxed/relaxed alone; the other forms come from the tests' own hand.
    @Test
    void whatWeSignInTheOtherFormsTheyCheck() throws IOException {
        for (String canonical : CANONICAL) {
            String signed = Post.forged(
                    "v=1; a=rsa-sha256; c=" + canonical + "; d=example.test; s=r1; h=from:to:subject:date",
                    Post.MESSAGE.replace("\n", "\r\n"));
            for (Peer peer : Peer.values()) {
                assertEquals("pass", peers.words(peer, Post.bytes(signed)), peer + " " + canonical);
            }
        }
    }

    @Test
    void whatPythonSignsWeCheck() throws IOException {
        for (byte[] message : messages()) {
            for (String canonical : CANONICAL) {
                for (Algorithm algorithm : Algorithm.values()) {
                    assertPasses(peers.signedByPython(algorithm, canonical, message));
                }
            }
        }
    }

    @Test
    void whatPerlSignsWeCheck() throws IOException {
        for (byte[] message : messages()) {
            for (String canonical : CANONICAL) {
                assertPasses(peers.signedByPerl(canonical, message));
            }
        }
    }

    @Test
    void whatJdkimSignsWeCheck() throws IOException, FailException {
        for (String message : MESSAGES) {
            for (String canonical : CANONICAL) {
                if (isForJdkim(message)) {
                    assertPasses(DkimPeers.signedByJdkim(canonical, Post.sent(Post.bytes(message))));
                }
            }
        }
    }

    /// jDKIM takes a line end for an empty body in the relaxed form (RFC 6376 §3.4.4: it is nothing), and reads headers
    /// as
    /// UTF-8, so that other bytes are lost.
    private static boolean isForJdkim(String message) {
        return message.chars().noneMatch(c -> c == 0xff) && !message.endsWith("To: c\n\n");
    }

    private static void assertPasses(byte[] signed) {
        List<DkimResult> results = post.results(signed);
        assertEquals(
                List.of("pass"),
                results.stream().map(DkimResult::word).toList(),
                () -> results + "\n" + new String(signed, ISO_8859_1));
    }

    @Test
    void whatOpendkimSignsWeCheck() throws Exception {
        List<byte[]> messages = messages();
        List<String> names = new ArrayList<>();
        for (byte[] message : messages) {
            Path file = folder.resolve("message" + names.size());
            names.add(Files.write(file, message).toString());
        }
        Path key = Files.writeString(folder.resolve("opendkim.pem"), DkimKeys.pem(Post.RSA));
        Path conf = Files.writeString(folder.resolve("opendkim.conf"), """
                Mode s
                Domain example.test
                Selector r1
                SignatureAlgorithm rsa-sha256
                Canonicalization relaxed/simple
                KeyFile %s
                Syslog no
                RequireSafeKeys no
                """.formatted(key));
        Path errors = folder.resolve("errors");
        Process process = new ProcessBuilder(
                        "/usr/sbin/opendkim", "-x", conf.toString(), "-t", String.join(",", names), "-vv")
                .redirectError(errors.toFile())
                .start();
        String said = new String(process.getInputStream().readAllBytes(), ISO_8859_1);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), () -> said + errors);
        String[] fields = said.split("### INSHEADER: idx=0 hname='DKIM-Signature' hvalue='", -1);
        assertEquals(messages.size() + 1, fields.length, said);
        post.clock = InstantSource.system();
        try {
            for (int i = 0; i < messages.size(); i++) {
                String field = "DKIM-Signature: " + fields[i + 1].substring(0, fields[i + 1].indexOf('\'')) + "\n";
                assertPasses(KeyForms.joined(field.getBytes(UTF_8), messages.get(i)));
            }
        } finally {
            post.clock = InstantSource.fixed(Post.NOW);
        }
    }
}
