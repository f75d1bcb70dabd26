package qrate.pop3d;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import qrate.checkpassword.PasswordChecker;
import qrate.core.Connection;
import qrate.core.Control;
import qrate.core.Log;
import qrate.core.Service;

/// The service behind tcpserver on 110 and 995.
///
/// Controls: `me` (name in the greeting), `pop3plaintext` (`yes` takes passwords without TLS; missing or anything
/// else refuses them, RFC 8314 §3), `pop3apop` (`yes` offers APOP where the checker can check it).
public final class Pop3d implements Service {
    private final PasswordChecker checker;
    private final Control control;
    private final Log log;
    private final InstantSource clock;
    private final MaildropLocks boxes;
    private final AtomicLong sessions = new AtomicLong();

    public Pop3d(PasswordChecker checker, Control control, Log log, InstantSource clock) {
        this.checker = checker;
        this.control = control;
        this.log = log;
        this.clock = clock;
        this.boxes = new MaildropLocks(clock);
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

    MaildropLocks boxes() {
        return boxes;
    }

    /// Serves the box of someone who has logged in already.
    void serve(Connection connection, String who, Path maildir) throws IOException {
        new Session(this, connection).run(who, maildir);
    }

    /// What the greeting ends with if APOP is offered: never the same twice (RFC 1939 §7).
    String timestamp() throws IOException {
        boolean offered =
                checker.apop() && control.line("pop3apop").filter("yes"::equals).isPresent();
        return offered ? timestamp(sessions.incrementAndGet(), clock, name()) : "";
    }

    /// A timestamp as qmail-popup makes it.
    static String timestamp(long number, InstantSource clock, String host) {
        return "<" + ProcessHandle.current().pid() + "." + number + "." + clock.millis() + "@" + host + ">";
    }

    /// The name in the greeting.
    String name() throws IOException {
        return control.lineOrMe("me");
    }

    /// Whether a password may be sent in the clear: only if the administrator says so.
    // DEVIATION: qmail-popup knows no TLS; whoever reads the line would have the password (RFC 8314 §3)
    static boolean plaintext(Control control) throws IOException {
        return control.line("pop3plaintext").filter("yes"::equals).isPresent();
    }

    boolean plaintext() throws IOException {
        return plaintext(control);
    }
}
