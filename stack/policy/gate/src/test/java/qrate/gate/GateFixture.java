package qrate.gate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import qrate.arc.ArcSealer;
import qrate.arc.Chain;
import qrate.core.Body;
import qrate.core.Budget;
import qrate.core.Control;
import qrate.core.Log;
import qrate.core.Spool;
import qrate.dkim.Algorithm;
import qrate.dkim.Content;
import qrate.dkim.DkimKeys;
import qrate.dkim.Limits;
import qrate.dkim.Signing;
import qrate.dkim.SigningKey;
import qrate.dns.Dns;
import qrate.dns.DnsClient;
import qrate.message.Field;
import qrate.milter.MilterAddress;
import qrate.milter.MilterCommand;
import qrate.milter.MilterOutcome;
import qrate.milter.MilterSession;
import qrate.milter.MilterSetting;
import qrate.milter.MilterVerdict;
import qrate.milter.Milters;
import qrate.testkit.DnsServer;

/// A gate behind a listener, the DNS that it asks, and an SMTP server that asks it.
final class GateFixture implements AutoCloseable {
    static final String MESSAGE = """
            From: Ann <ann@author.test>
            To: bob@here.test
            Subject: hello
            Date: Mon, 30 Nov 2026 12:00:00 +0000
            Message-ID: <1@author.test>

            Good day.
            """;
    static final MilterVerdict PASS = new MilterVerdict.Pass();

    private static final PrivateKey KEY = key();
    private static final int STRING_CHARS = 250;

    final DnsServer server = DnsServer.start();
    final Path folder;
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private final Log log = new Log(new PrintStream(lines, true, ISO_8859_1), Log.Stamp.NONE, InstantSource.system());
    private InstantSource clock = InstantSource.system();
    private Dns dns = DnsClient.forgetful(Map.of("QRATE_DNS", server.hostAndPort()));

    /// Who sends.
    String client = "192.0.2.1";

    String helo = "mail.client.test";
    String sender = "ann@author.test";
    List<String> recipients = List.of("bob@here.test");
    Map<String, String> macros = Map.of();

    GateFixture(Path folder) throws IOException {
        this.folder = folder;
        control("me", "mx.here.test");
        publish("k._domainkey.author.test", record());
        publish("k._domainkey.other.test", record());
        publish("author.test", "v=spf1 ip4:192.0.2.0/24 -all");
        publish("_dmarc.author.test", "v=DMARC1; p=reject");
    }

