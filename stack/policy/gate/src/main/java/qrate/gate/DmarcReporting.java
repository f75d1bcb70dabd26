package qrate.gate;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import qrate.core.Control;
import qrate.core.Log;
import qrate.core.RealDisk;
import qrate.core.Repeating;
import qrate.core.SaidOnce;
import qrate.core.Version;
import qrate.dmarc.Dmarc;
import qrate.dmarc.DomainNames;
import qrate.dmarc.reports.Destinations;
import qrate.dmarc.reports.ReportBook;
import qrate.dmarc.reports.ReportRounds;
import qrate.dns.Dns;

/// Counts messages for the domains that want reports, and makes the reports once a day, as long as
/// `control/dmarcreports` says whom they are from. Whatever fails is logged, and never stops mail.
final class DmarcReporting implements AutoCloseable {
    /// How often it is looked whether anything is due.
    static final Duration LOOK_EVERY = Duration.ofSeconds(10);

    private final Control control;
    private final ReportBook book;
    private final ReportRounds rounds;
    private final Repeating looks = new Repeating("dmarc-reports", LOOK_EVERY, this::look);
    private final SaidOnce trouble;

    private DmarcReporting(Control control, ReportBook book, ReportRounds rounds, Log log) {
        this.control = control;
        this.book = book;
        this.rounds = rounds;
        this.trouble = new SaidOnce(log::line);
    }

    /// Looks from now on.
    ///
    /// @param own the gate's folder
    static DmarcReporting start(Control control, Path own, Dns dns, InstantSource clock, Log log) {
        RealDisk disk = new RealDisk(own);
        ReportBook book = new ReportBook(log, disk, clock);
        Destinations destinations = new Destinations(new Dmarc(dns, clock, _ -> Optional.empty()), dns, clock);
        DmarcReporting reporting =
                new DmarcReporting(control, book, new ReportRounds(book, disk, destinations, clock, log), log);
        reporting.looks.start();
        return reporting;
    }

    /// Counts a message, if anybody wants that.
    void count(InetAddress client, Judgement judgement) {
        try {
            if (judgement.told().isPresent() && sender().isPresent()) {
                book.add(
                        judgement.told().get().outcome(), judgement.told().get().evidence(), client);
            }
        } catch (IOException _) {
            // the next look says so
        }
    }

    /// Who reports are from; nothing where none are wanted.
    private Optional<ReportBook.Sender> sender() throws IOException {
        Optional<String> address = control.line("dmarcreports");
        if (address.isEmpty()) {
            return Optional.empty();
        }
        int at = address.get().lastIndexOf('@');
        String domain = DomainNames.of(address.get().substring(at + 1))
                .filter(_ -> at > 0)
                .orElseThrow(() -> new IOException("control/dmarcreports: no address: " + address.get()));
        return Optional.of(
                new ReportBook.Sender(control.lineOrMe("me"), address.get(), domain, "Qrate " + Version.text()));
    }

    private void look() {
        try {
            book.flushIfDue();
            Optional<ReportBook.Sender> sender = sender();
            if (sender.isPresent()) {
                rounds.look(sender.get());
            }
            trouble.well();
        } catch (IOException | RuntimeException e) {
            trouble.say("gate: warning: reports of DMARC: ", e);
        }
    }

    @Override
    public void close() {
        looks.close();
        book.close();
    }
}
