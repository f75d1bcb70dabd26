package qrate.bench;

import java.io.IOException;
import java.nio.file.Path;

/// A mail server under load.
interface Server extends AutoCloseable {
    /// Mailboxes that every server has: `u0` to `u19` at {@link #DOMAIN}.
    int MAILBOXES = 20;

    /// The domain that every server serves.
    String DOMAIN = "bench.test";

    /// The password of every mailbox.
    String PASSWORD = "bench-pw";

    /// What the tables call it.
    String name();

    /// Port of SMTP on 127.0.0.1.
    int smtpPort();

    /// Port of POP3 on 127.0.0.1.
    int pop3Port();

    /// The Maildir of a mailbox.
    Path maildir(int mailbox);

    /// CPU seconds used by all its processes so far.
    double cpuSeconds() throws IOException;

    /// Holds deliveries back, or lets them go again.
    void hold(boolean held) throws IOException;

    /// Takes delivered messages out of the way, so that the next round starts alike.
    void clear() throws IOException;

    @Override
    void close() throws IOException;

    /// A login as this server wants it.
    default String login(int mailbox) {
        return "u" + mailbox + "@" + DOMAIN;
    }
}
