package qrate.images.smtpd;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import qrate.address.Addresses;
import qrate.checkpassword.Checkers;
import qrate.core.Control;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Spool;
import qrate.core.State;
import qrate.posix.DescriptorConnection;
import qrate.queue.QmailQueue;
import qrate.smtpd.Filters;
import qrate.smtpd.QmailSmtpd;
import qrate.smtpd.Smtpd;
import qrate.snapshots.SnapshotDirectory;
import qrate.tcpserver.Certificates;

/// What `qmail-smtpd` works with when another program has accepted its client.
final class Descriptors {
    private Descriptors() {}

    static QmailSmtpd.Setting setting(Program.Stdio stdio) {
        Map<String, String> environment = stdio.environment();
        State state = State.of(environment);
        InstantSource clock = InstantSource.system();
        Log log = DescriptorConnection.log(stdio);
        SnapshotDirectory directory = SnapshotDirectory.orNone(state, clock);
        Control control = new Control(state.control(), clock);
        Spool spool = new Spool(Path.of(environment.getOrDefault("QRATE_SPOOL", System.getProperty("java.io.tmpdir"))));
        Smtpd.Parts parts = new Smtpd.Parts(
                control,
                Addresses.published(state, control, directory, clock),
                Checkers.byHand(state, environment, log),
                QmailQueue.client(environment),
                log,
                clock,
                spool,
                new Filters(control, environment, spool, log));
        Certificates certificates = Certificates.in(state.tls(), clock, log);
        return new QmailSmtpd.Setting(parts, certificates::context);
    }
}
