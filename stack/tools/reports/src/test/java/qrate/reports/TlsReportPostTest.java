package qrate.reports;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Body;
import qrate.core.Envelope;
import qrate.core.Log;
import qrate.core.Recipient;
import qrate.core.State;
import qrate.core.Verdict;
import qrate.dns.DnsClient;
import qrate.reported.ReportSummary.TlsFailure;
import qrate.testkit.DnsServer;

/// RFC 8460 §3, §4.4 and §5.3.
class TlsReportPostTest {
    private record Queued(Envelope envelope, String message) {}

    @TempDir
    Path root;

    private List<String> counts = List.of(
            "a.test sts success 5 - -",
            "a.test sts certificate-expired 2 mx.a.test 192.0.2.1",
            "b.test no-policy-found success 1 - -");
    private DnsServer dns;
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final List<Queued> queued = new ArrayList<>();
    private final List<String> posted = new ArrayList<>();
    private final List<LocalDate> asked = new ArrayList<>();
    private Verdict verdict = new Verdict.Delivered("ok");
    private Instant now = Instant.parse("2026-11-30T06:00:00Z");

    @BeforeEach
    void set() throws IOException {
        dns = DnsServer.start();
        State state = new State(root);
        Files.createDirectories(state.db());
        Files.createDirectories(state.control());
        Files.writeString(state.control().resolve("me"), "mx.ours.test\n");
        Files.writeString(state.control().resolve("tlsreports"), "tls@ours.test\n");
        dns.put("_smtp._tls.a.test", "TXT", "\"v=TLSRPTv1; rua=mailto:tls@a.test,https://a.test/,mailto:r@c.test\"");
    }

    @AfterEach
    void close() throws IOException {
        dns.close();
    }

    private TlsReportPost post() {
        Log log = new Log(new PrintStream(logged, true, ISO_8859_1), Log.Stamp.NONE, InstantSource.system());
        DnsClient client =
                new DnsClient(() -> List.of(new InetSocketAddress("127.0.0.1", dns.port())), DnsClient.TRY_MAX);
        TlsReportPost.Days days = day -> {
            asked.add(day);
            return counts;
        };
        return new TlsReportPost(
                new State(root), new TlsReportPost.Around(days, client, this::accept, this::posted), () -> now, log);
    }

    private void posted(URI place, byte[] packed) throws IOException {
        posted.add(place + " " + TlsReportReader.read(packed).id());
        if (place.getHost().equals("away.test")) {
            throw new IOException("it answers 500");
        }
    }

