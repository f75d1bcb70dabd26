package qrate.smoketests;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;

/// The stack with a milter beside it that is not ours, from the packages that apt knows here; without a way out.
@Tag("long")
abstract class OnOverlay extends OnStack {
    static final Duration SOON = Duration.ofSeconds(90);

    private static final Duration BUILD_MAX = Duration.ofMinutes(10);
    private static final Path BUILD =
            Path.of("../images/build").toAbsolutePath().normalize();

    /// A stack that has its image and is not started.
    static Stack prepared(String overlay) throws IOException {
        Ran.of(BUILD_MAX, Map.of(), List.of(BUILD.toString(), "--overlay", overlay))
                .orFail();
        return Stack.prepared(overlay);
    }

    /// Has smtpd ask it.
    ///
    /// @param milter line of control/milters
    void asked(String milter) throws IOException {
        stack.started();
        stack.inside("admin", "echo '" + milter + "' >/var/qmail/control/milters")
                .orFail();
    }

    /// Sends a message from outside.
    ///
    /// @return the first line of the reply
    String sent(Target.Login to, String body) throws IOException {
        try (RawClient wire =
                RawClient.plain(stack.target(), stack.target().ports().smtp())) {
            wire.line();
            for (String command :
                    List.of("HELO far.invalid", "MAIL FROM:<a@far.invalid>", "RCPT TO:<" + to.address() + ">")) {
                wire.smtp(command, "250");
            }
            wire.smtp("DATA", "354");
            String header = "From: a@far.invalid\r\nTo: " + to.address() + "\r\nSubject: hi\r\n";
            return wire.smtp(header + "\r\n" + body + "\r\n.", "").getFirst();
        }
    }

    /// Whether a text has arrived in a new mailbox.
    boolean arrived(String user, String text) throws IOException {
        String files = "/var/qmail/maildirs/domains/" + Stack.DOMAIN + "/" + user + "/Maildir/new/*";
        return stack.inside("lspawn", "cat " + files).text().contains(text);
    }
}
