package qrate.smtpd;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import qrate.checkpassword.ProgramChecker;
import qrate.core.Program;
import qrate.posix.DescriptorConnection;
import qrate.posix.Posix;

/// `qmail-smtpd [checkprogram true-program…]`: SMTP on descriptors 0 and 1, the TCP environment from the process, under
/// any tcpserver, inetd or systemd (qmail-smtpd(8)).
///
/// STARTTLS where there is a certificate, TLS at once where `SMTPS` is not empty; AUTH only inside TLS, checked by the
/// program of the arguments or else by vchkpw. On TCPLOCALPORT 465 and 587 only users may send.
///
/// Exit codes: 0 at the end of a session, 1 when the connection was lost, 100 for a wrong call.
public final class QmailSmtpd implements Program {
    private static final int LOST = 1;
    private static final int USAGE = 100;

    /// What it works with.
    ///
    /// @param tls what STARTTLS would use now
    public record Setting(Smtpd.Parts parts, Supplier<Optional<SSLContext>> tls) {}

    private final Function<Stdio, Setting> settings;
    private final Posix posix;

    /// Without TLS, as `sendmail -bs` speaks with a local user.
    public QmailSmtpd(Smtpd.Parts parts) {
        this(_ -> new Setting(parts, Optional::empty), new Posix());
    }

    /// @param settings made only once the program runs, since its log goes where its parent says
    public QmailSmtpd(Function<Stdio, Setting> settings, Posix posix) {
        this.settings = settings;
        this.posix = posix;
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) {
        if (arguments.size() == 1) {
            stdio.err().println("qmail-smtpd: usage: qmail-smtpd [checkprogram true-program [argument...]]");
            return USAGE;
        }
        Map<String, String> environment = stdio.environment();
        Setting setting = settings.apply(stdio);
        Smtpd.Parts parts = arguments.isEmpty()
                ? setting.parts
                : setting.parts.withChecker(ProgramChecker.silent(posix, arguments, environment));
        DescriptorConnection connection = new DescriptorConnection(stdio, posix, setting.tls);
        try {
            if (!environment.getOrDefault("SMTPS", "").isEmpty()) {
                connection.handshake();
            }
            new Smtpd(parts, kind(environment), Smtpd.Queues.programs(posix, environment)).serve(connection);
            connection.end();
            return 0;
        } catch (IOException e) {
            parts.log().line("qmail-smtpd: connection lost: " + e.getMessage());
            return LOST; // as qmail-smtpd ends when its client is gone
        }
    }

    private static Kind kind(Map<String, String> environment) {
        return switch (environment.getOrDefault("TCPLOCALPORT", "")) {
            case "465" -> Kind.SUBMISSIONS;
            case "587" -> Kind.SUBMISSION;
            default -> Kind.MX;
        };
    }
}
