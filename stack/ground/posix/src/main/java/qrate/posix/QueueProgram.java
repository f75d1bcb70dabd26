package qrate.posix;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.Body;
import qrate.core.Client;
import qrate.core.Envelope;
import qrate.core.Intake;
import qrate.core.Recipient;
import qrate.core.Verdict;

/// A program in qmail-queue's place (`QMAILQUEUE`): the message on descriptor 0, the envelope on descriptor 1, and
/// its exit code says what became of it (qmail-queue(8)); with 82 it says so in its own words on descriptor 6.
///
/// Whoever handed the message over is told the program's process id behind `qp`, as qmail tells it.
/// ESMTP parameters of the envelope are lost, since the interface has no room for them; who the client was stands in
/// the environment ({@link Client#VARIABLE}).
public final class QueueProgram implements Intake {
    /// The variable that names it.
    public static final String VARIABLE = "QMAILQUEUE";

    /// Longest run; a client waits ten minutes behind the last dot (RFC 5321 §4.5.3.2.6).
    static final Duration RUN_MAX = Duration.ofMinutes(9);

    /// Longest reason that a program gives, in bytes.
    static final int REASON_BYTES_MAX = 1000;

    private static final int REASON = 6;
    private static final int SAYS_WHY = 82;

    private static final Verdict NOT_WAITED_FOR =
            new Verdict.Later("the queue's program cannot be waited for (#4.3.0)");

    private final Posix posix;
    private final Posix.Command command;
    private final Duration runMax;

    QueueProgram(Posix posix, Posix.Command command, Duration runMax) {
        this.posix = posix;
        this.command = command;
        this.runMax = runMax;
    }

    /// The program that an environment names, if it names one.
    ///
    /// @param environment QMAILQUEUE there is one program without arguments, as in qmail
    public static Optional<Intake> named(Posix posix, Map<String, String> environment) {
        String program = environment.getOrDefault(VARIABLE, "");
        return program.isEmpty()
                ? Optional.empty()
                : Optional.of(new QueueProgram(posix, new Posix.Command(List.of(program), environment), RUN_MAX));
    }

    @Override
    public Verdict accept(Envelope envelope, Body body) {
        if (envelope.held()) {
            return new Verdict.Later("the queue's program cannot be told to hold a message (#4.3.5)");
        }
        Child child;
        try {
            Map<Integer, Redirection> wires = Map.of(
                    0,
                    new Redirection.Fed(),
                    1,
                    new Redirection.Fed(),
                    2,
                    new Redirection.Passed(2),
                    REASON,
                    new Redirection.Drained());
            Posix.Command told = command.with(Client.VARIABLE, envelope.client().text());
            child = posix.spawn(envelope.requiresTls() ? told.with(Envelope.REQUIRETLS_VARIABLE, "1") : told, wires);
        } catch (IOException _) {
            return new Verdict.Later("unable to run the queue's program (#4.3.0)");
        }
        try (child) {
            boolean[] whole = {false};
            Thread writer = Thread.ofVirtual().start(() -> whole[0] = feed(child, envelope, body));
            Optional<Child.End> end = child.await(runMax.toMillis());
            if (end.isEmpty()) {
                return new Verdict.Later("the queue's program took too long (#4.3.0)");
            }
            String reason = end.get().equals(new Child.End.Exited(SAYS_WHY)) ? reason(child.drain(REASON)) : "";
            child.close(); // ends a write that nobody reads
            writer.join();
            Verdict verdict = verdict(end.get(), whole[0], reason);
            return verdict instanceof Verdict.Delivered
                    ? new Verdict.Delivered("ok " + Instant.now().getEpochSecond() + " qp " + child.pid())
                    : verdict;
        } catch (IOException _) {
            return NOT_WAITED_FOR;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return NOT_WAITED_FOR;
        }
    }

    /// Writes the message, then the envelope.
    ///
    /// @return whether the program has been given all of both
    private static boolean feed(Child child, Envelope envelope, Body body) {
        try {
            try (OutputStream message = child.feed(0);
                    InputStream in = body.open()) {
                in.transferTo(message);
            }
            try (OutputStream out = child.feed(1)) {
                out.write(bytes(envelope));
            }
            return true;
        } catch (IOException _) {
            return false; // it has not read all: its exit code says why
        }
    }

    /// `Fsender NUL Trecipient NUL … NUL`.
    static byte[] bytes(Envelope envelope) {
        StringBuilder text = new StringBuilder();
        text.append('F').append(envelope.sender()).append('\0');
        for (Recipient recipient : envelope.recipients()) {
            text.append('T').append(recipient.address()).append('\0');
        }
        return text.append('\0').toString().getBytes(StandardCharsets.UTF_8);
    }

    /// What the program has written by its end; nothing is waited for, since what it started may go on.
    private static String reason(InputStream six) throws IOException {
        byte[] said = six.readNBytes(Math.min(six.available(), REASON_BYTES_MAX));
        return new String(said, StandardCharsets.UTF_8)
                .replaceAll("\\p{Cntrl}+", " ")
                .strip();
    }

    /// What the exit code says.
    ///
    /// @param whole whether the program was given everything; a success without is none
    /// @param reason its own words
    static Verdict verdict(Child.End end, boolean whole, String reason) {
        return switch (end) {
            case Child.End.Killed _ -> new Verdict.Later("the queue's program crashed (#4.3.0)");
            case Child.End.Exited(int code) when code == 0 && whole -> new Verdict.Delivered("ok");
            case Child.End.Exited(int code)
            when code == SAYS_WHY && reason.length() > 1 ->
                switch (reason.charAt(0)) {
                    case 'D' -> new Verdict.Never(reason.substring(1));
                    case 'Z' -> new Verdict.Later(reason.substring(1));
                    default -> failure(code);
                };
            case Child.End.Exited(int code) -> failure(code);
        };
    }

    private static Verdict failure(int code) {
        return switch (code) {
            case 11, 115 -> new Verdict.Never("an address is too long for the queue (#5.1.3)");
            case 31 -> new Verdict.Never("the mail server refuses this message for good (#5.3.0)");
            case 51 -> new Verdict.Later("the queue is out of memory (#4.3.0)");
            case 52 -> new Verdict.Later("the queue timed out (#4.3.0)");
            case 53 -> new Verdict.Later("the queue cannot write, its disk may be full (#4.3.0)");
            case 0, 54 -> new Verdict.Later("the queue could not read the message (#4.3.0)");
            case 55 -> new Verdict.Later("the queue cannot read its configuration (#4.3.0)");
            case 56 -> new Verdict.Later("the queue cannot reach its network (#4.3.0)");
            case 61 -> new Verdict.Later("the queue's home folder is in trouble (#4.3.0)");
            case 62, 63, 64, 65, 66 -> new Verdict.Later("the queue cannot make its files (#4.3.0)");
            case 71 -> new Verdict.Later("the mail server refuses this message for now (#4.3.0)");
            case 72 -> new Verdict.Later("the connection to the mail server timed out (#4.4.1)");
            case 73 -> new Verdict.Later("the mail server refused the connection (#4.4.1)");
            case 74 -> new Verdict.Later("the connection to the mail server broke (#4.4.2)");
            case 81, 91 -> new Verdict.Later("the queue has met a bug (#4.3.0)");
            case 120 -> new Verdict.Later("unable to run the queue's program (#4.3.0)");
            default ->
                code >= 11 && code <= 40
                        ? new Verdict.Never("the queue refuses this message (#5.3.0)")
                        : new Verdict.Later("the queue is in trouble (#4.3.0)");
        };
    }
}
