package qrate.qmqp;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import qrate.core.Client;
import qrate.core.Control;
import qrate.core.Intake;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Spool;
import qrate.posix.DescriptorConnection;
import qrate.posix.Posix;

/// `qmail-qmqpd`: QMQP on descriptors 0 and 1, behind tcpserver or any other superserver.
///
/// It takes mail for everywhere from whoever reaches it, so tcpserver's rules must let in only who may do that.
public final class QmailQmqpd implements Program {
    private static final int MISUSE = 100;
    private static final int LATER = 111;

    private final Intake intake;
    private final Control control;
    private final InstantSource clock;
    private final Path spool;

    /// @param control for `me` in the Received line
    /// @param spool folder for large messages in transit
    public QmailQmqpd(Intake intake, Control control, InstantSource clock, Path spool) {
        this.intake = intake;
        this.control = control;
        this.clock = clock;
        this.spool = spool;
    }

    /// @return 0 when the client is done, 111 when the connection broke, 100 for a wrong call
    @Override
    public int run(List<String> arguments, Stdio stdio) throws IOException {
        if (!arguments.isEmpty()) {
            stdio.err().println("qmail-qmqpd: fatal: no arguments are taken");
            return MISUSE;
        }
        String me = control.lineOrMe("me");
        // whoever gets this far may send to anybody: qmail-qmqpd(8) leaves it to tcpserver whom it lets in
        Client client = Client.of(stdio.environment(), "QMQP", "qmqp").relaying();
        Intake door = (envelope, body) -> intake.accept(
                envelope.from(client), body.prefixed(TraceLine.of(stdio.environment(), "QMQP", me, clock.instant())));
        Log log = DescriptorConnection.log(stdio);
        try {
            new QmqpServer(_ -> door, new Spool(spool), log)
                    .serve(new DescriptorConnection(stdio, new Posix(), Optional::empty));
            return 0;
        } catch (IOException e) {
            log.line("qmail-qmqpd: fatal: connection lost: " + e.getMessage());
            return LATER;
        }
    }
}
