package qrate.remote.sign;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.arc.ArcVerifier;
import qrate.arc.Chain;
import qrate.core.Body;
import qrate.core.Client;
import qrate.core.Control;
import qrate.core.Envelope;
import qrate.core.Log;
import qrate.core.Recipient;
import qrate.dkim.Content;
import qrate.dkim.Inquiry;
import qrate.dkim.Limits;
import qrate.dns.DnsClient;
import qrate.dns.Questions;
import qrate.signer.HeldKey;
import qrate.signer.KeyFolder;
import qrate.signer.KeyHolder;
import qrate.testkit.DnsServer;

/// What is sent on carries what the gate here has found, sealed.
class SealsTest {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final Client STRANGER = new Client("192.0.2.8", "", "far.test", "ESMTP", "", "", "smtp");
    private static final Client USER = new Client("192.0.2.7", "", "pc", "ESMTPSA", "ann@here.test", "", "submission");
    private static final String RECEIVED = "Received: from far.test (192.0.2.8)\n  by mx.here.test with ESMTP; now\n";
    private static final String PLAIN = "From: bob@far.test\nTo: you@there.test\nSubject: hello\n\nworld\n";

    @TempDir
    Path folder;

    private DnsServer dns;
    private Signatures signatures;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private long id;

    @BeforeEach
    void start() throws IOException {
        dns = DnsServer.start().ttl(0);
        KeyFolder.Rules rules = new KeyFolder.Rules(domain -> domain.endsWith("here.test"), () -> Duration.ZERO);
        KeyHolder holder = new KeyFolder(folder.resolve("keys"), rules, CLOCK, new SecureRandom(), Log.silent());
        for (String domain : List.of("here.test", "second.here.test")) {
            for (HeldKey key : holder.keys(domain)) {
                dns.putText(key.place(), key.record());
                holder.seen(key.key(), true);
            }
        }
        Files.writeString(folder.resolve("me"), "mx.here.test\n");
        signatures = new Signatures(
                new Control(folder, CLOCK),
                holder,
                client(),
                CLOCK,
                new Log(new PrintStream(log, true, UTF_8), Log.Stamp.NONE, CLOCK));
    }

    @AfterEach
    void end() throws IOException {
        dns.close();
    }

    private DnsClient client() {
        return DnsClient.forgetful(Map.of("QRATE_DNS", dns.hostAndPort()));
    }

    private static String found(String more) {
        return "Authentication-Results: mx.here.test;\n\tspf=pass smtp.mailfrom=bob@far.test" + more + "\n";
    }

    private String sentOn(Client client, String by, String message) throws IOException {
        Envelope envelope = new Envelope("bob@far.test", "", client, List.of(Recipient.of("you@there.test")));
        Envelope marked = by.isEmpty() ? envelope : envelope.sentOnBy(by);
        try (InputStream in = signatures
                .signed(++id, marked, Body.of(message.getBytes(UTF_8)))
                .open()) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private Chain chain(String message) throws IOException {
        Questions questions = Questions.of(client(), new Questions.Limits(20, 20, Duration.ofSeconds(20)), CLOCK);
        Content content = Content.of(
                Body.of(message.getBytes(UTF_8)), Content.Form.RECEIVED, Limits.USUAL, List.of(ArcVerifier::wanted));
        return ArcVerifier.verify(content, Inquiry.of(questions, Limits.USUAL, CLOCK));
    }

    @Test
    void theNextHostIsToldWhatTheGateFoundInTheNameOfTheDomainThatSendsOn() throws IOException {
        String message =
                sentOn(STRANGER, "here.test", "Delivered-To: sales@here.test\n" + found("") + RECEIVED + PLAIN);
        Chain.Pass pass = assertInstanceOf(Chain.Pass.class, chain(message), message);
        assertEquals(1, pass.links().size());
        assertEquals("here.test", pass.links().getFirst().domain());
        assertEquals(
                "mx.here.test; spf=pass smtp.mailfrom=bob@far.test",
                pass.links().getFirst().results());
        assertTrue(message.startsWith("ARC-Seal: i=1; a=rsa-sha256; cv=none; d=here.test;"), message);
        assertInstanceOf(Chain.Fail.class, chain(message.replace("world", "word")));
    }

    @Test
    void aChainThatTheGateHasCheckedGrows() throws IOException {
        String once = sentOn(STRANGER, "here.test", found("") + RECEIVED + PLAIN);
        String listed = (found(";\n\tarc=pass") + RECEIVED + once).replace("Subject: ", "Subject: [list] ");
        String twice = sentOn(STRANGER, "second.here.test", listed);
        Chain.Pass pass = assertInstanceOf(Chain.Pass.class, chain(twice), twice);
        assertEquals(
                List.of("here.test", "second.here.test"),
                pass.links().stream().map(Chain.Link::domain).toList());
        String unchecked = sentOn(STRANGER, "second.here.test", found("") + RECEIVED + once);
        assertFalse(unchecked.contains("ARC-Seal: i=2"), unchecked);
        assertTrue(log.toString(UTF_8).contains("goes on unsealed: nobody has checked the sets"));
    }

    @Test
    void nothingIsSealedThatNobodyHasChecked() throws IOException {
        String forged = RECEIVED + found("") + PLAIN;
        assertEquals(forged, sentOn(STRANGER, "here.test", forged));
        assertEquals(RECEIVED + PLAIN, sentOn(STRANGER, "here.test", RECEIVED + PLAIN));
        String checked = found("") + RECEIVED + PLAIN;
        assertEquals(checked, sentOn(USER, "here.test", checked), "the gate does not look at ours");
    }

    @Test
    void whatIsNotSentOnAndWhatHasNoKeyIsLeftAlone() throws IOException {
        String checked = found("") + RECEIVED + PLAIN;
        assertEquals(checked, sentOn(STRANGER, "", checked));
        assertEquals(checked, sentOn(STRANGER, "else.test", checked));
    }

    @Test
    void whoDoesNotSignDoesNotSeal() throws IOException {
        Files.writeString(folder.resolve("dkimsign"), "no\n");
        String checked = found("") + RECEIVED + PLAIN;
        assertEquals(checked, sentOn(STRANGER, "here.test", checked));
    }

    @Test
    void aListsSignatureStandsBelowItsSealWhichCoversIt() throws IOException {
        Envelope envelope = new Envelope(
                        "team-return-7-you=there.test@here.test", "", STRANGER, List.of(Recipient.of("you@there.test")))
                .sentOnBy("here.test");
        Body post = Body.of((found("") + PLAIN).getBytes(UTF_8));
        try (InputStream in = signatures.signed(++id, envelope, post).open()) {
            String message = new String(in.readAllBytes(), UTF_8);
            assertTrue(message.startsWith("ARC-Seal:") && message.indexOf("DKIM-Signature:") > 0, message);
            assertInstanceOf(Chain.Pass.class, chain(message));
            assertInstanceOf(
                    Chain.Fail.class, chain(message.replaceFirst("DKIM-Signature: v=1;", "DKIM-Signature: v=1; x=1;")));
        }
    }
}
