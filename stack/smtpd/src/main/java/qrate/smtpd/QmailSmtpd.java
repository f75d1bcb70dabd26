package qrate.smtpd;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import qrate.core.Connection;
import qrate.core.Program;

/// qmail-smtpd(8) by hand, or under any tcpserver: SMTP on descriptors 0 and 1, TCP environment from the process.
///
/// There is no TLS on descriptors, so there is no AUTH either: `checkprogram` arguments are refused.
public final class QmailSmtpd implements Program {
    private final Smtpd.Parts parts;

    public QmailSmtpd(Smtpd.Parts parts) {
        this.parts = parts;
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) {
        if (!arguments.isEmpty()) {
            stdio.err().println("qmail-smtpd: fatal: AUTH needs TLS, which descriptors do not have: no arguments");
            return 100;
        }
        try {
            new Smtpd(parts, Kind.MX)
                    .serve(new Descriptors(
                            new BufferedInputStream(stdio.in()),
                            new BufferedOutputStream(stdio.out()),
                            stdio.environment()));
            return 0;
        } catch (IOException e) {
            stdio.err().println("qmail-smtpd: fatal: connection lost: " + e.getMessage());
            return 1; // as qmail-smtpd ends when its client is gone
        }
    }

    /// Descriptors 0 and 1; whoever made them has set what time limit there is.
    private record Descriptors(InputStream in, OutputStream out, Map<String, String> environment)
            implements Connection {
        @Override
        public boolean secured() {
            return false;
        }

        @Override
        public boolean canStartTls() {
            return false;
        }

        @Override
        public void startTls() throws IOException {
            throw new IOException("no TLS on descriptors");
        }

        @Override
        public String cipher() {
            return "";
        }

        @Override
        public void readTimeout(Duration wait) {
            // a descriptor has none; the time limit of a whole command still holds for a client that drips
        }
    }
}
