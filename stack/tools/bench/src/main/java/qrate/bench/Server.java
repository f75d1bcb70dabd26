package qrate.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.springframework.security.crypto.bcrypt.BCrypt;

/// A mail server under load.
interface Server extends AutoCloseable {
    /// Mailboxes that every server has: `u0` to `u19` at {@link #DOMAIN}.
    int MAILBOXES = 20;

    /// Mailboxes of {@link #many()}.
    int MANY = 1000;

    /// The domain that every server serves.
    String DOMAIN = "bench.test";

    /// The password of every mailbox.
    String PASSWORD = "bench-pw";

    /// The same as bcrypt keeps it, at the default cost: so that a thousand mailboxes cost one hash.
    String HASH = BCrypt.hashpw(PASSWORD, BCrypt.gensalt("$2b", 10));

    /// What the tables call it.
    String name();

    /// Where SMTP is.
    InetSocketAddress smtp();

    /// Where POP3 is.
    InetSocketAddress pop3();

    /// The Maildir of a mailbox.
    ///
    /// @param local what stands before the @ of its address
    Path maildir(String local);

    /// The Maildir of one of the first {@link #MAILBOXES}.
    default Path maildir(int mailbox) {
        return maildir("u" + mailbox);
    }

    /// Locals of the first {@link #MAILBOXES}.
    static List<String> first() {
        return IntStream.range(0, MAILBOXES).mapToObj(i -> "u" + i).toList();
    }

    /// Locals of the mailboxes that every server has for one message to many: `r0` to `r999`.
    static List<String> many() {
        return many(MANY);
    }

    /// More of them, or fewer.
    static List<String> many(int count) {
        return IntStream.range(0, count).mapToObj(i -> "r" + i).toList();
    }

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

        /// Sets control files, and starts it anew: some are read only then.
        ///
        /// @param files their lines, by name
        void control(Map<String, List<String>> files) throws IOException;

        /// Adds mailboxes.
        ///
        /// @param locals what stands before the @ of their addresses
        void addMailboxes(List<String> locals) throws IOException;

        /// Where its deliveries reach this host, if not at 127.0.0.0/8.
        Optional<InetAddress> outside() throws IOException;

        /// Memory of all its processes.
        ProcessTree.Memory memory() throws IOException;
    }

    /// A login as this server wants it.
    default String login(int mailbox) {
        return "u" + mailbox + "@" + DOMAIN;
    }
}
