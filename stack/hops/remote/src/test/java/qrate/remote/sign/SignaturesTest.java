package qrate.remote.sign;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Body;
import qrate.core.Client;
import qrate.core.Control;
import qrate.core.Envelope;
import qrate.core.Log;
import qrate.core.Recipient;
import qrate.dkim.Content;
import qrate.dkim.DkimResult;
import qrate.dkim.Inquiry;
import qrate.dkim.Limits;
import qrate.dkim.SigningKey;
import qrate.dkim.Verifier;
import qrate.dns.DnsClient;
import qrate.dns.Questions;
import qrate.signer.HeldKey;
import qrate.signer.KeyFolder;
import qrate.signer.KeyHolder;
import qrate.testkit.DnsServer;

class SignaturesTest {
    private static final Client USER = new Client("192.0.2.7", "", "pc", "ESMTPSA", "ann@here.test", "", "submission");
    private static final Client STRANGER = new Client("192.0.2.8", "", "far.test", "ESMTP", "", "", "smtp");
    private static final String TEXT = "To: you@there.test\nSubject: hello\n\nworld\n";

    @TempDir
    Path folder;

    private DnsServer dns;
    private DnsClient client;
    private KeyHolder holder;
    private Signatures signatures;
    private Instant now = Instant.now();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private long id;

    @BeforeEach
    void start() throws IOException {
        dns = DnsServer.start().ttl(0);
        client = DnsClient.forgetful(Map.of("QRATE_DNS", dns.hostAndPort()));
        KeyFolder.Rules rules = new KeyFolder.Rules(domain -> domain.equals("here.test"), () -> Duration.ZERO);
        InstantSource clock = () -> now;
        holder = new KeyFolder(folder.resolve("keys"), rules, clock, new SecureRandom(), Log.silent());
        signatures = with(holder);
    }

    private Signatures with(KeyHolder other) {
        InstantSource clock = () -> now;
        Control control = new Control(folder, InstantSource.system());
        return new Signatures(
                control, other, client, clock, new Log(new PrintStream(log, true, UTF_8), Log.Stamp.NONE, clock));
    }

    @AfterEach
    void end() throws IOException {
        dns.close();
    }

    private void publish() throws IOException {
        for (HeldKey key : holder.keys("here.test")) {
            dns.putText(key.place(), key.record());
        }
    }

    private void publishAndSee() throws IOException {
        publish();
        for (HeldKey key : holder.keys("here.test")) {
            holder.seen(key.key(), true);
        }
    }

