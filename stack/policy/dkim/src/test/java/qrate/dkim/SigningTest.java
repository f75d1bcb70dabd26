package qrate.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import qrate.core.Body;
import qrate.testkit.Seeds;

class SigningTest {
    private static Post post;

    @BeforeAll
    static void open() throws IOException {
        post = new Post();
    }

    @AfterAll
    static void close() throws IOException {
        post.close();
    }

    /// What leaves by SMTP, signatures and all.
    private static byte[] sent(String message) throws IOException {
        String fields = Post.fields(message, Post.BOTH);
        return Post.sent(Post.bytes(fields + message));
    }

    @Test
    void rsaStandsBeforeEd25519AndBothPass() throws IOException {
        List<DkimResult> results = post.results(sent(Post.MESSAGE));
        assertEquals(
                List.of("pass", "pass"), results.stream().map(DkimResult::word).toList());
        assertEquals(
                List.of("rsa-sha256", "ed25519-sha256"),
                results.stream().map(result -> result.claimed().a()).toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "From: a@example.test\n\nno last line end",
                "From: a@example.test\n\nblank line at the end\n\n \n",
                "From: a@example.test\n\n",
                "From: a@example.test\n",
                "From: a@example.test",
                "From: a@example.test\r\nSubject: crlf\r\n\r\nbody\r\n",
                "From: a@example.test\nSubject: a\rb\n\nlone\rcr\r\rin body\r",
                "From: a@example.test\nSubject: a\r\n\tfolded\r",
                "From: a@example.test\n\n.\n..dots\n.",
                "From: \u00c3\u00a4@example.test\nSubject: \u00ff\u00fe\n\n\u00e4\u00f6 8 bit\u0000\n",
                "From: a@example.test\nno field here\n\nbody\n",
                "From: a@example.test\nno field\rhere\nTo: b\rc\n\nbody\rx\n",
                "From : a@example.test\nFrom: twice@example.test\n\nx\n",
                "Subject: nobody\n\nx\n"
            })
    void whateverAMessageIsLikeWhatLeavesPasses(String message) throws IOException {
        assertEquals(List.of("pass", "pass"), post.words(sent(message)));
    }