    private static PrivateKey key() {
        try {
            return DkimKeys.generate(Algorithm.RSA_SHA256, new SecureRandom());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String record() {
        try {
            return DkimKeys.record(KEY);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] sign(SigningKey key, byte[] hash) throws IOException {
        try {
            return key.algorithm().sign(KEY, hash);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    static SigningKey key(String domain) {
        return new SigningKey(domain, "k", Algorithm.RSA_SHA256);
    }

    static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    /// The fields of signatures by these domains.
    static String signatures(Body message, String... domains) throws IOException {
        List<SigningKey> keys = List.of(domains).stream().map(GateFixture::key).toList();
        Content content = Content.of(message, Content.Form.SENT, Limits.USUAL, List.of(Signing::wanted));
        return switch (Signing.sign(content, Signing.Terms.usual(keys), GateFixture::sign, Instant.now())) {
            case Signing.Signed.Done(var fields) -> fields;
            case Signing.Signed.Refused(var why) -> throw new IllegalStateException(why);
        };
    }

    static String signed(String message, String... domains) throws IOException {
        return signatures(Body.of(bytes(message)), domains) + message;
    }

    /// A message as it leaves a host that seals what it found.
    ///
    /// @param before what the seals that are there already are worth
    static String sealed(String message, Chain before, String domain, String... found) throws IOException {
        Content leaving =
                Content.of(Body.of(bytes(message)), Content.Form.SENT, Limits.USUAL, List.of(ArcSealer::wanted));
        ArcSealer.Findings findings = new ArcSealer.Findings("mx." + domain, List.of(found));
        return switch (ArcSealer.seal(leaving, before, findings, key(domain), GateFixture::sign, Instant.now())) {
            case ArcSealer.Sealed.Done(var fields) -> fields + message;
            case ArcSealer.Sealed.Refused(var why) -> throw new IllegalStateException(why);
        };
    }

    GateFixture control(String name, String... text) throws IOException {
        Files.createDirectories(folder.resolve("control"));
        Files.write(folder.resolve("control").resolve(name), List.of(text));
        return this;
    }

    /// Takes the place of what the name had.
    GateFixture publish(String name, String text) {
        StringBuilder strings = new StringBuilder();
        for (int i = 0; i < text.length(); i += STRING_CHARS) {
            strings.append(" \"")
                    .append(text, i, Math.min(text.length(), i + STRING_CHARS))
                    .append('"');
        }
        server.remove(name).put(name, "TXT", strings.toString().strip());
        return this;
    }

    /// DNS and time of a test's own.
    GateFixture asking(Dns other, InstantSource at) {
        dns = other;
        clock = at;
        return this;
    }

    /// One that reads the control files anew.
    Judge judge() {
        return new Judge(new Control(folder.resolve("control"), clock), dns, clock);
    }

    /// As the gate before has left it.
    Greylist greylist() {
        return Greylist.open(folder.resolve("greylist"), clock, log);
    }

    Arrival arrival() {
        return Arrival.of(java.net.InetAddress.ofLiteral(client), helo, sender, recipients);
    }

    Judgement judged(String message) throws IOException {
        return judge().judge(arrival(), Body.of(bytes(message)));
    }

    /// What SPF, DKIM, ARC and DMARC said, by their words: `spf=pass dkim=none dmarc=pass`.
    String words(String message) throws IOException {
        return words(judged(message));
    }

    static String words(Judgement judgement) {
        StringBuilder words = new StringBuilder();
        for (Field field : judgement.fields()) {
            for (String part : field.value().split("; *\t", -1)) {
                String word = part.strip().split("[ \t;]", 2)[0];
                words.append(word.contains("=") && !word.startsWith("receiver") ? word + " " : "");
            }
        }
        return words.toString().strip();
    }

    /// What the SMTP server hears, and has afterwards.
    ///
    /// @param message as it hands it on; empty when it is refused
    record Heard(MilterVerdict verdict, String message) {
        static Heard of(MilterVerdict verdict) {
            return new Heard(verdict, "");
        }

        /// `550 5.7.23`, or the verdict's name.
        String code() {
            return verdict instanceof MilterVerdict.Refuse(var code, var lines)
                    ? code + " " + lines.getFirst().split(" ", 2)[0]
                    : verdict.getClass().getSimpleName();
        }
    }

    /// Shows a message to the gate as smtpd does.
    Heard shown(String message) throws IOException {
        return shown(Body.of(bytes(message)));
    }

    Heard shown(Body message) throws IOException {
        MilterAddress free = new MilterAddress.Inet("127.0.0.1", 0, false);
        try (Gate gate = Gate.open(free, judge(), greylist(), log);
                Milters milters = new Milters(
                        List.of(MilterSetting.parse(gate.address() + " timeout=60")), new Spool(folder), log);
                MilterSession session = milters.session(Budget.ENDLESS)) {
            macros.forEach(session::define);
            session.connect(MilterCommand.Connect.of("", client, 25));
            session.helo(helo);
            return through(session, message);
        }
    }

    private Heard through(MilterSession session, Body message) throws IOException {
        MilterVerdict verdict = session.mail(sender, "");
        for (String recipient : recipients) {
            verdict = verdict.equals(PASS) ? session.rcpt(recipient, "") : verdict;
        }
        verdict = verdict.equals(PASS) ? session.data() : verdict;
        if (!verdict.equals(PASS)) {
            return Heard.of(verdict);
        }
        try (MilterOutcome outcome = session.message(message, List.of(Field.of("Received", "by mx.here.test")))) {
            if (outcome.verdict() instanceof MilterVerdict.Refuse
                    || outcome.message().size() > 1 << 20) {
                return Heard.of(outcome.verdict());
            }
            try (var in = outcome.message().open()) {
                return new Heard(outcome.verdict(), new String(in.readAllBytes(), ISO_8859_1));
            }
        }
    }

    String logged() {
        return lines.toString(ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
