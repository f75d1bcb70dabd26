package qrate.pop3d;

import java.io.IOException;
import java.time.InstantSource;
import qrate.checkpassword.PasswordChecker;
import qrate.core.Connection;
import qrate.core.Control;
import qrate.core.Log;
import qrate.core.Service;

/// The service behind tcpserver on 110 and 995.
///
/// Controls: `me` (name in the greeting), `pop3plaintext` (`no` refuses logins without TLS; missing or anything else
/// allows them, as qmail-popup does).
public final class Pop3d implements Service {
    private final PasswordChecker checker;
    private final Control control;
    private final Log log;
    private final InstantSource clock;
    private final Boxes boxes = new Boxes();

    public Pop3d(PasswordChecker checker, Control control, Log log, InstantSource clock) {
        this.checker = checker;
        this.control = control;
        this.log = log;
        this.clock = clock;
    }

    @Override
    public void serve(Connection connection) throws IOException {
        new Session(this, connection).run();
    }

    PasswordChecker checker() {
        return checker;
    }

    Log log() {
        return log;
    }

    InstantSource clock() {
        return clock;
    }

    Boxes boxes() {
        return boxes;
    }

    /// The name in the greeting.
    String name() throws IOException {
        return control.lineOrMe("me");
    }

    /// Whether a password may be sent in the clear.
    boolean plaintext() throws IOException {
        return control.line("pop3plaintext").filter("no"::equals).isEmpty();
    }
}
