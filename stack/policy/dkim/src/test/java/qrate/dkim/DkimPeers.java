package qrate.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.EdECPrivateKey;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.james.jdkim.DKIMSigner;
import org.apache.james.jdkim.DKIMVerifier;
import org.apache.james.jdkim.exceptions.FailException;
import qrate.testkit.LineProgram;

/// The programs of others that sign and check beside us, each started once: python3-dkim, libmail-dkim-perl, OpenDKIM's
/// library and Apache jDKIM. The last three know no Ed25519 in their versions of Debian 12 and of Maven Central.
final class DkimPeers implements AutoCloseable {
    /// Whose word it is.
    enum Peer {
        PYTHON,
        PERL,
        OPENDKIM,
        JDKIM
    }

    private static final Path SCRIPTS = Path.of("src/test/peers");

    private final Map<String, String> keys = new HashMap<>();
    private final Post post;
    private final Path rsa;
    private final LineProgram python;
    private final LineProgram perl;

    /// @param folder for the key that Perl signs with
    DkimPeers(Post post, Path folder) throws IOException {
        this.post = post;
        this.rsa = Files.writeString(folder.resolve("rsa.pem"), DkimKeys.pem(Post.RSA));
        this.python = LineProgram.start(List.of(
                "/usr/bin/python3",
                SCRIPTS.resolve("dkim_peer.py").toString(),
                Long.toString(Post.NOW.getEpochSecond())));
        this.perl = LineProgram.start(
                List.of("perl", SCRIPTS.resolve("dkim_peer.pl").toString(), Integer.toString(post.dns.port())));
        tell("r1", Post.record(Post.RSA));
        tell("e1", Post.record(Post.ED25519));
    }

    /// Publishes a key of example.test for us and for them.
    void publish(String selector, String record) throws IOException {
        post.publish(selector + "._domainkey.example.test", record);
        tell(selector, record);
    }

    private void tell(String selector, String record) throws IOException {
        keys.put(selector, record);
        python.say("key " + selector + "._domainkey.example.test " + base64(record.getBytes(ISO_8859_1)));
    }

    /// What one says of each signature, in its own words, of which `pass` is everybody's.
    String words(Peer peer, byte[] message) throws IOException {
        return switch (peer) {
            case PYTHON -> python.ask("python " + base64(message));
            case OPENDKIM -> python.ask("opendkim " + base64(message));
            case PERL -> perl.ask("verify " + base64(message));
            case JDKIM -> jdkim(message);
        };
    }

    private String jdkim(byte[] message) throws IOException {
        DKIMVerifier verifier =
                new DKIMVerifier((_, selector, domain) -> domain.toString().equalsIgnoreCase("example.test")
                        ? keys.entrySet().stream()
                                .filter(key -> key.getKey().equalsIgnoreCase(selector.toString()))
                                .map(Map.Entry::getValue)
                                .toList()
                        : List.of());
        try {
            verifier.verify(new ByteArrayInputStream(message));
        } catch (FailException e) {
            if (verifier.getResults().isEmpty()) {
                return e.getClass().getSimpleName();
            }
        } catch (RuntimeException e) {
            return e.getClass().getSimpleName(); // it lets anything through
        }
        return verifier.getResults().isEmpty()
                ? "none"
                : verifier.getResults().stream()
                        .map(result -> result.getResultType().name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(","));
    }

    /// A message with a signature by python3-dkim.
    byte[] signedByPython(Algorithm algorithm, String canonical, byte[] message) throws IOException {
        boolean ours = algorithm == Algorithm.RSA_SHA256;
        byte[] key = ours
                ? Files.readAllBytes(rsa)
                : base64(((EdECPrivateKey) Post.ED25519).getBytes().orElseThrow())
                        .getBytes(UTF_8);
        String field = python.ask(String.join(
                " ",
                "sign",
                base64(key),
                "example.test",
                ours ? "r1" : "e1",
                algorithm.tag(),
                canonical,
                base64(message)));
        return KeyForms.joined(Base64.getDecoder().decode(field), message);
    }

    /// A message with a signature by libmail-dkim-perl.
    byte[] signedByPerl(String canonical, byte[] message) throws IOException {
        String field =
                perl.ask(String.join(" ", "sign", rsa.toString(), "example.test", "r1", canonical, base64(message)));
        return KeyForms.joined(Base64.getDecoder().decode(field), message);
    }

    /// A message with a signature by jDKIM.
    static byte[] signedByJdkim(String canonical, byte[] message) throws IOException, FailException {
        String template = "v=1; a=rsa-sha256; c=" + canonical
                + "; d=example.test; s=r1; h=from:to:subject:date:subject; bh=; b=;";
        String field = new DKIMSigner(template, Post.RSA).sign(new ByteArrayInputStream(message));
        return KeyForms.joined((field + "\r\n").getBytes(ISO_8859_1), message);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    public void close() throws IOException {
        python.close();
        perl.close();
    }
}
