package qrate.images.smtpd;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import qrate.address.Addresses;
import qrate.checkpassword.PasswordChecker;
import qrate.core.Control;
import qrate.core.Program;
import qrate.core.Spool;
import qrate.core.State;
import qrate.posix.DescriptorConnection;
import qrate.posix.Posix;
import qrate.qmqp.QmailQmtpd;
import qrate.qmqp.QmqpClient;
import qrate.qmqp.QmqpServers;
import qrate.smtpd.Filters;
import qrate.smtpd.Smtpd;
import qrate.snapshots.SnapshotDirectory;

/// The servers of this image on descriptors 0 and 1, as a superserver starts them.
final class QmtpByHand {
    private QmtpByHand() {}

    static int qmtpd(List<String> arguments, Program.Stdio stdio) {
        Smtpd.Queues programs = Smtpd.Queues.programs(new Posix(), stdio.environment());
        try (QmqpClient queue = queue(stdio.environment())) {
            return new QmailQmtpd(parts(stdio, queue).qmtp(programs)).run(arguments, stdio);
        }
    }

    /// The way to send: `qmqpservers`, else `QRATE_SEND`.
    static QmqpClient queue(Map<String, String> environment) {
        InstantSource clock = InstantSource.system();
        Control control = new Control(State.of(environment).control(), clock);
        String send = environment.getOrDefault("QRATE_SEND", "send:628");
        return new QmqpClient(QmqpServers.in(control, send), QmqpClient.Settings.OWN, clock);
    }

    private static Smtpd.Parts parts(Program.Stdio stdio, QmqpClient queue) {
        InstantSource clock = InstantSource.system();
        State state = State.of(stdio.environment());
        Control control = new Control(state.control(), clock);
        PasswordChecker nobody = (_, _, _, _) -> new PasswordChecker.Answer.Refused(); // QMTP knows no login
        return new Smtpd.Parts(
                control,
                Addresses.published(state, control, SnapshotDirectory.orNone(state, clock), clock),
                nobody,
                queue,
                DescriptorConnection.log(stdio),
                clock,
                Spool.temporary(),
                Filters.none());
    }
}
