package qrate.reports;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.Body;
import qrate.core.Client;
import qrate.core.Control;
import qrate.core.DurableFile;
import qrate.core.Envelope;
import qrate.core.Intake;
import qrate.core.Log;
import qrate.core.Reasons;
import qrate.core.Repeating;
import qrate.core.SaidOnce;
import qrate.core.State;
import qrate.core.Verdict;
import qrate.dns.Dns;
import qrate.tlsrpt.FoundPolicy;
import qrate.tlsrpt.TlsReport;
import qrate.tlsrpt.TlsRptRecord;
import qrate.tlsrpt.TlsTally;

/// Once a day tells each domain that wants it what TLS our mail to it had (RFC 8460), as long as `control/tlsreports`
/// says whom that is from.
///
/// The day's counts are send's, from the ledger. The last day that is done stands in `db/tlsreports`; a crash before
/// that is written sends a day's reports again, with the same ids. Whatever fails is logged, and tried again.
public final class TlsReportPost implements AutoCloseable {
    /// How often it is looked whether a day is over.
    static final Duration LOOK_EVERY = Duration.ofMinutes(10);

    /// How long after midnight of UTC the reports of the day before go at the earliest.
    static final Duration SETTLE = Duration.ofMinutes(10);

    /// Over how long servers spread their reports, each by its name (RFC 8460 §4.1).
    static final Duration SPREAD = Duration.ofHours(4);

    /// Most reports of a day.
    static final int A_DAY_MAX = 1_000;

    /// Domains in a row of which DNS can tell nothing, before that is DNS's fault.
    static final int SILENT_MAX = 3;

    /// The user that a message is from in the ledger.
    static final String USER = "tlsreports";

    /// Who knows what a day was like.
    @FunctionalInterface
    public interface Days {
        /// The counts, as {@link TlsTally} reads them.
        List<String> of(LocalDate day) throws IOException;
    }

    private final Path done;
    private final Control control;
    private final Days days;
    private final Dns dns;
    private final Intake queue;
    private final WebPost web;
    private final InstantSource clock;
    private final Log log;
    private final Repeating looks = new Repeating("tls-reports", LOOK_EVERY, this::look);
    private final Deque<Map.Entry<String, Map<FoundPolicy, TlsTally.Counts>>> left = new ArrayDeque<>();
    private LocalDate at = LocalDate.EPOCH;
    private int sent;
    private int silent;
    private final SaidOnce trouble;

    /// What it needs of the other parts.
    ///
    /// @param queue takes the reports
    /// @param web takes those for who wants none by mail
    public record Around(Days days, Dns dns, Intake queue, WebPost web) {}

    TlsReportPost(State state, Around around, InstantSource clock, Log log) {
        this.done = state.db().resolve("tlsreports");
        this.control = new Control(state.control(), clock);
        this.days = around.days;
        this.dns = around.dns;
        this.queue = around.queue;
        this.web = around.web;
        this.clock = clock;
        this.log = log;
        this.trouble = new SaidOnce(log::line);
    }

    /// Looks from now on.
    public static TlsReportPost start(State state, Around around, InstantSource clock, Log log) {
        TlsReportPost post = new TlsReportPost(state, around, clock, log);
        post.looks.start();
        return post;
    }

    /// Sends what is due.
    void look() {
        try {
            Optional<String> from = control.line("tlsreports");
            if (from.isPresent()) {
                look(from.get(), control.lineOrMe("me"));
            }
            trouble.well();
        } catch (IOException | RuntimeException e) {
            trouble.say("admin: warning: reports on TLS: ", e);
        }
    }

    private void look(String from, String me) throws IOException {
        Duration later = SETTLE.plusSeconds(Math.floorMod(me.hashCode(), SPREAD.toSeconds()));
        LocalDate day = LocalDate.ofInstant(clock.instant().minus(later), ZoneOffset.UTC)
                .minusDays(1);
        if (!day.isAfter(done())) {
            return;
        }
        if (!at.equals(day)) {
            left.clear();
            left.addAll(TlsTally.of(days.of(day)).domains().entrySet());
            at = day;
            sent = 0;
        }
        while (!left.isEmpty() && sent < A_DAY_MAX) {
            send(from, me, left.peek());
            left.remove();
        }
        if (!left.isEmpty()) {
            log.line("admin: warning: reports on TLS: " + left.size() + " domains get none for " + day + ", beyond "
                    + A_DAY_MAX);
            left.clear();
        }
        DurableFile.write(done, (day + "\n").getBytes(US_ASCII));
    }

    private LocalDate done() throws IOException {
        try {
            return LocalDate.parse(Files.readString(done).strip());
        } catch (NoSuchFileException | DateTimeException _) {
            return LocalDate.EPOCH; // the first time, or nobody knows
        }
    }

    private void send(String from, String me, Map.Entry<String, Map<FoundPolicy, TlsTally.Counts>> one)
            throws IOException {
        String domain = one.getKey();
        TlsRptRecord.Wanted wanted = wanted(domain);
        if (wanted.isNowhere()) {
            return;
        }
        TlsReport report = new TlsReport(me, from, domain, at, one.getValue());
        if (wanted.mail().isEmpty()) {
            post(report, wanted.web());
        } else {
            mail(report, wanted.mail(), from);
        }
    }

    /// By HTTPS for who wants none by mail; what does not arrive is not tried again: the next day's will do.
    private void post(TlsReport report, List<URI> places) {
        for (URI place : places) {
            sent++;
            try {
                web.post(place, report.packed());
            } catch (IOException e) {
                log.line("admin: warning: reports on TLS: the one about " + Log.escape(report.domain())
                        + " did not arrive at " + Log.escape(place.toString()) + ": " + Reasons.of(e));
            }
        }
    }

    private void mail(TlsReport report, List<String> addresses, String from) throws IOException {
        Instant now = clock.instant();
        Body message = TlsReportMail.of(report, addresses, from, now);
        Envelope envelope = Envelope.of(from, addresses.toArray(String[]::new)).from(Client.uid(USER));
        switch (queue.accept(envelope, message)) {
            case Verdict.Delivered _ -> sent++;
            case Verdict.Later(String why) -> throw new IOException(why);
            case Verdict.Never(String why) ->
                log.line("admin: warning: reports on TLS: the one about " + report.domain() + " is dropped: " + why);
        }
    }

    /// Who wants a report. Where nobody can tell now, the next day's will do; but where nobody ever answers, that
    /// waits.
    private TlsRptRecord.Wanted wanted(String domain) throws IOException {
        return switch (dns.texts(TlsRptRecord.name(domain))) {
            case Dns.Answer.Found<String>(var texts) -> {
                silent = 0;
                yield TlsRptRecord.wanted(texts);
            }
            case Dns.Answer.NoData<String> _, Dns.Answer.NoSuchName<String> _ -> {
                silent = 0;
                yield TlsRptRecord.Wanted.NOWHERE;
            }
            case Dns.Answer.Failed<String>(var why) -> {
                if (++silent >= SILENT_MAX) {
                    silent = 0;
                    throw new IOException("DNS does not answer: " + why);
                }
                yield TlsRptRecord.Wanted.NOWHERE;
            }
        };
    }

    @Override
    public void close() {
        looks.close();
    }
}
