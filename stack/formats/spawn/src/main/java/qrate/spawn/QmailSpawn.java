package qrate.spawn;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.regex.Pattern;
import qrate.core.Address;
import qrate.core.Body;
import qrate.core.Program;
import qrate.core.Recipient;
import qrate.core.Spawner;
import qrate.core.Verdict;

/// qmail-lspawn and qmail-rspawn as programs, in place of the C programs below a qmail-send (qmail-lspawn(8),
/// qmail-rspawn(8)).
///
/// Commands come on descriptor 0: a byte that numbers the delivery, then the message's file below `queue/mess`, the
/// sender and the recipient, each ended by NUL. Reports go to descriptor 1 as they come, in any order: the
/// delivery's byte, `K`, `Z` or `D`, a text, NUL. The first byte on descriptor 1 says how many deliveries may be open.
/// At the end of descriptor 0 it finishes what is open and exits 0.
// DEVIATION: the message may have any owner; who may write queue/mess is for the file system to say.
public final class QmailSpawn implements Program {
    /// Most deliveries open at once; their numbers are below it.
    public static final int OPEN_MAX = 120;

    /// Longest field of a command, in bytes.
    static final int FIELD_BYTES_MAX = 4 * 1000;

    /// Longest report, in characters; qmail's spawners cut there too.
    static final int REPORT_CHARS_MAX = 3000;

    private static final int USAGE = 100;
    private static final int TEMPORARY = 111;
    private static final int MESSAGE_CHARS_MAX = 100;
    private static final Pattern MESSAGE = Pattern.compile("[0-9][0-9/]*");

    /// Makes the deliverer when the program is run.
    @FunctionalInterface
    public interface Opening {
        /// @param arguments the program's own: qmail-lspawn's `defaultdelivery`
        Spawner open(List<String> arguments, Stdio stdio) throws IOException;
    }

    private final Path messages;
    private final int arguments;
    private final boolean remote;
    private final Opening opening;

    /// @param messages the folder `queue/mess`
    /// @param arguments how many the program takes: one for qmail-lspawn, none for qmail-rspawn
    /// @param remote whether a job needs the recipient's host
    public QmailSpawn(Path messages, int arguments, boolean remote, Opening opening) {
        this.messages = messages;
        this.arguments = arguments;
        this.remote = remote;
        this.opening = opening;
    }

    /// A command as it was read.
    private record Order(int delivery, String message, String sender, String recipient) {}

    @Override
    public int run(List<String> given, Stdio stdio) throws IOException {
        if (given.size() != arguments) {
            stdio.err()
                    .println(
                            remote
                                    ? "qmail-rspawn: usage: qmail-rspawn"
                                    : "qmail-lspawn: usage: qmail-lspawn defaultdelivery");
            return USAGE;
        }
        Phaser open = new Phaser(1);
        AtomicIntegerArray used = new AtomicIntegerArray(OPEN_MAX);
        try (Spawner spawner = opening.open(given, stdio)) {
            PrintStream out = stdio.out();
            out.write(OPEN_MAX);
            out.flush();
            for (Optional<Order> next = read(stdio.in()); next.isPresent(); next = read(stdio.in())) {
                Order order = next.get();
                if (order.delivery >= OPEN_MAX || !used.compareAndSet(order.delivery, 0, 1)) {
                    report(out, order.delivery, new Verdict.Later("Internal error: delnum in use. (#4.3.5)\n"));
                    continue;
                }
                open.register();
                start(order, spawner, (verdict, settle) -> {
                    used.set(order.delivery, 0);
                    report(out, order.delivery, verdict);
                    settle.run();
                    open.arriveAndDeregister();
                });
            }
            open.arriveAndAwaitAdvance();
            return out.checkError() ? TEMPORARY : 0;
        }
    }

    @FunctionalInterface
    private interface Reporter {
        /// @param settle to be done once it is reported: qmail-send remembers it then, and asks no more
        void report(Verdict verdict, Runnable settle);

        default void report(Verdict verdict) {
            report(verdict, () -> {});
        }
    }

