package qrate.images.queue;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import qrate.address.Addresses;
import qrate.checkpassword.PasswordChecker;
import qrate.core.Control;
import qrate.core.Intake;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Spool;
import qrate.core.State;
import qrate.explain.Explain;
import qrate.inject.Datemail;
import qrate.inject.Mailsubj;
import qrate.inject.QmailInject;
import qrate.inject.QmailShowctl;
import qrate.inject.Sendmail;
import qrate.ledger.LedgerCommand;
import qrate.ledger.TraceCommand;
import qrate.posix.Posix;
import qrate.posix.QueueProgram;
import qrate.qcontrol.Mailq;
import qrate.qcontrol.QmailQread;
import qrate.qcontrol.QmailQstat;
import qrate.qcontrol.QuarantineCommand;
import qrate.qcontrol.QueueCommand;
import qrate.qcontrol.SendLimitsCommand;
import qrate.qmqp.QmailQmqpd;
import qrate.queue.QmailQueue;
import qrate.remote.QmailRemote;
import qrate.remote.Surroundings;
import qrate.remote.routes.QmailTcpto;
import qrate.reports.DmarcCommand;
import qrate.reports.TlsrptCommand;
import qrate.smtpd.Filters;
import qrate.smtpd.QmailSmtpd;
import qrate.smtpd.Smtpd;
import qrate.snapshots.SnapshotDirectory;

/// The commands of this image; each is made only when it is asked for, so that one starts as fast as it can.
final class QueuePrograms {
    private QueuePrograms() {}

    static Map<String, Program> commands(Map<String, String> environment) {
        InstantSource clock = InstantSource.system();
        Control control = new Control(State.of(environment).control(), clock);
        Path tmp = Path.of(System.getProperty("java.io.tmpdir"));
        Supplier<Intake> queue = () -> queue(environment);
        Supplier<QmailInject> inject = () -> new QmailInject(control, queue.get(), clock, new SecureRandom());
        Map<String, Program> commands = new TreeMap<>();
        Program sendmail = Program.of(() -> new Sendmail(
                inject.get(),
                Program.of(() -> smtp(environment, queue.get())),
                new Sendmail.Queue(Program.of(Mailq::new), Mailq::flush),
                Program.of(() -> explain(control, environment))));
        commands.put("datemail", Program.of(() -> new Datemail(sendmail, clock, ZoneId.systemDefault())));
        commands.put("dmarc", Program.of(() -> new DmarcCommand(clock)));
        commands.put("explain", Program.of(() -> explain(control, environment)));
        commands.put("ledger", Program.of(LedgerCommand::new));
        commands.put("mailq", Program.of(Mailq::new));
        commands.put("mailsubj", Program.of(() -> new Mailsubj(inject.get())));
        commands.put("newaliases", (_, _) -> 0); // files and the directory are read as they stand
        commands.put("qmail-inject", Program.of(inject));
        commands.put("qmail-qmqpc", Program.of(() -> QmailQueue.qmqpc(control, clock, tmp)));
        commands.put("qmail-qmqpd", Program.of(() -> new QmailQmqpd(queue.get(), control, clock, tmp)));
        commands.put("qmail-qread", Program.of(QmailQread::new));
        commands.put("qmail-qstat", Program.of(QmailQstat::new));
        commands.put("qmail-queue", Program.of(() -> QmailQueue.program(clock, tmp)));
        commands.put(
                "qmail-remote",
                Program.of(() -> new QmailRemote(Surroundings.real(control, environment, Log.silent()))));
        commands.put("qmail-showctl", Program.of(() -> new QmailShowctl(control)));
        commands.put("qmail-tcpok", Program.of(() -> QmailTcpto.forget(clock)));
        commands.put("qmail-tcpto", Program.of(() -> QmailTcpto.list(clock)));
        commands.put("quarantine", Program.of(() -> new QuarantineCommand(clock)));
        commands.put("queue", Program.of(() -> new QueueCommand(clock)));
        commands.put("sendlimits", Program.of(SendLimitsCommand::new));
        commands.put("sendmail", sendmail);
        commands.put("tlsrpt", Program.of(() -> new TlsrptCommand(clock)));
        commands.put("trace", Program.of(TraceCommand::new));
        return commands;
    }

    private static Explain explain(Control control, Map<String, String> environment) {
        InstantSource clock = InstantSource.system();
        State state = State.of(environment);
        return new Explain(new Explain.Parts(
                state,
                control,
                SnapshotDirectory.orNone(state, clock),
                Surroundings.real(control, environment, Log.silent()),
                clock,
                ListsByHand.inDelivery(environment)));
    }

    /// The way to the queue: a program that QMAILQUEUE names, else the running send.
    static Intake queue(Map<String, String> environment) {
        return QueueProgram.named(new Posix(), environment).orElseGet(() -> QmailQueue.byHand(environment));
    }

    /// SMTP for a local program, on its own descriptors: what `sendmail -bs` runs.
    private static Program smtp(Map<String, String> environment, Intake queue) {
        InstantSource clock = InstantSource.system();
        State state = State.of(environment);
        Control control = new Control(state.control(), clock);
        PasswordChecker nobody =
                (_, _, _, _) -> new PasswordChecker.Answer.Refused(); // who runs it is known by being here
        return new QmailSmtpd(new Smtpd.Parts(
                control,
                Addresses.published(state, control, SnapshotDirectory.orNone(state, clock), clock),
                nobody,
                queue,
                Log.silent(),
                clock,
                Spool.temporary(),
                Filters.none())); // what users of this machine send is asked about nowhere
    }
}
