package qrate.reports;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Body;
import qrate.core.Envelope;
import qrate.core.Log;
import qrate.core.Recipient;
import qrate.core.State;
import qrate.core.Verdict;
import qrate.dmarc.reports.ReportParcel;
import qrate.dmarc.reports.ReportRounds;
import qrate.dmarc.reports.ReportXml;

class ReportPostTest {
    private static final byte[] PACKED =
            ReportXml.packed(Reported.report("Ours", "1.0.example.com@ours.test", "example.com", "2026-11-29"));

    private record Queued(Envelope envelope, String message) {}

    @TempDir
    Path root;

    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final List<Queued> queued = new ArrayList<>();
    private Verdict verdict = new Verdict.Delivered("ok");
    private Instant now = Instant.parse("2026-11-30T03:00:00Z");
    private Path reports;
    private ReportPost post;

    @BeforeEach
    void set() throws IOException {
        State state = new State(root);
        reports = Files.createDirectories(state.gate().resolve(ReportRounds.FOLDER));
        Files.createDirectories(state.control());
        Files.writeString(state.control().resolve("me"), "mx.ours.test\n");
        Files.writeString(state.control().resolve("dmarcreports"), "dmarc@ours.test\n");
        Log log = new Log(new PrintStream(logged, true, ISO_8859_1), Log.Stamp.NONE, InstantSource.system());
        post = new ReportPost(state, this::accept, () -> now, log);
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

    private Path left(String name) throws IOException {
        ReportParcel parcel = new ReportParcel(
                "example.com",
                "1.0.example.com@ours.test",
                "ours.test!example.com!1!2!0.xml.gz",
                List.of("a@example.com", "b@example.net"),
                PACKED);
        return Files.write(reports.resolve(name), parcel.bytes());
    }

    private String logged() {
        return logged.toString(ISO_8859_1);
    }

    @Test
    void aReportGoesToTheQueueOnce() throws IOException {
        Path file = left("1");
        post.look();
        post.look();
        assertEquals(1, queued.size(), logged());
        assertFalse(Files.exists(file));
        Queued one = queued.getFirst();
        assertEquals("dmarc@ours.test", one.envelope.sender());
        assertEquals(
                List.of("a@example.com", "b@example.net"),
                one.envelope.recipients().stream().map(Recipient::address).toList());
        assertTrue(one.envelope.client().ours(), "so that it is signed");
        assertTrue(one.message.contains("From: DMARC reports <dmarc@ours.test>\n"), one.message);
        assertTrue(
                one.message.contains(
                        "Subject: Report Domain: example.com\n\tSubmitter: ours.test\n\tReport-ID: <1.0.example"
                                + ".com@ours.test>\n"),
                one.message);
        assertTrue(one.message.contains("filename=\"ours.test!example.com!1!2!0.xml.gz\""), one.message);
        assertArrayEquals(
                PACKED,
                MailParts.of(one.message.getBytes(ISO_8859_1)).getFirst().content());
        assertTrue(one.message.lines().allMatch(line -> line.length() < 998), one.message);
    }

    @Test
    void withoutTheControlFileNothingLeaves() throws IOException {
        Path file = left("1");
        Files.delete(root.resolve("control/dmarcreports"));
        post.look();
        assertTrue(queued.isEmpty());
        assertTrue(Files.exists(file), "it may be wanted again");
    }

    @Test
    void whatTheQueueCannotTakeNowStays() throws IOException {
        Path file = left("1");
        verdict = new Verdict.Later("full");
        post.look();
        post.look();
        assertTrue(Files.exists(file));
        assertEquals(1, logged().lines().count(), "and is said once: " + logged());
        verdict = new Verdict.Delivered("ok");
        post.look();
        assertEquals(1, queued.size());
    }

    @Test
    void whatTheQueueNeverTakesGoes() throws IOException {
        Path file = left("1");
        verdict = new Verdict.Never("no");
        post.look();
        assertFalse(Files.exists(file));
        assertTrue(logged().contains("about example.com is dropped: no"), logged());
    }

    @Test
    void noLinkOfTheGateIsFollowed() throws IOException {
        Path secret = Files.writeString(root.resolve("secret"), "dmarc-report 1\nhash");
        Files.createSymbolicLink(reports.resolve("link"), secret);
        Files.createDirectory(reports.resolve("folder"));
        post.look();
        assertTrue(queued.isEmpty());
        assertTrue(Files.exists(secret), "what a link leads to is not deleted either");
        assertFalse(Files.isSymbolicLink(reports.resolve("link")));
        assertTrue(logged().contains("link is none"), logged());

        Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
        Path kept = Files.writeString(elsewhere.resolve("kept"), "x");
        try (var files = Files.list(reports)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(reports);
        Files.createSymbolicLink(reports, elsewhere);
        post.look();
        assertTrue(Files.exists(kept));
        assertTrue(queued.isEmpty());
    }

    @Test
    void whatIsNoReportGoesAndOthersComeThrough() throws IOException {
        Files.writeString(reports.resolve("0"), "To: everybody@example.com\n\nbuy\n");
        Files.write(reports.resolve("1"), new byte[ReportParcel.BYTES_MAX + 10]);
        Path unfinished = Files.writeString(reports.resolve("2.new"), "dmarc-rep");
        left("3");
        post.look();
        assertEquals(1, queued.size(), logged());
        assertTrue(Files.exists(unfinished), "the gate is still writing it");
        try (var files = Files.list(reports)) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void aDayHasItsLimitWhateverTheGateWants() throws IOException {
        for (int i = 0; i < ReportRounds.A_DAY_MAX + 10; i++) {
            left("r" + i);
        }
        for (int i = 0; i <= ReportRounds.A_DAY_MAX / ReportPost.A_LOOK_MAX; i++) {
            post.look();
        }
        assertEquals(ReportRounds.A_DAY_MAX, queued.size());
        assertTrue(logged().contains("wait for tomorrow"), logged());
        now = now.plus(Duration.ofDays(1));
        post.look();
        assertEquals(ReportRounds.A_DAY_MAX + 10, queued.size());
    }
}
