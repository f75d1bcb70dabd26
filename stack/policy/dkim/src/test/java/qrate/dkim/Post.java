package qrate.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import qrate.core.Body;
import qrate.dns.DnsClient;
import qrate.dns.Questions;
import qrate.smtp.DataWriter;
import qrate.testkit.DnsServer;

/// Keys, the DNS that they are published in, and who signs and checks with them, at one moment.
final class Post implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    static final PrivateKey RSA = key(Algorithm.RSA_SHA256);
    static final PrivateKey ED25519 = key(Algorithm.ED25519_SHA256);
    static final SigningKey RSA_KEY = new SigningKey("example.test", "r1", Algorithm.RSA_SHA256);
    static final SigningKey ED25519_KEY = new SigningKey("example.test", "e1", Algorithm.ED25519_SHA256);
    static final List<SigningKey> BOTH = List.of(RSA_KEY, ED25519_KEY);
    static final String MESSAGE = """
            From: Ann <ann@example.test>
            To: bob@other.test
            Subject: hello
            Date: Mon, 30 Nov 2026 12:00:00 +0000
            Message-ID: <1@example.test>

            Good  day.\s

            Ann


            """;

    private static final int STRING_BYTES = 250;

    final DnsServer dns;
    Limits limits = Limits.USUAL;
    InstantSource clock = InstantSource.fixed(NOW);
    List<String> trace = List.of();
    private final DnsClient client;

    Post() throws IOException {
        dns = DnsServer.start();
        InetSocketAddress server = new InetSocketAddress("127.0.0.1", dns.port());
        client = new DnsClient(() -> List.of(server), Duration.ofSeconds(5));
        publish("r1._domainkey.example.test", record(RSA));
        publish("e1._domainkey.example.test", record(ED25519));
    }

    /// The same ones each time, so that what others make of a damaged signature does not change.
    private static PrivateKey key(Algorithm algorithm) {
        try {
            SecureRandom random = SecureRandom.getInstance("SHA1PRNG");
            random.setSeed(1);
            return DkimKeys.generate(algorithm, random);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String record(PrivateKey key) {
        try {
            return DkimKeys.record(key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    void publish(String name, String text) {
        StringBuilder strings = new StringBuilder();
        for (int i = 0; i < Math.max(1, text.length()); i += STRING_BYTES) {
            String part = text.substring(i, Math.min(text.length(), i + STRING_BYTES));
            strings.append(" \"")
                    .append(part.replace("\\", "\\\\").replace("\"", "\\\""))
                    .append('"');
        }
        dns.put(name, "TXT", strings.toString().strip());
    }

    static byte[] sign(SigningKey key, byte[] hash) throws IOException {
        try {
            return key.algorithm().sign(key.algorithm() == Algorithm.RSA_SHA256 ? RSA : ED25519, hash);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    static Content outgoing(byte[] message) throws IOException {
        return Content.of(Body.of(message), Content.Form.SENT, Limits.USUAL, List.of(Signing::wanted));
    }

    static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    static String fields(String message, List<SigningKey> keys) throws IOException {
        return fields(message, Signing.Terms.usual(keys));
    }

    static String fields(String message, Signing.Terms terms) throws IOException {
        Signing.Signed signed = Signing.sign(outgoing(bytes(message)), terms, Post::sign, NOW);
        return switch (signed) {
            case Signing.Signed.Done(var fields) -> fields;
            case Signing.Signed.Refused(var why) -> throw new AssertionError(why);
        };
    }

    static String signed(String message) throws IOException {
        return fields(message, List.of(RSA_KEY)) + message;
    }

    /// A signature by the RSA key with any tags; `h=`, `bh=` and `b=` are put behind them, unless they are
    /// among them.
    static String forged(String tags, String message) {
        try {
            Content content = Content.of(
                    Body.of(bytes(message)),
                    Content.Form.RECEIVED,
                    Limits.USUAL,
                    List.of(_ -> List.of(new BodyHash(false, BodyHash.WHOLE), new BodyHash(true, BodyHash.WHOLE))));
            return forged(tags, content) + message;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String forged(String tags, Content content) throws IOException {
        try {
            StringBuilder field = new StringBuilder("DKIM-Signature: ").append(tags);
            SignatureTags read = SignatureTags.of(field.toString());
            if (read.list().value("h").isEmpty()) {
                field.append("; h=from");
            }
            if (read.list().value("bh").isEmpty()) {
                byte[] hash = content.hash(read.body()).orElseThrow();
                field.append("; bh=").append(Base64.getEncoder().encodeToString(hash));
            }
            field.append("; b=");
            SignatureTags whole = SignatureTags.of(field.toString());
            byte[] hash = HeaderHash.of(
                    HeaderHash.selected(content, whole.list().parts("h"), -1), whole.relaxedHeader(), field.toString());
            return field + Base64.getEncoder().encodeToString(sign(RSA_KEY, hash)) + "\r\n";
        } catch (MalformedField e) {
            throw new IllegalStateException(e);
        }
    }

    List<DkimResult> results(String message) {
        return results(bytes(message));
    }

    List<DkimResult> results(byte[] message) {
        try {
            Content content = Content.of(
                    Body.of(message),
                    Content.Form.RECEIVED,
                    limits,
                    List.of(header -> Verifier.wanted(header, limits)));
            return results(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<DkimResult> results(Content content) {
        Questions questions = Questions.of(client, new Questions.Limits(20, 20, Duration.ofSeconds(10)), clock);
        Inquiry inquiry = Inquiry.of(questions, limits, clock);
        List<DkimResult> results = Verifier.verify(content, inquiry);
        trace = inquiry.trace();
        return results;
    }

    DkimResult result(String message) {
        List<DkimResult> results = results(message);
        if (results.size() != 1) {
            throw new AssertionError("not one result: " + results);
        }
        return results.getFirst();
    }

    /// Word and reason, for comparison.
    String told(String message) {
        DkimResult result = result(message);
        return result.reason().isEmpty() ? result.word() : result.word() + ": " + result.reason();
    }

    List<String> words(byte[] message) {
        return results(message).stream().map(DkimResult::word).toList();
    }

    /// The bytes that leave by SMTP, without doubled dots and the final one.
    static byte[] sent(byte[] message) throws IOException {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        DataWriter writer = new DataWriter(wire);
        writer.write(message, 0, message.length);
        writer.finish();
        String text = "\r\n" + wire.toString(ISO_8859_1);
        String whole = text.substring(0, text.length() - ".\r\n".length()).replace("\r\n.", "\r\n");
        return bytes(whole.substring(2));
    }

    @Override
    public void close() throws IOException {
        dns.close();
    }
}