    private Verdict accept(Envelope envelope, Body body) {
        if (verdict instanceof Verdict.Delivered) {
            try (InputStream in = body.open()) {
                queued.add(new Queued(envelope, new String(in.readAllBytes(), ISO_8859_1)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return verdict;
    }

    @Test
    void whoWantsOneGetsAReportADayThatCanBeRead() throws IOException {
        TlsReportPost post = post();
        post.look();
        post.look();
        assertEquals(1, queued.size(), logged.toString(ISO_8859_1));
        Queued one = queued.getFirst();
        assertEquals("tls@ours.test", one.envelope.sender());
        assertEquals(
                List.of("tls@a.test", "r@c.test"),
                one.envelope.recipients().stream().map(Recipient::address).toList());
        assertTrue(one.envelope.client().ours(), "so that it is signed");
        assertTrue(one.message.contains("From: TLS reports <tls@ours.test>\n"), one.message);
        assertTrue(one.message.contains("\nTLS-Report-Domain: a.test\nTLS-Report-Submitter: ours.test\n"), one.message);
        assertTrue(one.message.contains("\nTLS-Required: No\n"), one.message);
        assertTrue(one.message.contains("multipart/report; report-type=\"tlsrpt\""), one.message);
        assertTrue(one.message.contains("filename=\"mx.ours.test!a.test!1795910400!1795996799.json.gz\""), one.message);
        byte[] packed =
                MailParts.of(one.message.getBytes(ISO_8859_1)).getFirst().content();
        assertTrue(TlsReportReader.mayBe(packed));
        assertEquals(
                new TlsReported(
                        "mx.ours.test",
                        "2026-11-29.a.test@mx.ours.test",
                        Instant.parse("2026-11-29T00:00:00Z"),
                        Instant.parse("2026-11-29T23:59:59Z"),
                        List.of(new TlsReported.Policy(
                                "sts",
                                "a.test",
                                5,
                                2,
                                Map.of(new TlsFailure("certificate-expired", "mx.a.test"), 2L)))),
                TlsReportReader.read(packed));
    }

    /// The example of RFC 8460 appendix B, with the numbers of ours where it leaves open what they are.
    @Test
    void aReportIsLikeTheExampleOfTheStandard() throws IOException {
        String policy = " testing_86400_*.mail.a.test";
        counts = List.of(
                "a.test sts success 5326 - - - -" + policy,
                "a.test sts certificate-expired 100 mx1.mail.a.test 203.0.113.55 2001:db8:abcd:12:0:0:0:1 -" + policy,
                "a.test sts starttls-not-supported 200 mx2.mail.a.test 203.0.113.56 2001:db8:abcd:13:0:0:0:1 -"
                        + policy,
                "a.test sts validation-failure 3 mx-backup.mail.a.test 203.0.113.58 198.51.100.62 its_path_is_too_long"
                        + policy);
        post().look();
        byte[] packed = MailParts.of(queued.getFirst().message.getBytes(ISO_8859_1))
                .getFirst()
                .content();
        assertEquals(tree("""
                {"organization-name": "mx.ours.test",
                 "date-range": {"start-datetime": "2026-11-29T00:00:00Z", "end-datetime": "2026-11-29T23:59:59Z"},
                 "contact-info": "tls@ours.test",
                 "report-id": "2026-11-29.a.test@mx.ours.test",
                 "policies": [{
                   "policy": {
                     "policy-type": "sts",
                     "policy-string": ["version: STSv1", "mode: testing", "mx: *.mail.a.test", "max_age: 86400"],
                     "policy-domain": "a.test",
                     "mx-host": ["*.mail.a.test"]},
                   "summary": {"total-successful-session-count": 5326, "total-failure-session-count": 303},
                   "failure-details": [
                     {"result-type": "certificate-expired",
                      "sending-mta-ip": "2001:db8:abcd:12:0:0:0:1",
                      "receiving-mx-hostname": "mx1.mail.a.test",
                      "receiving-ip": "203.0.113.55",
                      "failed-session-count": 100},
                     {"result-type": "starttls-not-supported",
                      "sending-mta-ip": "2001:db8:abcd:13:0:0:0:1",
                      "receiving-mx-hostname": "mx2.mail.a.test",
                      "receiving-ip": "203.0.113.56",
                      "failed-session-count": 200},
                     {"result-type": "validation-failure",
                      "sending-mta-ip": "198.51.100.62",
                      "receiving-mx-hostname": "mx-backup.mail.a.test",
                      "receiving-ip": "203.0.113.58",
                      "failed-session-count": 3,
                      "failure-reason-code": "its path is too long"}]}]}
                """), tree(unpacked(packed)));
    }

    /// Counts as the release before told them, and such of TLSA records.
    @Test
    void aReportSaysOfAPolicyWhatIsKnown() throws IOException {
        counts = List.of(
                "a.test tlsa success 1 - - - - 3_1_1_abcd,_2_0_1_ef",
                "a.test tlsa success 2 - -",
                "a.test no-policy-found success 3 - -");
        post().look();
        byte[] packed = MailParts.of(queued.getFirst().message.getBytes(ISO_8859_1))
                .getFirst()
                .content();
        String json = unpacked(packed);
        assertTrue(
                json.contains("{\"policy-type\":\"tlsa\",\"policy-string\":[\"3 1 1 abcd\",\"2 0 1 ef\"],"
                        + "\"policy-domain\":\"a.test\"}"),
                json);
        assertTrue(json.contains("{\"policy-type\":\"tlsa\",\"policy-domain\":\"a.test\"}"), json);
        assertTrue(json.contains("{\"policy-type\":\"no-policy-found\",\"policy-domain\":\"a.test\"}"), json);
    }

    private static String unpacked(byte[] packed) throws IOException {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    /// JSON as maps and lists, so that the order of members counts for nothing.
    private static Object tree(String json) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            parser.nextToken();
            return value(parser);
        }
    }

    private static Object value(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            Map<String, Object> all = new TreeMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                all.put(name, value(parser));
            }
            return all;
        }
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            List<Object> all = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                all.add(value(parser));
            }
            return all;
        }
        return parser.getText();
    }

    @Test
    void aDayIsDoneOnceAlsoOverARestart() {
        post().look();
        post().look();
        assertEquals(List.of(LocalDate.parse("2026-11-29")), asked);
        now = now.plus(Duration.ofDays(1));
        post().look();
        assertEquals(2, queued.size());
        assertEquals(LocalDate.parse("2026-11-30"), asked.getLast());
    }

    @Test
    void whoWantsNoneByMailGetsItByHttps() {
        dns.put("_smtp._tls.b.test", "TXT", "\"v=TLSRPTv1; rua=https://away.test/x,https://b.test/x\"");
        post().look();
        assertEquals(
                List.of(
                        "https://away.test/x 2026-11-29.b.test@mx.ours.test",
                        "https://b.test/x 2026-11-29.b.test@mx.ours.test"),
                posted);
        assertEquals(
                "admin: warning: reports on TLS: the one about b.test did not arrive at https://away.test/x: it answers"
                        + " 500\n",
                logged.toString(ISO_8859_1));
        assertEquals(1, queued.size());
    }

    @Test
    void goesOnWhereTheQueueTookNoMore() {
        TlsReportPost post = post();
        verdict = new Verdict.Later("no room");
        post.look();
        post.look();
        assertEquals("admin: warning: reports on TLS: no room\n", logged.toString(ISO_8859_1));
        verdict = new Verdict.Delivered("ok");
        post.look();
        post.look();
        assertEquals(1, queued.size());
        assertEquals(1, asked.size());
    }

    @Test
    void waitsWhereDnsAnswersNobody() {
        counts = List.of("a.test sts success 5 - -", "b.test sts success 1 - -", "c.test sts success 1 - -");
        for (String domain : List.of("a.test", "b.test", "c.test")) {
            dns.fault("_smtp._tls." + domain, DnsServer.Fault.SERVFAIL);
        }
        post().look();
        assertTrue(logged.toString(ISO_8859_1).contains("DNS does not answer"), logged.toString(ISO_8859_1));
        assertTrue(Files.notExists(root.resolve("db/tlsreports")));
    }

    @Test
    void waitsUntilTheDayIsSettled() {
        now = Instant.parse("2026-11-30T00:05:00Z");
        post().look();
        assertTrue(asked.isEmpty() || asked.getFirst().equals(LocalDate.parse("2026-11-28")));
    }

    @Test
    void withoutTheControlFileNothingLeaves() throws IOException {
        Files.delete(root.resolve("control/tlsreports"));
        post().look();
        assertEquals(List.of(), asked);
    }
}
