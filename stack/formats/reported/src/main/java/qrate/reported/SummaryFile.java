package qrate.reported;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.NavigableSet;
import java.util.TreeSet;
import qrate.core.DurableFile;
import qrate.core.State;
import qrate.reported.ReportHead.Kind;

/// The file with a domain's summary: a word and its fields in each line, tabs between them. A reader passes over words
/// that it does not know, and over fields behind those that it does.
public final class SummaryFile {
    /// The folder, below the maildirs.
    public static final String FOLDER = ".reports";

    /// Largest file that is read.
    static final int BYTES_MAX = 8 << 20;

    private static final String DOMAINS = "domains";
    private static final String POLICY = "policy";
    private static final String MESSAGES = "messages";
    private static final String SESSIONS = "sessions";
    private static final String FAILURE = "failure";
    private static final String COMPLAINT = "complaint";
    private static final String COMPLAINTS = "complaints";
    private static final String ACROSS = ",";

    private SummaryFile() {}

    /// The folder with all of them.
    public static Path folder(State state) {
        return state.maildirs().resolve(FOLDER).resolve(DOMAINS);
    }

    /// Adds what the file of a domain says to a summary: nothing where there is none.
    ///
    /// @param domain in ASCII, lower case
    /// @throws IOException when it cannot be read, or is larger than any that is written
    public static void read(State state, String domain, ReportSummary into) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(folder(state).resolve(domain), LinkOption.NOFOLLOW_LINKS)) {
            bytes = in.readNBytes(BYTES_MAX + 1);
        } catch (NoSuchFileException _) {
            return;
        }
        if (bytes.length > BYTES_MAX) {
            throw new IOException("the file of reports about " + domain + " has more than " + BYTES_MAX + " bytes");
        }
        String text = new String(bytes, UTF_8);
        int from = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
            try {
                line(text.substring(from, end).split("\t", -1), into);
            } catch (DateTimeException | IllegalArgumentException | ArrayIndexOutOfBoundsException _) {
                // none of ours
            }
            from = end + 1;
        }
    }

    private static void line(String[] f, ReportSummary into) {
        switch (f[0]) {
            case "DMARC", "TLS" ->
                into.begin(new ReportHead(
                        Kind.valueOf(f[0]),
                        f[4],
                        f[5],
                        f[6],
                        f[3],
                        Instant.parse(f[1]),
                        Instant.parse(f[2]),
                        SenderProof.of(f.length > 7 ? f[7] : ""))); // 0.1.0 and before wrote none
            case POLICY -> into.policy(f[1]);
            case MESSAGES ->
                into.messages(
                        LocalDate.parse(f[1]),
                        f[2],
                        new MessageTally(
                                number(f[3]),
                                number(f[4]),
                                number(f[5]),
                                number(f[6]),
                                number(f[7]),
                                number(f[8]),
                                number(f[9]),
                                names(f[10]),
                                names(f[11])));
            case SESSIONS -> into.sessions(LocalDate.parse(f[1]), f[2], new SessionTally(number(f[3]), number(f[4])));
            case FAILURE ->
                into.failures(LocalDate.parse(f[1]), new ReportSummary.TlsFailure(f[2], f[3]), number(f[4]));
            case COMPLAINT ->
                into.list(new Complaint(
                        Instant.parse(f[1]),
                        f[2],
                        new Complaint.Reporter(f[3], f[4]),
                        f[5],
                        f[6],
                        SenderProof.of(f[7])));
            case COMPLAINTS ->
                into.complaints(LocalDate.parse(f[1]), new ReportSummary.Complainer(f[2], f[3]), number(f[4]));
            default -> {
                // of a later release
            }
        }
    }

    private static long number(String text) {
        long number = Long.parseLong(text);
        if (number < 0) {
            throw new IllegalArgumentException("no count: " + text);
        }
        return number;
    }

    private static NavigableSet<String> names(String text) {
        return new TreeSet<>(Arrays.asList(text.split(ACROSS, -1)));
    }

    /// Writes the file of a domain; durable on return.
    ///
    /// @param domain in ASCII, lower case
    public static void write(State state, String domain, ReportSummary summary) throws IOException {
        StringBuilder text = new StringBuilder();
        summary.reports().forEach(head -> line(text, head));
        summary.doubtful().forEach(head -> line(text, head));
        if (!summary.policy().isEmpty()) {
            line(text, POLICY, summary.policy());
        }
        summary.messages()
                .forEach((day, of) -> of.forEach((source, t) -> line(
                        text,
                        MESSAGES,
                        day,
                        source,
                        t.messages(),
                        t.passed(),
                        t.spf(),
                        t.dkim(),
                        t.quarantined(),
                        t.rejected(),
                        t.forwarded(),
                        String.join(ACROSS, t.authors()),
                        String.join(ACROSS, t.vouchers()))));
        summary.sessions()
                .forEach((day, of) -> of.forEach((type, t) -> line(text, SESSIONS, day, type, t.good(), t.failed())));
        summary.failures()
                .forEach((day, of) ->
                        of.forEach((kind, count) -> line(text, FAILURE, day, kind.result(), kind.host(), count)));
        summary.newestComplaints()
                .reversed()
                .forEach(one -> line(
                        text,
                        COMPLAINT,
                        one.at(),
                        one.domain(),
                        one.from().name(),
                        one.from().id(),
                        one.type(),
                        one.source(),
                        one.proof().word()));
        summary.complaints()
                .forEach((day, of) ->
                        of.forEach((who, count) -> line(text, COMPLAINTS, day, who.domain(), who.reporter(), count)));
        DurableFile.write(folder(state).resolve(domain), text.toString().getBytes(UTF_8));
    }

    private static void line(StringBuilder text, ReportHead head) {
        line(
                text,
                head.kind(),
                head.begin(),
                head.end(),
                head.about(),
                head.organization(),
                head.id(),
                head.email(),
                head.proof().word());
    }

    private static void line(StringBuilder text, Object... fields) {
        for (int i = 0; i < fields.length; i++) {
            text.append(i == 0 ? "" : "\t").append(fields[i]);
        }
        text.append('\n');
    }
}
