package qrate.qmqp;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import qrate.core.Program;
import qrate.posix.DescriptorConnection;
import qrate.posix.Posix;

/// `qmail-qmtpd`: QMTP on descriptors 0 and 1, behind tcpserver or any other superserver.
public final class QmailQmtpd implements Program {
    private static final int MISUSE = 100;
    private static final int LATER = 111;

    private final QmtpServer.Parts parts;

    public QmailQmtpd(QmtpServer.Parts parts) {
        this.parts = parts;
    }

    /// @return 0 when the client is done, 111 when the connection broke, 100 for a wrong call
    @Override
    public int run(List<String> arguments, Stdio stdio) {
        if (!arguments.isEmpty()) {
            stdio.err().println("qmail-qmtpd: fatal: no arguments are taken");
            return MISUSE;
        }
        try {
            new QmtpServer(parts).serve(new DescriptorConnection(stdio, new Posix(), Optional::empty));
            return 0;
        } catch (IOException e) {
            DescriptorConnection.log(stdio).line("qmail-qmtpd: fatal: connection lost: " + e.getMessage());
            return LATER;
        }
    }
}
