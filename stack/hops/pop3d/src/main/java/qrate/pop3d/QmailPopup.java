package qrate.pop3d;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import qrate.core.Control;
import qrate.core.Program;
import qrate.posix.DescriptorConnection;
import qrate.posix.Posix;

/// `qmail-popup host subprogram…`: greets, reads one login and runs the subprogram with it on descriptor 3
/// (qmail-popup(8)); USER and PASS, APOP, AUTH PLAIN, STLS.
///
/// A subprogram that lets a login in that cannot exist is no checker, and gets no other: the host name may have been
/// forgotten, and then the checker stands in its place and the next program in the checker's.
///
/// Exit codes: 0 when the subprogram exits 0, 1 for everything else.
public final class QmailPopup implements Program {
    /// What it works with.
    ///
    /// @param tls what STLS would use now
    public record Parts(Control control, Posix posix, Supplier<Optional<SSLContext>> tls, InstantSource clock) {}

    private final Parts parts;

    public QmailPopup(Parts parts) {
        this.parts = parts;
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) throws IOException {
        if (arguments.size() < 2 || arguments.getFirst().indexOf('/') >= 0) {
            stdio.out().print("-ERR usage: qmail-popup hostname subprogram\r\n");
            stdio.out().flush();
            return 1;
        }
        DescriptorConnection connection = DescriptorConnection.unbuffered(stdio, parts.posix, parts.tls);
        Popup popup = new Popup(parts, connection, arguments.getFirst(), DescriptorConnection.log(stdio));
        try {
            int code = popup.run(new Posix.Command(arguments.subList(1, arguments.size()), stdio.environment()));
            connection.end();
            return code;
        } catch (IOException _) {
            return 1; // the client is gone; there is nobody to tell
        }
    }
}
