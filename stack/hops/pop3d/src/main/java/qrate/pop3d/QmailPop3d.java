package qrate.pop3d;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.checkpassword.PasswordChecker;
import qrate.core.Connection;
import qrate.core.Control;
import qrate.core.Log;
import qrate.core.Program;
import qrate.posix.DescriptorConnection;
import qrate.posix.Posix;

/// `qmail-pop3d Maildir`: serves one box to a client who has logged in already (qmail-pop3d(8)).
///
/// It exits 0 whatever the client did: what is wrong is said to the client, and qmail-popup need not say more.
public final class QmailPop3d implements Program {
    private final Control control;
    private final Posix posix;
    private final InstantSource clock;

    public QmailPop3d(Control control, Posix posix, InstantSource clock) {
        this.control = control;
        this.posix = posix;
        this.clock = clock;
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) throws IOException {
        Connection connection = new DescriptorConnection(stdio, posix, Optional::empty);
        Map<String, String> environment = stdio.environment();
        // relative to where checkpassword has gone; the JDK knows that folder by its own name for it
        if (arguments.size() != 1 || !Files.isDirectory(Path.of(arguments.getFirst()))) {
            connection.out().write("-ERR [SYS/PERM] there is no Maildir here\r\n".getBytes(StandardCharsets.US_ASCII));
            connection.out().flush();
            return 0;
        }
        Log log = DescriptorConnection.log(stdio);
        PasswordChecker nobody = (_, _, _, _) -> new PasswordChecker.Answer.Refused();
        try {
            new Pop3d(nobody, control, log, clock)
                    .serve(
                            connection,
                            environment.getOrDefault("USER", "unknown"),
                            Path.of(arguments.getFirst()).toAbsolutePath());
        } catch (IOException e) {
            log.line("qmail-pop3d: connection lost: " + e.getMessage());
        }
        return 0;
    }
}
