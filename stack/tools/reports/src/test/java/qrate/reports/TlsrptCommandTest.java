package qrate.reports;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Program;

class TlsrptCommandTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    @TempDir
    Path root;

    private Path maildir;
    private int letters;
    private String said = "";

    @BeforeEach
    void set() throws IOException {
        maildir = root.resolve("maildirs/domains/example.test/postmaster/Maildir");
        Files.createDirectories(maildir.resolve("new"));
        Files.createDirectories(root.resolve("control"));
    }

    private void came(String type, byte[] attachment) throws IOException {
        Path file = Files.writeString(
                maildir.resolve("new/" + ++letters + ".M1.host"), Reported.mailed(type, attachment), ISO_8859_1);
        Files.setLastModifiedTime(file, FileTime.from(NOW));
    }

    private int tlsrpt(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, UTF_8);
        int code = new TlsrptCommand(() -> NOW, (_, _) -> new DmarcCommandTest.Boxes())
                .run(
                        List.of(arguments),
                        new Program.Stdio(
                                Map.of("QRATE_STATE", root.toString()), InputStream.nullInputStream(), print, print));
        said = out.toString(UTF_8);
        return code;
    }

    @Test
    void showsWhatTlsMailToADomainHasAndWhatFails() throws IOException {
        byte[] report = TlsReportReaderTest.REPORT.getBytes(UTF_8);
        came("application/tlsrpt+gzip", TlsReportReaderTest.packed(report));
        came("application/tlsrpt+json", report); // the same once more
        came("application/gzip", TlsReportReaderTest.packed("<feedback/>".getBytes(UTF_8)));
        came("application/tlsrpt+json", "{}".getBytes(UTF_8));
        assertEquals(0, tlsrpt("example.test"), said);
        assertEquals("""
                2 of 4 messages in postmaster@example.test hold something that is no report.
                example.test: 1 report by Company-X
                5326 sessions went well, 303 failed

                policy that they found: well, failed
                  sts: 5326, 303
                day: well, failed
                  2026-11-28: 5326, 303
                what failed: sessions
                  starttls-not-supported: 203
                  certificate-expired at mx1.example.test: 100
                """, said);
        assertEquals(0, tlsrpt("example.test", "--json"), said);
        assertTrue(said.contains("\"total\":{"), said);
        assertTrue(
                said.contains("\"failures\":[{\"result\":\"starttls-not-supported\",\"host\":\"\",\"sessions\":203,"),
                said);
    }

    @Test
    void saysThatThereIsNoneAndWhichMailboxItLookedInto() throws IOException {
        Files.writeString(root.resolve("control/tlsmailbox"), "reports@example.test\n");
        assertEquals(0, tlsrpt("example.test"), said);
        assertEquals(
                "No report about the TLS of mail to example.test among 0 messages in reports@example.test.\n", said);
        assertEquals(100, tlsrpt("example.test", "--mailbox", "fwd@example.test"));
        assertEquals(
                "tlsrpt: fwd@example.test is no mailbox here: --mailbox or control/tlsmailbox names the one to which"
                        + " reports come\n",
                said);
    }
}