    @Test
    void anyMessageThatIsSignedPassesAsItLeaves() {
        Seeds.forAll(150, random -> {
            StringBuilder message = new StringBuilder("From: a@example.test\n");
            String chars = "ab: \t\r\n\n.\u00e4";
            for (int i = random.nextInt(80); i > 0; i--) {
                message.append(chars.charAt(random.nextInt(chars.length())));
            }
            try {
                assertEquals(List.of("pass", "pass"), post.words(sent(message.toString())));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void theFieldSaysWhatItMustInShortLines() throws IOException {
        String field = Post.fields(Post.MESSAGE, List.of(Post.RSA_KEY));
        field.lines().forEach(line -> assertTrue(line.length() < 78, line));
        assertTrue(field.endsWith("\n") && !field.contains("\r"), field);
        String plain = field.replace("\n", "").replaceAll(" +", " ");
        assertTrue(
                plain.startsWith("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.test; s=r1; t="
                        + Post.NOW.getEpochSecond() + "; h="),
                plain);
        assertFalse(plain.contains(" l=") || plain.contains(" x="), plain);
    }

    @Test
    void fieldsAreSignedOnceMoreThanTheyAreThere() throws IOException {
        String message = "To: a\nTo: b\nList-Unsubscribe: <x>\nList-Unsubscribe-Post: y\n" + Post.MESSAGE;
        List<String> names = Signing.names(Post.outgoing(Post.bytes(message)), Signing.ALWAYS, Signing.WHERE_PRESENT);
        assertEquals(2, names.stream().filter("From"::equals).count());
        assertEquals(4, names.stream().filter("To"::equals).count());
        assertEquals(1, names.stream().filter("Reply-To"::equals).count());
        assertEquals(2, names.stream().filter("List-Unsubscribe"::equals).count());
        assertEquals(2, names.stream().filter("List-Unsubscribe-Post"::equals).count());
        assertEquals(0, names.stream().filter("List-Id"::equals).count());
    }

    @Test
    void aListThatAddsItsOwnFieldsLeavesTheSignatureGood() throws IOException {
        assertEquals("pass", post.told("List-Id: <l.other.test>\nList-Post: <x>\n" + Post.signed(Post.MESSAGE)));
        String ours = Post.signed("List-Unsubscribe: <https://a.test>\n" + Post.MESSAGE);
        assertEquals("fail: signature did not verify", post.told("List-Unsubscribe: <https://b.test>\n" + ours));
    }

    @Test
    void aSignatureMayEnd() throws IOException {
        Signing.Terms terms = new Signing.Terms(List.of(Post.RSA_KEY), List.of("From"), List.of(), Duration.ofDays(7));
        String signed = Post.fields(Post.MESSAGE, terms) + Post.MESSAGE;
        assertTrue(signed.contains(" x=" + Post.NOW.plus(Duration.ofDays(7)).getEpochSecond() + ";"), signed);
        assertEquals("pass", post.told(signed));
    }

    @Test
    void fromIsAlwaysSigned() {
        List<String> names = List.of("To");
        List<SigningKey> keys = Post.BOTH;
        assertThrows(IllegalArgumentException.class, () -> new Signing.Terms(keys, names, names, Duration.ZERO));
    }

    @Test
    void whatCannotBeSignedIsSaid() throws IOException {
        assertRefused("the message begins with what is no field", "no field at all\n\nx\n");
        assertRefused("the header is too long to be signed", "From: " + "x".repeat(300 << 10) + "\n\nx\n");
        assertRefused("more than 500 fields that would have to be signed", "To: x\n".repeat(500) + "\nx\n");
    }

    private static void assertRefused(String why, String message) throws IOException {
        Content content = Post.outgoing(Post.bytes(message));
        Signing.Signed signed = Signing.sign(content, Signing.Terms.usual(Post.BOTH), Post::sign, Post.NOW);
        assertEquals(why, assertInstanceOf(Signing.Signed.Refused.class, signed).reason());
    }

    @Test
    void aSignerThatIsAwayIsTold() throws IOException {
        Content content = Post.outgoing(Post.bytes(Post.MESSAGE));
        Signing.Terms terms = Signing.Terms.usual(Post.BOTH);
        Signer away = (_, _) -> {
            throw new IOException("away");
        };
        assertThrows(IOException.class, () -> Signing.sign(content, terms, away, Post.NOW));
    }

    @Test
    void keysMustHaveNames() {
        assertThrows(
                IllegalArgumentException.class, () -> new SigningKey("example.test; l=0", "s", Algorithm.RSA_SHA256));
        assertThrows(IllegalArgumentException.class, () -> new SigningKey("example.test", "-", Algorithm.RSA_SHA256));
        assertEquals("xn--bcher-kva.test", new SigningKey("B\u00fccher.test", "s", Algorithm.RSA_SHA256).domain());
    }

    /// 100 MiB that are nowhere: made while they are read.
    private record Huge(byte[] header, byte[] line, long lines) implements Body {
        @Override
        public long size() {
            return header.length + line.length * lines;
        }

        @Override
        public InputStream open() {
            InputStream body = new InputStream() {
                private long at;

                @Override
                public int read() {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0];
                }

                @Override
                public int read(byte[] out, int from, int count) {
                    int some = (int) Math.min(count, line.length * lines - at);
                    for (int i = 0; i < some; i++) {
                        out[from + i] = line[(int) (at++ % line.length)];
                    }
                    return some == 0 && count > 0 ? -1 : some;
                }
            };
            return new SequenceInputStream(new ByteArrayInputStream(header), body);
        }
    }

    @Test
    void aMessageOf100MegabytesIsSignedAndCheckedInLittleMemory() throws IOException {
        byte[] line = new byte[1 << 10];
        Arrays.fill(line, (byte) 'x');
        line[500] = ' ';
        line[line.length - 1] = '\n';
        Huge plain = new Huge(Post.bytes("From: a@example.test\n\n"), line, 100 << 10);
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        Content content = Content.of(plain, Content.Form.SENT, Limits.USUAL, List.of(Signing::wanted));
        Signing.Signed signed = Signing.sign(content, Signing.Terms.usual(Post.BOTH), Post::sign, Post.NOW);
        String fields = assertInstanceOf(Signing.Signed.Done.class, signed).fields();
        Body whole = plain.prefixed(fields.getBytes(ISO_8859_1));
        Content checked = Content.of(
                whole, Content.Form.RECEIVED, Limits.USUAL, List.of(header -> Verifier.wanted(header, Limits.USUAL)));
        assertEquals(
                List.of("pass", "pass"),
                post.results(checked).stream().map(DkimResult::word).toList());
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 16 << 20, allocated + " bytes allocated");
    }
}
