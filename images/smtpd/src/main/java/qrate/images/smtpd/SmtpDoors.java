package qrate.images.smtpd;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import qrate.address.Addresses;
import qrate.checkpassword.CountedChecker;
import qrate.checkpassword.PasswordChecker;
import qrate.core.Budget;
import qrate.core.Control;
import qrate.core.ControlFile;
import qrate.core.Daemon;
import qrate.core.Figures;
import qrate.core.Health;
import qrate.core.Intake;
import qrate.core.Log;
import qrate.core.Reasons;
import qrate.core.RefusedCounts;
import qrate.core.Repeating;
import qrate.core.Spool;
import qrate.core.State;
import qrate.posix.Posix;
import qrate.qmqp.QmtpServer;
import qrate.smtpd.Filters;
import qrate.smtpd.Kind;
import qrate.smtpd.Smtpd;
import qrate.snapshots.SnapshotDirectory;
import qrate.tcpserver.Certificates;
import qrate.tcpserver.Doors;
import qrate.tcpserver.Gateways;
import qrate.tcpserver.Listener;
import qrate.tcpserver.RefusalReplies;
import qrate.tcpserver.RulesFile;

/// The three doors mail comes in by, and a fourth for QMTP where it is asked for.
///
/// @param smtp port 25's listener
/// @param submission port 587's
/// @param submissions port 465's
/// @param qmtp QMTP's, if `QRATE_QMTP_PORT` asks for one (209 is usual)
public record SmtpDoors(Listener smtp, Listener submission, Listener submissions, Optional<Listener> qmtp) {
    private static final Duration LEFT_EVERY = Duration.ofSeconds(30);
    private static final int PER_ADDRESS_MAX = 50;
    private static final RefusalReplies WORDS = new RefusalReplies(
            "421 4.7.0 too many connections from your address\r\n", "421 4.3.2 going down, come back in a moment\r\n");

    /// Where what comes in goes, what is asked further in, and what may be held of the heap meanwhile.
    ///
    /// @param queue takes messages
    /// @param checker says whether a login is right
    /// @param bytes for the clients of all these doors together: half for port 25, a quarter for users, a
    ///     quarter for QMTP
    public record Inside(Intake queue, PasswordChecker checker, long bytes) {}

    /// Opens the doors as `QRATE_BIND`, `QRATE_SMTP_PORT`, `QRATE_SUBMISSION_PORT` and `QRATE_SMTPS_PORT` say; by
    /// default
    /// 25, 587 and 465 on every address.
    public static SmtpDoors open(Daemon daemon, State state, Map<String, String> environment, Inside inside, Log log)
            throws IOException {
        InstantSource clock = InstantSource.system();
        Control control = new Control(state.control(), clock);
        SnapshotDirectory directory = new SnapshotDirectory(state, clock);
        Posix posix = new Posix();
        Smtpd.Queues programs = Smtpd.Queues.programs(posix, environment);
        Spool spool =
                Spool.swept(Path.of(environment.getOrDefault("QRATE_SPOOL", System.getProperty("java.io.tmpdir"))));
        Addresses addresses = Addresses.published(state, control, directory, clock);
        CountedChecker checker = new CountedChecker(inside.checker, PasswordChecker.Asker.SMTP);
        Filters filters = new Filters(control, environment, spool, log);
        RefusedCounts refused = refused(daemon, state, environment, clock, log);
        Smtpd.Parts smtpd =
                new Smtpd.Parts(control, addresses, checker, inside.queue, log, clock, spool, filters, refused);
        RulesFile rules = RulesFile.of(state.control().resolve("tcp.smtp.cdb"), Gateways::ofThisMachine, clock);
        Certificates certificates = Certificates.in(state.tls(), clock, log);
        daemon.health().watch("tls", certificates::problem);
        daemon.health().watch("milters", filters::problem);
        daemon.health().watch("disk", Health.room(spool.folder()));
        Listener.Parts parts = new Listener.Parts(control, rules, certificates, log, new Budget(inside.bytes / 2));
        Listener.Parts users = parts.withBudget(new Budget(inside.bytes / 4));
        int connections = (int) control.number(ControlFile.CONCURRENCYINCOMING);
        Listener.Settings smtp = Listener.Settings.of(environment, "QRATE_SMTP_PORT", 25)
                .withLimits(connections, PER_ADDRESS_MAX)
                .withWords(WORDS);
        Listener.Settings submission = Listener.Settings.of(environment, "QRATE_SUBMISSION_PORT", 587)
                .withLimits(connections, PER_ADDRESS_MAX)
                .withWords(WORDS);
        Listener.Settings submissions = Listener.Settings.of(environment, "QRATE_SMTPS_PORT", 465)
                .withLimits(connections, PER_ADDRESS_MAX)
                .withImplicitTls()
                .withWords(WORDS.insideTls());
        Doors open = daemon.add(Doors.of(environment));
        daemon.figures().add(open::samples);
        daemon.figures().add(checker::samples);
        daemon.figures().add(Figures.disk("spool", spool.folder()));
        Optional<Listener> qmtp = Optional.empty();
        if (!environment.getOrDefault("QRATE_QMTP_PORT", "").isEmpty()) {
            Listener.Settings settings =
                    Listener.Settings.of(environment, "QRATE_QMTP_PORT", 209).withLimits(connections, PER_ADDRESS_MAX);
            qmtp = Optional.of(open.add(
                    "qmtp",
                    Listener.start(
                            settings,
                            parts.withBudget(new Budget(inside.bytes / 4)),
                            new QmtpServer(smtpd.qmtp(programs)))));
        }
        SmtpDoors doors = new SmtpDoors(
                open.add("smtp", Listener.start(smtp, parts, new Smtpd(smtpd, Kind.MX, programs))),
                open.add("submission", Listener.start(submission, users, new Smtpd(smtpd, Kind.SUBMISSION, programs))),
                open.add("smtps", Listener.start(submissions, users, new Smtpd(smtpd, Kind.SUBMISSIONS, programs))),
                qmtp);
        if (!certificates.available()) {
            log.line("smtpd: warning: no certificate in tls: 465 and STARTTLS do not work until there is one");
        }
        return doors;
    }

    /// Counts what is refused, and leaves it where admin finds it.
    private static RefusedCounts refused(
            Daemon daemon, State state, Map<String, String> environment, InstantSource clock, Log log) {
        String figures = environment.getOrDefault("QRATE_FIGURES", "");
        Path file = figures.isEmpty()
                ? state.run().resolve(RefusedCounts.FILE)
                : Path.of(figures).resolveSibling(RefusedCounts.FILE);
        RefusedCounts counts = RefusedCounts.of(file, clock);
        AutoCloseable last = () -> leave(counts, file, log);
        daemon.add(last);
        Repeating turns = daemon.add(new Repeating("refused", LEFT_EVERY, () -> leave(counts, file, log)));
        turns.start();
        return counts;
    }

    private static void leave(RefusedCounts counts, Path file, Log log) {
        try {
            counts.write(file);
        } catch (IOException e) {
            log.line("smtpd: warning: what is refused is counted and not shown: " + Reasons.of(e));
        }
    }
}
