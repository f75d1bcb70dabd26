package qrate.smtpd;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import qrate.checkpassword.PasswordChecker;
import qrate.core.Connection;
import qrate.core.Control;
import qrate.core.Intake;
import qrate.core.Log;
import qrate.core.Service;
import qrate.directory.Directory;
import qrate.qmqp.QmtpServer;

/// qmail-smtpd: speaks SMTP over a connection and hands each message to the queue.
public final class Smtpd implements Service {
    /// What it works with.
    ///
    /// @param spool folder for temporary files of large messages; they are gone when their session is
    public record Parts(
            Control control,
            Directory directory,
            PasswordChecker checker,
            Intake intake,
            Log log,
            InstantSource clock,
            Path spool) {
        /// qmail-qmtpd with the same parts: who may send to whom is one thing for both protocols.
        public QmtpServer.Parts qmtp() {
            return new QmtpServer.Parts(QmtpRules.of(control, directory), intake, spool, log, clock);
        }
    }

    private final Parts parts;
    private final Kind kind;

    public Smtpd(Parts parts, Kind kind) {
        this.parts = parts;
        this.kind = kind;
    }

    @Override
    public void serve(Connection connection) throws IOException {
        new Session(parts, kind, connection).run();
    }
}
