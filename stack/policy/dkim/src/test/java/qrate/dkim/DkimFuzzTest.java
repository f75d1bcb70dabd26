package qrate.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import qrate.core.Body;
import qrate.testkit.Fuzz;

class DkimFuzzTest {
    private static final String FIELD = """
            DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/simple; d=example.test; s=r1;
             i=ann@sub.example.test; t=1; x=99; l=4; q=dns/txt; z=a|b; h=from : to;
             bh=AAAA; b=AAAA
             BBBB==
            """;

    /// Entry points: {@link TagList#ofField}, and each of {@link SignatureTags}.
    @Test
    void signatures() {
        Fuzz.Outcome outcome = Fuzz.run("signatures", Fuzz.corpus(FIELD, FIELD.replace("\n", "\r\n")), bytes -> {
            String raw = new String(bytes, ISO_8859_1);
            try {
                SignatureTags tags = SignatureTags.of(raw);
                assertTrue(tags.list().unsigned().length() <= raw.length());
                tags.names();
                assertTrue(tags.made() >= 0 && tags.over() >= 0);
                tags.body();
                tags.identityDomain();
                tags.signature();
            } catch (MalformedField e) {
                throw new IOException(e);
            }
        });
        assertTrue(outcome.runs() > 0);
    }

    /// Entry point: {@link KeyRecord#of}.
    @Test
    void keyRecords() {
        Fuzz.Outcome outcome = Fuzz.run(
                "key records",
                Fuzz.corpus(
                        Post.record(Post.RSA),
                        Post.record(Post.ED25519),
                        "v=DKIM1; h=sha256:sha1; s=email:*; t=y:s; n=x; g=*; p="),
                bytes -> {
                    try {
                        KeyRecord record = KeyRecord.of(new String(bytes, ISO_8859_1));
                        for (Algorithm algorithm : Algorithm.values()) {
                            if (Algorithm.unfit(record.key(algorithm)).isEmpty()) {
                                algorithm.verifies(record.key(algorithm), new byte[32], new byte[64]);
                            }
                        }
                    } catch (MalformedField e) {
                        throw new IOException(e);
                    }
                });
        assertTrue(outcome.runs() > 0);
    }

    /// Entry points: {@link Content.Reader}, {@link Verifier#wanted}, {@link Verifier#verify}, {@link
    /// Signing#sign}.
    @Test
    void messages() throws IOException {
        try (Post post = new Post()) {
            String signed = Post.fields(Post.MESSAGE, Post.BOTH) + Post.MESSAGE;
            List<byte[]> corpus = Fuzz.corpus(signed, FIELD + Post.MESSAGE, signed.replace("\n", "\r\n"));
            Fuzz.Outcome outcome = Fuzz.run("messages", corpus, bytes -> {
                for (DkimResult result : post.results(bytes)) {
                    assertTrue(result.word().equals("pass") == result.reason().isEmpty(), result.toString());
                }
                Content content = Content.of(Body.of(bytes), Content.Form.SENT, Limits.USUAL, List.of(Signing::wanted));
                Signer none = (_, _) -> new byte[64];
                if (Signing.sign(content, Signing.Terms.usual(Post.BOTH), none, Post.NOW)
                        instanceof Signing.Signed.Done(var fields)) {
                    assertEquals(2, fields.split("DKIM-Signature:", -1).length - 1);
                }
            });
            assertTrue(outcome.runs() > 0);
        }
    }

    /// Entry point: {@link DkimKeys#read}.
    @Test
    void keyFiles() {
        String pkcs1 = DkimKeys.pem(Post.RSA).replace("PRIVATE", "RSA PRIVATE");
        Fuzz.Outcome outcome =
                Fuzz.run("key files", Fuzz.corpus(DkimKeys.pem(Post.RSA), DkimKeys.pem(Post.ED25519), pkcs1), bytes -> {
                    try {
                        DkimKeys.record(DkimKeys.read(new String(bytes, ISO_8859_1)));
                    } catch (GeneralSecurityException e) {
                        throw new IOException(e);
                    }
                });
        assertTrue(outcome.runs() > 0);
    }

    @Test
    void der() {
        Fuzz.Outcome outcome = Fuzz.run(
                "keys in p=",
                List.of(Base64.getDecoder().decode(Post.record(Post.RSA).replaceAll(".*p=", ""))),
                bytes -> {
                    try {
                        Algorithm.unfit(Algorithm.RSA_SHA256.key(bytes));
                    } catch (MalformedField e) {
                        throw new IOException(e);
                    }
                });
        assertTrue(outcome.runs() > 0);
    }
}
