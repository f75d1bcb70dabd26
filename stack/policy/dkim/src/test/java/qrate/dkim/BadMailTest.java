package qrate.dkim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is sent to break whoever checks signatures.
class BadMailTest {
    @Test
    void ofAThousandSignaturesTenAreLookedAt() throws IOException {
        try (Post post = new Post()) {
            StringBuilder many = new StringBuilder();
            String hash = Post.signed(Post.MESSAGE).replace("\n ", "").replaceAll("(?s).*( bh=[^;]*;).*", "$1");
            for (int i = 0; i < 1_000; i++) {
                many.append("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=d")
                        .append(i);
                many.append(".test; s=s; h=from;").append(hash).append(" b=AAAA\n");
            }
            List<DkimResult> results = post.results(many + Post.signed(Post.MESSAGE));
            assertEquals(11, results.size());
            assertEquals("permerror", results.get(9).word());
            assertEquals("policy", results.get(10).word());
            assertEquals(
                    "991 more signatures, of which none is looked at",
                    results.get(10).reason());
            assertEquals(10, post.trace.size());
            assertEquals(10, post.dns.questions().size());
        }
    }

    @Test
    void aHeaderTooLongIsNotLookedAt() throws IOException {
        try (Post post = new Post()) {
            assertEquals(
                    "policy: the header is too long to be looked at",
                    post.told("X: " + "x".repeat(300 << 10) + "\n" + Post.signed(Post.MESSAGE)));
        }
    }

    @Test
    @Timeout(60)
    void aListOfNamesWithoutEndTakesLinearTime() throws IOException {
        try (Post post = new Post()) {
            String names = "from" + ":x".repeat(60_000);
            String message = "X: y\n".repeat(20_000) + Post.MESSAGE;
            assertEquals(
                    "pass", post.told(Post.forged("v=1; a=rsa-sha256; d=example.test; s=r1; h=" + names, message)));
        }
    }

    @Test
    void bytesThatAreNoHeaderAreNoSignature() throws IOException {
        try (Post post = new Post()) {
            assertEquals(List.of(), post.results("\0\0\0DKIM-Signature: v=1\n\n"));
            assertEquals(List.of(), post.results("\nDKIM-Signature: v=1\n\n"));
            assertEquals(List.of("neutral"), post.words(Post.bytes("DKIM-Signature:\n")));
            assertEquals(List.of(), post.results("DKIM-Signature"));
        }
    }

    /// A line that is no field begins the body, so that nobody hides another text behind it.
    @Test
    void whatFollowsALineThatIsNoFieldIsBody() throws IOException {
        try (Post post = new Post()) {
            String signed = Post.signed(Post.MESSAGE);
            int end = signed.indexOf("\n\n") + 1;
            String changed = signed.substring(0, end) + "no field\nX: y\n" + signed.substring(end);
            assertEquals("fail: body hash did not verify", post.told(changed));
        }
    }
}
