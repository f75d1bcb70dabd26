package qrate.queue;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import qrate.core.Body;
import qrate.core.Budget;
import qrate.core.Client;
import qrate.core.Control;
import qrate.core.Envelope;
import qrate.core.Intake;
import qrate.core.Program;
import qrate.core.Spool;
import qrate.core.State;
import qrate.core.Verdict;
import qrate.message.TraceFields;
import qrate.qmqp.QmqpClient;
import qrate.qmqp.QmqpClient.Outcome;
import qrate.qmqp.QmqpServers;

/// qmail-queue(8): takes a message on descriptor 0 and its envelope on descriptor 1, and exits 0 only once the queue
/// has it.
///
/// The queue itself belongs to the running `send`; this hands the message over by QMQP to the host and port in
/// `QRATE_SEND`.
public final class QmailQueue implements Program {
    /// Where send listens if `QRATE_SEND` does not say.
    public static final String SEND = "send:628";

    private static final long PID = ProcessHandle.current().pid();

    /// Longest address in bytes (exit 11), as qmail has it.
    static final int ADDRESS_BYTES_MAX = Envelope.TEXT_BYTES_MAX;

    /// Exit codes (qmail-queue(8)).
    enum Exit {
        OK(0),
        ADDRESS_TOO_LONG(11),
        REFUSED(31),
        OUT_OF_MEMORY(51),
        WRITE_ERROR(53),
        UNREADABLE(54),
        BAD_CONFIGURATION(55),
        TEMPORARILY_REFUSED(71),
        TIMED_OUT(72),
        REJECTED(73),
        BROKEN(74),
        BUG(81),
        BAD_ENVELOPE(91);

        private final int code;

        Exit(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    /// Gives the stream of the envelope; descriptor 1, but for tests.
    @FunctionalInterface
    public interface EnvelopeStream {
        /// Opens it.
        InputStream open() throws IOException;

        /// Descriptor 1, which the parent opened for reading.
        static EnvelopeStream descriptorOne() {
            return () -> new FileInputStream(FileDescriptor.out);
        }
    }

    private final EnvelopeStream envelopes;
    private final Function<Map<String, String>, QmqpClient> clients;
    private final Optional<InstantSource> clock;
    private final Path temporary;

    /// @param clients makes the client from the environment
    /// @param clock for the Received line, if there shall be one
    /// @param temporary folder for a large message in transit
    QmailQueue(
            EnvelopeStream envelopes,
            Function<Map<String, String>, QmqpClient> clients,
            Optional<InstantSource> clock,
            Path temporary) {
        this.envelopes = envelopes;
        this.clients = clients;
        this.clock = clock;
        this.temporary = temporary;
    }

    /// The program as it is run by hand.
    public static QmailQueue program(InstantSource clock, Path temporary) {
        return new QmailQueue(EnvelopeStream.descriptorOne(), QmailQueue::client, Optional.of(clock), temporary);
    }

    /// `qmail-qmqpc`: the same interface, for the servers in `qmqpservers`; they put their own lines on top.
    public static QmailQueue qmqpc(Control control, InstantSource clock, Path temporary) {
        return new QmailQueue(EnvelopeStream.descriptorOne(), _ -> qmqpc(control, clock), Optional.empty(), temporary);
    }

    static QmqpClient qmqpc(Control control, InstantSource clock) {
        QmqpServers servers = () -> {
            if (control.lines("qmqpservers").isEmpty()) {
                throw new IOException("control/qmqpservers: names no server");
            }
            return QmqpServers.in(control, SEND).now();
        };
        return new QmqpClient(servers, QmqpClient.Settings.CLASSIC, clock);
    }

    /// The client to the running send: the hosts in `qmqpservers`, else those in `QRATE_SEND`, tried in order. When
    /// that names no host and port, messages are deferred.
    public static QmqpClient client(Map<String, String> environment) {
        InstantSource clock = InstantSource.system();
        Control control = new Control(State.of(environment).control(), clock);
        String send = environment.getOrDefault("QRATE_SEND", SEND);
        return new QmqpClient(QmqpServers.in(control, send), QmqpClient.Settings.OWN, clock);
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) {
        try {
            return queue(stdio).code();
        } catch (OutOfMemoryError _) {
            return Exit.OUT_OF_MEMORY.code();
        } catch (RuntimeException _) {
            return Exit.BUG.code(); // qmail-queue prints nothing: its exit code says it
        }
    }

    private Exit queue(Stdio stdio) {
        try (QmqpClient client = clients.apply(stdio.environment());
                Spool.Held spool = new Spool(temporary).all(stdio.in(), Limits.BODY_BYTES_MAX, Budget.ENDLESS);
                InputStream in = envelopes.open()) {
            Object uid = uid();
            Envelope envelope = EnvelopeReader.read(in).from(by(stdio.environment(), uid));
            Body body =
                    clock.isPresent() ? spool.body().prefixed(received("by uid " + uid, clock.get())) : spool.body();
            boolean secret = stdio.environment().containsKey(Envelope.REQUIRETLS_VARIABLE);
            return exit(client.send(secret ? envelope.requiringTls() : envelope, body));
        } catch (Spool.Full _) {
            return Exit.WRITE_ERROR;
        } catch (Spool.TooLarge _) {
            return Exit.REFUSED;
        } catch (EnvelopeReader.Refused e) {
            return e.exit();
        } catch (IOException _) {
            return Exit.UNREADABLE;
        }
    }

    private static Exit exit(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Answered(Verdict.Delivered _) -> Exit.OK;
            case Outcome.Answered(Verdict.Later _) -> Exit.TEMPORARILY_REFUSED;
            case Outcome.Answered(Verdict.Never _) -> Exit.REFUSED;
            case Outcome.TimedOut _ -> Exit.TIMED_OUT;
            case Outcome.Rejected _ -> Exit.REJECTED;
            case Outcome.Broken _ -> Exit.BROKEN;
            case Outcome.Unconfigured _ -> Exit.BAD_CONFIGURATION;
            case Outcome.Unreadable _ -> Exit.UNREADABLE;
        };
    }

    /// Who queues a message: whom the program in qmail-queue's place had it from, else the user.
    private static Client by(Map<String, String> environment, Object uid) {
        Client told = Client.parse(environment.getOrDefault(Client.VARIABLE, ""));
        return told.equals(Client.UNKNOWN) ? Client.uid(uid) : told;
    }

    /// The way to the running send for a program of this machine, which makes mail of its own where it names no client.
    public static Intake byHand(Map<String, String> environment) {
        QmqpClient client = client(environment);
        Intake told = client.asTold(environment);
        return (envelope, body) -> {
            try {
                boolean known = !envelope.client().equals(Client.UNKNOWN);
                return told.accept(known ? envelope : envelope.from(by(environment, uid())), body);
            } catch (IOException e) {
                return new Verdict.Later("unable to tell who runs this: " + e.getMessage() + " (#4.3.0)");
            }
        };
    }

    private static Object uid() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    /// Puts qmail-queue's Received line in front of whatever goes into an intake.
    ///
    /// @param how as in the line: `from network`, `for bounce`, `by alias`, `by uid 1000`
    public static Intake received(Intake intake, String how, InstantSource clock) {
        return (envelope, body) -> intake.accept(envelope, body.prefixed(received(how, clock)));
    }

    private static byte[] received(String how, InstantSource clock) {
        return TraceFields.invoked(PID, how, clock.instant()).getBytes(StandardCharsets.US_ASCII);
    }
}
