package qrate.qmqp;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import qrate.core.Body;
import qrate.core.Client;
import qrate.core.Connection;
import qrate.core.Envelope;
import qrate.core.Intake;
import qrate.core.Log;
import qrate.core.Recipient;
import qrate.core.Service;
import qrate.core.Spool;
import qrate.core.Verdict;

/// qmail-qmtpd: takes packages of one message each from a connection, and answers once for each recipient, in order.
public final class QmtpServer implements Service {
    /// How long one read within a package may wait.
    public static final Duration READ_WAIT_MAX = Duration.ofSeconds(60);

    /// How long a client may be silent between two packages.
    public static final Duration IDLE_MAX = Duration.ofMinutes(5);

    /// How long a package may take as a whole.
    public static final Duration PACKAGE_MAX = Duration.ofHours(1);

    private static final Duration ENDLESS = Duration.ofDays(365);

    /// Who may send what to whom; who knows that stands in front of this, as in front of SMTP.
    public interface Rules {
        /// Name of this host, for the Received line.
        String me() throws IOException;

        /// Most bytes of a message, 0 for no limit.
        long bytesMax() throws IOException;

        /// Why a sender is refused, if it is.
        Optional<Verdict> sender(String address) throws IOException;

        /// Takes a recipient or refuses it.
        Judgement recipient(String address) throws IOException;

        /// Why a message is refused, if it is.
        Optional<Verdict> message(Body body) throws IOException;
    }

    /// What becomes of a recipient.
    public sealed interface Judgement {
        /// It is taken, maybe under another address.
        record Taken(Recipient recipient) implements Judgement {}

        /// It is not.
        record Refused(Verdict verdict) implements Judgement {}
    }

    /// What it works with.
    ///
    /// @param rules those of a connection's TCP environment
    /// @param intake the way into the queue, which that environment may name
    /// @param spool for messages in transit
    public record Parts(
            Function<Map<String, String>, Rules> rules,
            Function<Map<String, String>, Intake> intake,
            Spool spool,
            Log log,
            InstantSource clock) {}

    private final Parts parts;

    public QmtpServer(Parts parts) {
        this.parts = parts;
    }

    @Override
    public void serve(Connection connection) throws IOException {
        String peer = connection.environment().getOrDefault("TCPREMOTEIP", "unknown");
        Rules rules = parts.rules().apply(connection.environment());
        try {
            while (true) {
                connection.readTimeout(IDLE_MAX);
                int first = connection.in().read();
                if (first < 0) {
                    return;
                }
                connection.step(Connection.Worth.MESSAGE);
                connection.readTimeout(READ_WAIT_MAX);
                connection.within(PACKAGE_MAX);
                QmtpPackage message = QmtpPackage.read(first, connection, rules.bytesMax(), parts.spool());
                answer(judge(message, rules, connection, peer), connection.out());
                connection.within(ENDLESS);
                connection.step(Connection.Worth.NOTHING);
            }
        } catch (Netstring.Malformed e) {
            // which answers belong to what nobody can tell any more
            parts.log().line("qmtpd: status: " + peer + ": closing: " + e.getMessage());
        } catch (EOFException _) {
            // QMTP: a client that closes early wants its message thrown away
            parts.log().line("qmtpd: status: " + peer + ": closed in the middle of a package");
        }
    }

    /// One verdict for each recipient.
    private List<Verdict> judge(QmtpPackage message, Rules rules, Connection connection, String peer)
            throws IOException {
        try (AutoCloseable _ = () -> close(message)) {
            return verdicts(message, rules, connection.environment());
        } catch (IOException e) {
            parts.log().line("qmtpd: warning: " + peer + ": " + e.getMessage());
            Verdict later = new Verdict.Later("unable to check that now (#4.3.0)");
            return message.recipients().stream().map(_ -> later).toList();
        } catch (Exception e) {
            parts.log().line("qmtpd: alert: " + peer + ": " + e);
            Verdict later = new Verdict.Later("internal error (#4.3.0)");
            return message.recipients().stream().map(_ -> later).toList();
        } finally {
            connection.memory().give(message.taken());
        }
    }

    private void close(QmtpPackage message) {
        try {
            if (message.spool().isPresent()) {
                message.spool().get().close();
            }
        } catch (IOException e) {
            // the verdicts stand: the message may be accepted already
            parts.log().line("qmtpd: warning: unable to delete a temporary file: " + e.getMessage());
        }
    }

    private List<Verdict> verdicts(QmtpPackage message, Rules rules, Map<String, String> environment)
            throws IOException {
        Optional<Verdict> refusal = refusal(message, rules);
        List<Optional<Verdict>> refused = new ArrayList<>();
        List<Recipient> taken = new ArrayList<>();
        for (Optional<String> recipient : message.recipients()) {
            Judgement judgement = refusal.isPresent()
                    ? new Judgement.Refused(refusal.get())
                    : recipient.isPresent()
                            ? rules.recipient(recipient.get())
                            : new Judgement.Refused(new Verdict.Never("sorry, that is no address (#5.1.3)"));
            switch (judgement) {
                case Judgement.Taken(Recipient one) -> {
                    taken.add(one);
                    refused.add(Optional.empty());
                }
                case Judgement.Refused(Verdict verdict) -> refused.add(Optional.of(verdict));
            }
        }
        if (taken.isEmpty()) {
            return refused.stream().flatMap(Optional::stream).toList();
        }
        Envelope envelope =
                new Envelope(message.sender().orElseThrow(), "", Client.of(environment, "QMTP", "qmtp"), taken);
        byte[] received =
                TraceLine.of(environment, "QMTP", rules.me(), parts.clock().instant());
        Verdict verdict = parts.intake()
                .apply(environment)
                .accept(envelope, message.spool().orElseThrow().body().prefixed(received));
        return refused.stream().map(one -> one.orElse(verdict)).toList();
    }

    private static Optional<Verdict> refusal(QmtpPackage message, Rules rules) throws IOException {
        if (message.refusal().isPresent()) {
            return message.refusal();
        }
        if (message.sender().isEmpty()) {
            return Optional.of(new Verdict.Never("sorry, that sender is no address (#5.1.7)"));
        }
        Optional<Verdict> sender = rules.sender(message.sender().get());
        return sender.isPresent()
                ? sender
                : rules.message(message.spool().orElseThrow().body());
    }

    private static void answer(List<Verdict> verdicts, OutputStream out) throws IOException {
        for (Verdict verdict : verdicts) {
            byte[] text = (verdict.code() + verdict.text()).getBytes(StandardCharsets.UTF_8);
            int length = Math.min(text.length, QmqpServer.REPLY_BYTES_MAX);
            out.write(Netstring.head(length));
            out.write(text, 0, length);
            out.write(',');
        }
        out.flush();
    }
}
