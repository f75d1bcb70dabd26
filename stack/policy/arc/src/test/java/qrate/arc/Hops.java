package qrate.arc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import qrate.core.Body;
import qrate.dkim.Algorithm;
import qrate.dkim.Content;
import qrate.dkim.DkimKeys;
import qrate.dkim.Inquiry;
import qrate.dkim.Limits;
import qrate.dkim.SigningKey;
import qrate.dns.DnsClient;
import qrate.dns.Questions;
import qrate.testkit.DnsServer;

/// Hosts that a message goes through, `h1.test` to `h9.test`, each with keys in a DNS of the test.
final class Hops implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    static final PrivateKey RSA = key(Algorithm.RSA_SHA256);
    static final PrivateKey ED25519 = key(Algorithm.ED25519_SHA256);
    static final int COUNT = 9;
    static final String MESSAGE = """
            From: Ann <ann@example.test>
            To: list@h1.test
            Subject: hello
            Date: Mon, 30 Nov 2026 12:00:00 +0000

            Good day.
            """;

    private static final int STRING_BYTES = 250;

    final DnsServer dns;
    private final DnsClient client;

    Hops() throws IOException {
        dns = DnsServer.start();
        InetSocketAddress server = new InetSocketAddress("127.0.0.1", dns.port());
        client = new DnsClient(() -> List.of(server), Duration.ofSeconds(5));
        for (int i = 1; i <= COUNT; i++) {
            dns.put("r._domainkey.h" + i + ".test", "TXT", strings(record(RSA)));
            dns.put("e._domainkey.h" + i + ".test", "TXT", strings(record(ED25519)));
        }
    }

    /// The same ones each time, so that what others make of a damaged chain does not change.
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

    private static String strings(String text) {
        int half = Math.min(text.length(), STRING_BYTES);
        return "\"" + text.substring(0, half) + "\" \"" + text.substring(half) + "\"";
    }

    static SigningKey key(int hop) {
        return new SigningKey("h" + hop + ".test", "r", Algorithm.RSA_SHA256);
    }

    static byte[] sign(SigningKey key, byte[] hash) throws IOException {
        try {
            return key.algorithm().sign(key.algorithm() == Algorithm.RSA_SHA256 ? RSA : ED25519, hash);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    static Content leaving(String message) throws IOException {
        Body body = Body.of(message.getBytes(ISO_8859_1));
        return Content.of(body, Content.Form.SENT, Limits.USUAL, List.of(ArcSealer::wanted));
    }

    Inquiry inquiry() {
        InstantSource clock = InstantSource.fixed(NOW);
        Questions questions = Questions.of(client, new Questions.Limits(20, 20, Duration.ofSeconds(10)), clock);
        return Inquiry.of(questions, Limits.USUAL, clock);
    }

    Chain chain(String message) {
        return chain(message.getBytes(ISO_8859_1));
    }

    Chain chain(byte[] message) {
        try {
            Content content =
                    Content.of(Body.of(message), Content.Form.RECEIVED, Limits.USUAL, List.of(ArcVerifier::wanted));
            return ArcVerifier.verify(content, inquiry());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Word and reason, for comparison.
    String told(String message) {
        return switch (chain(message)) {
            case Chain.Fail(var why, var temporary) -> "fail: " + why + (temporary ? " (for now)" : "");
            case Chain chain -> chain.word();
        };
    }

    ArcSealer.Sealed sealing(String message, SigningKey key) throws IOException {
        ArcSealer.Findings findings =
                new ArcSealer.Findings(key.domain(), List.of("spf=pass smtp.mailfrom=a@example.test", "arc=none"));
        return ArcSealer.seal(leaving(message), chain(message), findings, key, Hops::sign, NOW);
    }

    /// A message as it leaves a hop.
    String sealed(String message, int hop) throws IOException {
        return switch (sealing(message, key(hop))) {
            case ArcSealer.Sealed.Done(var fields) -> fields + message;
            case ArcSealer.Sealed.Refused(var why) -> throw new AssertionError(why);
        };
    }

    @Override
    public void close() throws IOException {
        dns.close();
    }
}
