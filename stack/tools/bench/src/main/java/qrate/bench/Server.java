package qrate.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
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

    /// Where SMTP is.
    InetSocketAddress smtp();

    /// Where POP3 is.
    InetSocketAddress pop3();

    /// The Maildir of a mailbox.
    Path maildir(int mailbox);

    /// CPU seconds used by all its processes so far.
    double cpuSeconds() throws IOException;

    /// Takes delivered messages out of the way, so that the next round starts alike.
    void clear() throws IOException;

    @Override
    void close() throws IOException;

    /// One that can accept without delivering.
    interface Holding extends Server {
        /// Holds deliveries back, or lets them go again.
        void hold(boolean held) throws IOException;
    }

    /// Qrate, in one of its shapes.
    interface Ours extends Server {
        /// Starts it anew, so that it is cold.
        void restart() throws IOException;

        /// Memory of all its processes.
        ProcessTree.Memory memory() throws IOException;
    }

    /// A login as this server wants it.
    default String login(int mailbox) {
        return "u" + mailbox + "@" + DOMAIN;
    }
}
