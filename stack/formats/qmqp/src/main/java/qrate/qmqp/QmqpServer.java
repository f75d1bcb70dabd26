package qrate.qmqp;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Function;
import qrate.core.Connection;
import qrate.core.Intake;
import qrate.core.Log;
import qrate.core.Service;
import qrate.core.Spool;
import qrate.core.Verdict;

/// qmail-qmqpd: takes messages from a connection and answers each with `K`, `Z` or `D` and a text.
///
/// A classic client sends one and closes; ours sends many. When the daemon stops, the message under way is answered.
public final class QmqpServer implements Service {
    /// How long one read within a message may wait (qmail-qmqpd(8)).
    public static final Duration READ_WAIT_MAX = Duration.ofSeconds(60);

    /// How long a client may be silent between two messages.
    public static final Duration IDLE_MAX = Duration.ofMinutes(10);

    /// Longest text of an answer in bytes; the rest is cut.
    public static final int REPLY_BYTES_MAX = 2000;

    private final Function<Connection, Intake> intake;
    private final Spool spool;
    private final Log log;

    /// @param intake where this connection's messages go, with the Received line that suits it
    /// @param spool for messages in transit
    public QmqpServer(Function<Connection, Intake> intake, Spool spool, Log log) {
        this.intake = intake;
        this.spool = spool;
        this.log = log;
    }

    @Override
    public void serve(Connection connection) throws IOException {
        Intake door = intake.apply(connection);
        String peer = connection.environment().getOrDefault("TCPREMOTEIP", "unknown");
        try {
            boolean more = true;
            while (more && !connection.stopping()) {
                connection.readTimeout(IDLE_MAX);
                int first = connection.in().read();
                connection.step(Connection.Worth.MESSAGE);
                connection.readTimeout(READ_WAIT_MAX);
                more = answer(Parcel.read(first, connection, spool), door, connection);
            }
        } catch (Netstring.Malformed e) {
            // no answer may be sent before the last byte, and which one that is cannot be told any more
            log.line("qmqpd: status: " + peer + ": closing: " + e.getMessage());
        } catch (EOFException _) {
            // QMQP: a client that closes early wants its message thrown away
            log.line("qmqpd: status: " + peer + ": closed in the middle of a message");
        }
    }

    private boolean answer(Parcel.Read read, Intake door, Connection connection) throws IOException {
        OutputStream out = connection.out();
        switch (read) {
            case Parcel.Read.End _ -> {
                return false;
            }
            case Parcel.Read.Refused(Verdict verdict) -> reply(verdict, out);
            case Parcel.Read.Message message -> {
                Verdict verdict = hand(message, door);
                connection.memory().give(message.taken());
                reply(verdict, out);
            }
        }
        return true;
    }

    private Verdict hand(Parcel.Read.Message message, Intake door) {
        try {
            return door.accept(message.envelope(), message.spool());
        } catch (RuntimeException e) {
            log.line("qmqpd: alert: " + e);
            return new Verdict.Later("internal error (#4.3.0)");
        } finally {
            try {
                message.spool().close();
            } catch (IOException e) {
                // the verdict stands: the message may be accepted already
                log.line("qmqpd: warning: unable to delete a temporary file: " + e.getMessage());
            }
        }
    }

    private static void reply(Verdict verdict, OutputStream out) throws IOException {
        byte[] text = (verdict.code() + verdict.text()).getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, REPLY_BYTES_MAX);
        out.write(Netstring.head(length));
        out.write(text, 0, length);
        out.write(',');
        out.flush();
    }
}