    private String sent(Client by, String sender, String text) throws IOException {
        Envelope envelope = new Envelope(sender, "", by, List.of(Recipient.of("you@there.test")));
        try (InputStream in =
                signatures.signed(++id, envelope, Body.of(text.getBytes(UTF_8))).open()) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private List<String> verified(String message) throws IOException {
        Questions questions =
                Questions.of(client, new Questions.Limits(20, 20, Duration.ofSeconds(20)), InstantSource.system());
        Content content = Content.of(
                Body.of(message.getBytes(UTF_8)),
                Content.Form.RECEIVED,
                Limits.USUAL,
                List.of(header -> Verifier.wanted(header, Limits.USUAL)));
        InstantSource clock = () -> now;
        Inquiry inquiry = Inquiry.of(questions, Limits.USUAL, clock);
        return Verifier.verify(content, inquiry).stream().map(DkimResult::word).toList();
    }

    @Test
    void whatAUserSendsIsSignedTwiceAndVerifies() throws IOException {
        publishAndSee();
        String sent = sent(USER, "ann@here.test", "From: Ann <ann@here.test>\n" + TEXT);
        assertEquals(List.of("pass", "pass"), verified(sent));
        assertTrue(sent.startsWith("DKIM-Signature: v=1; a=rsa-sha256;"), sent);
        assertEquals(List.of("fail", "fail"), verified(sent.replace("Subject: hello", "Subject: hullo")));
    }

    @Test
    void nothingIsSignedBeforeTheRecordIsSeenAndThenAllIs() throws IOException {
        String plain = "From: ann@here.test\n" + TEXT;
        assertEquals(plain, sent(USER, "ann@here.test", plain));
        publish();
        now = now.plus(Watch.WAITS).plusSeconds(1);
        await().until(() -> {
            now = now.plus(Watch.WAITS).plusSeconds(1); // a question that came before the record is asked again then
            return verified(sent(USER, "ann@here.test", plain)).equals(List.of("pass", "pass"));
        });
    }

    @Test
    void whatComesAfterTheFirstLookIsSignedAtOnce() throws IOException {
        publish();
        String plain = "From: ann@here.test\n" + TEXT;
        assertEquals(plain, sent(USER, "ann@here.test", plain));
        await().until(() -> verified(sent(USER, "ann@here.test", plain)).equals(List.of("pass", "pass")));
    }

    @Test
    void aRecordThatIsGoneFromDnsIsNotedWhenItIsMissedTwice() throws IOException {
        publishAndSee();
        String plain = "From: ann@here.test\n" + TEXT;
        sent(USER, "ann@here.test", plain);
        holder.keys("here.test").forEach(key -> dns.remove(key.place()));
        await().until(() -> {
            now = now.plus(Watch.SEEN).plusSeconds(1);
            return sent(USER, "ann@here.test", plain).equals(plain);
        });
    }

    @Test
    void aDnsThatDoesNotAnswerChangesNothing() throws IOException {
        publishAndSee();
        dns.fault("*", DnsServer.Fault.SERVFAIL);
        for (int i = 0; i < 3; i++) {
            now = now.plus(Watch.SEEN).plusSeconds(1);
            assertTrue(
                    sent(USER, "ann@here.test", "From: ann@here.test\n" + TEXT).startsWith("DKIM-Signature"));
        }
    }

    @Test
    void aStrangersWordsInOurNameAreNotSignedWhenAnAliasSendsThemOn() throws IOException {
        publishAndSee();
        for (String from : List.of("boss@here.test", "boss@sub.here.test", "Boss <boss@HERE.test>")) {
            String forged = "From: " + from + "\n" + TEXT;
            assertEquals(forged, sent(STRANGER, "x@far.test", forged));
            assertEquals(forged, sent(STRANGER, "forwarder@here.test", forged));
        }
    }

    @Test
    void whatAListSendsOnIsSignedForTheList() throws IOException {
        publishAndSee();
        String post = "From: bob@far.test\nList-Id: <team.here.test>\n" + TEXT;
        assertEquals(List.of("pass", "pass"), verified(sent(STRANGER, "team-return-7-you=there.test@here.test", post)));
    }

    /// The list has put itself in From, and not a stranger who writes to it.
    @Test
    void whatAListWritesInItsOwnNameIsSignedInIt() throws IOException {
        publishAndSee();
        String post = "From: Bob via team <team@here.test>\n" + TEXT;
        String sender = "team-return-7-you=there.test@here.test";
        assertEquals(post, sent(STRANGER, sender, post));
        Envelope own = new Envelope(sender, "", STRANGER, List.of(Recipient.of("you@there.test"))).ownFrom();
        try (InputStream in =
                signatures.signed(++id, own, Body.of(post.getBytes(UTF_8))).open()) {
            assertEquals(List.of("pass", "pass"), verified(new String(in.readAllBytes(), UTF_8)));
        }
    }

    @Test
    void bouncesAreSignedByTheDomainOfTheHost() throws IOException {
        publishAndSee();
        String bounce = "From: MAILER-DAEMON@mail.here.test\n" + TEXT;
        assertEquals(List.of("pass", "pass"), verified(sent(Client.UNKNOWN, "", bounce)));
        assertEquals(bounce, sent(STRANGER, "", bounce), "a stranger's is none");
    }

    /// As `init` leaves it: the host stands in control/locals, and so the signer makes keys for it, too.
    @Test
    void aHostWhoseOwnKeysNobodyHasPublishedIsSignedForByItsDomain() throws IOException {
        InstantSource clock = () -> now;
        KeyFolder.Rules rules = new KeyFolder.Rules(domain -> domain.endsWith("here.test"), () -> Duration.ZERO);
        holder = new KeyFolder(folder.resolve("keys"), rules, clock, new SecureRandom(), Log.silent());
        signatures = with(holder);
        publishAndSee();
        String bounce = "From: MAILER-DAEMON@mail.here.test\n" + TEXT;
        String sent = sent(Client.UNKNOWN, "", bounce);
        assertEquals(List.of("pass", "pass"), verified(sent));
        assertTrue(sent.contains("d=here.test;"), sent);
        for (HeldKey key : holder.keys("mail.here.test")) {
            dns.putText(key.place(), key.record());
            holder.seen(key.key(), true);
        }
        now = now.plus(Signatures.KEYS_AGE_MAX).plusSeconds(1);
        assertTrue(sent(Client.UNKNOWN, "", bounce).contains("d=mail.here.test;"));
    }

    @Test
    void mailOfOthersIsLeftAlone() throws IOException {
        publishAndSee();
        String theirs = "From: bob@far.test\n" + TEXT;
        assertEquals(theirs, sent(USER, "bob@far.test", theirs));
        assertEquals("", sent(USER, "", ""));
        assertEquals("no header\n", sent(USER, "x", "no header\n"));
    }

    @Test
    void aMessageIsSignedOnceHoweverManyHostsItGoesTo() throws IOException {
        publishAndSee();
        int[] signed = {0};
        signatures = with(new Counting(holder, signed));
        Body message = Body.of(("From: ann@here.test\n" + TEXT).getBytes(UTF_8));
        Envelope envelope = new Envelope("ann@here.test", "", USER, List.of(Recipient.of("you@there.test")));
        long size = signatures.signed(7, envelope, message).size();
        assertEquals(size, signatures.signed(7, envelope, message).size());
        assertEquals(2, signed[0]);
        signatures.signed(8, envelope, message);
        assertEquals(4, signed[0]);
    }

    @Test
    void mailWaitsWhileTheSignerIsAwayOrGoesUnsignedAsConfigured() throws IOException {
        signatures = with(new Counting(holder, new int[0])); // each call fails
        publishAndSee();
        Body message = Body.of(("From: ann@here.test\n" + TEXT).getBytes(UTF_8));
        Envelope envelope = new Envelope("ann@here.test", "", USER, List.of(Recipient.of("you@there.test")));
        assertThrows(IOException.class, () -> signatures.signed(1, envelope, message));
        Files.writeString(folder.resolve("dkimsign"), "try\n");
        signatures = with(new Counting(holder, new int[0]));
        assertSame(message, signatures.signed(2, envelope, message));
        assertTrue(log.toString(UTF_8).contains("message 2 goes unsigned"), log.toString(UTF_8));
        Files.writeString(folder.resolve("dkimsign"), "no\n");
        signatures = with(holder);
        assertSame(message, signatures.signed(3, envelope, message));
    }

    /// A holder that counts what it signs, and is away where it has no place to count.
    private record Counting(KeyHolder holder, int[] signed) implements KeyHolder {
        @Override
        public List<HeldKey> keys(String domain) throws IOException {
            return holder.keys(domain);
        }

        @Override
        public void seen(SigningKey key, boolean there) throws IOException {
            holder.seen(key, there);
        }

        @Override
        public List<HeldKey> rotate(String domain) throws IOException {
            return holder.rotate(domain);
        }

        @Override
        public byte[] sign(SigningKey key, byte[] hash) throws IOException {
            if (signed.length == 0) {
                throw new IOException("nobody there");
            }
            signed[0]++;
            return holder.sign(key, hash);
        }
    }
}