    private void start(Order order, Spawner spawner, Reporter reporter) {
        Optional<Verdict> refused = refusal(order);
        if (refused.isPresent()) {
            reporter.report(refused.get());
            return;
        }
        Spawner.Job job;
        try {
            job = job(order);
        } catch (NoSuchFileException _) {
            reporter.report(new Verdict.Later("Unable to open message. (#4.3.0)\n"));
            return;
        } catch (IOException e) {
            reporter.report(new Verdict.Later("Unable to read message: " + e + " (#4.3.0)\n"));
            return;
        } catch (IllegalArgumentException e) {
            reporter.report(new Verdict.Never("Sorry, an address is " + e.getMessage() + ". (#5.1.3)\n"));
            return;
        }
        int number = job.deliveries().getFirst().number();
        spawner.start(job, (_, verdict) -> reporter.report(verdict, () -> spawner.settled(job.id(), List.of(number))));
    }

    private static Optional<Verdict> refusal(Order order) {
        if (order.message.isEmpty() || !MESSAGE.matcher(order.message).matches()) {
            return Optional.of(new Verdict.Never("Internal error: messid has nonnumerics. (#5.3.5)\n"));
        }
        if (order.message.length() > MESSAGE_CHARS_MAX) {
            return Optional.of(new Verdict.Never("Internal error: messid too long. (#5.3.5)\n"));
        }
        if (order.recipient.indexOf('@') < 0) {
            return Optional.of(new Verdict.Never("Sorry, address must include host name. (#5.1.3)\n"));
        }
        return Optional.empty();
    }

    private Spawner.Job job(Order order) throws IOException {
        Path file = messages.resolve(order.message).normalize();
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException("it has the wrong type");
        }
        String digits = order.message.substring(order.message.lastIndexOf('/') + 1);
        Recipient recipient = Recipient.of(order.recipient);
        String host = remote ? Address.of(order.recipient).domain() : "";
        // the number names the delivery beyond this process, as the one in the command does not
        Spawner.Delivery delivery = new Spawner.Delivery(order.recipient.hashCode() & Integer.MAX_VALUE, recipient);
        return new Spawner.Job(
                digits.isEmpty() ? 0 : Long.parseLong(digits),
                Files.getLastModifiedTime(file).toInstant(),
                Recipient.of(order.sender).address(), // checked as one
                "",
                Body.of(file),
                host,
                List.of(delivery));
    }

    /// The next command; empty at the end of the stream, even in the middle of one.
    private static Optional<Order> read(InputStream in) throws IOException {
        int delivery = in.read();
        if (delivery < 0) {
            return Optional.empty();
        }
        Optional<String> message = field(in);
        Optional<String> sender = message.isEmpty() ? message : field(in);
        Optional<String> recipient = sender.isEmpty() ? sender : field(in);
        return recipient.map(to -> new Order(delivery, message.get(), sender.get(), to));
    }

    private static Optional<String> field(InputStream in) throws IOException {
        byte[] field = new byte[FIELD_BYTES_MAX];
        for (int length = 0; ; length++) {
            int b = in.read();
            if (b < 0) {
                return Optional.empty();
            }
            if (b == 0) {
                return Optional.of(new String(field, 0, length, StandardCharsets.UTF_8));
            }
            if (length == FIELD_BYTES_MAX) {
                throw new IOException("a field of a command is longer than " + FIELD_BYTES_MAX + " bytes");
            }
            field[length] = (byte) b;
        }
    }

    private static void report(PrintStream out, int delivery, Verdict verdict) {
        String text = verdict.text().replace('\0', '?');
        String cut = text.length() <= REPORT_CHARS_MAX
                ? text
                : text.substring(0, REPORT_CHARS_MAX) + "\nError report too long, sorry.\n";
        byte[] bytes = (" " + verdict.code() + cut + "\0").getBytes(StandardCharsets.UTF_8);
        bytes[0] = (byte) delivery;
        synchronized (out) {
            try {
                out.write(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException("a PrintStream does not throw", e);
            }
            out.flush();
        }
    }
}
