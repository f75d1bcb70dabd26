package qrate.spawn;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import qrate.core.Log;
import qrate.core.Recipient;
import qrate.core.Spawner;
import qrate.core.Verdict;

/// qmail-send's end of the channel to a qmail-lspawn or qmail-rspawn, ours or the C program of that name; the other
/// end is {@link QmailSpawn}.
///
/// A delivery is a command and waits here for a free number. When the program is gone, everything open is answered
/// as "nobody was there to try it", and so is everything later.
public final class ProgramSpawner implements Spawner {
    /// Longest report that is kept, in bytes; the rest of a longer one is dropped.
    static final int REPORT_BYTES_MAX = 10_000;

    private static final int NUMBERS = 256;

    /// Where its two descriptors are, and what to do about its end.
    ///
    /// @param name `qmail-lspawn` or `qmail-rspawn`
    /// @param commands its descriptor 0
    /// @param reports its descriptor 1
    /// @param lost run once when it is gone
    public record Channel(String name, OutputStream commands, InputStream reports, Runnable lost) {}

    /// One delivery, waiting or open.
    private record Task(Job job, Delivery delivery, Answers answers, AtomicInteger left) {}

    private final Channel channel;
    private final Mess mess;
    private final Log log;
    private final BlockingQueue<Task> waiting = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> numbers = new LinkedBlockingQueue<>();
    private final AtomicReferenceArray<Task> open = new AtomicReferenceArray<>(NUMBERS);
    private final Thread writer;
    private final Thread reader;
    private volatile boolean gone;
    private volatile boolean closed;

    private ProgramSpawner(Channel channel, Mess mess, Log log) {
        this.channel = channel;
        this.mess = mess;
        this.log = log;
        // a read or write of a plain descriptor holds its thread
        this.writer =
                Thread.ofPlatform().daemon().name(channel.name() + "-commands").unstarted(this::write);
        this.reader =
                Thread.ofPlatform().daemon().name(channel.name() + "-reports").unstarted(this::read);
    }

    /// Waits until the program says how many deliveries it takes at once.
    ///
    /// @throws IOException when it is not there
    public static ProgramSpawner open(Channel channel, Mess mess, Log log) throws IOException {
        int most = channel.reports().read();
        if (most <= 0) {
            throw new EOFException(channel.name() + " does not run, or takes no deliveries");
        }
        ProgramSpawner made = new ProgramSpawner(channel, mess, log);
        for (int i = 0; i < most; i++) {
            made.numbers.add(i);
        }
        made.writer.start();
        made.reader.start();
        return made;
    }

    @Override
    public void start(Job job, Answers answers) {
        List<Recipient> all = job.deliveries().stream().map(Delivery::recipient).toList();
        if (!job.host().isEmpty() && job.envelope(all).requiresTls()) {
            Verdict untold =
                    new Verdict.Never("qmail-rspawn cannot be told that a message must go by TLS. (#5.7.30)\n");
            job.deliveries().forEach(delivery -> answers.answer(delivery.number(), untold));
            return;
        }
        try {
            mess.lend(job);
        } catch (IOException e) {
            job.deliveries()
                    .forEach(delivery -> answers.answer(
                            delivery.number(), new Verdict.Later("Unable to lay out message: " + e + " (#4.3.0)\n")));
            return;
        }
        AtomicInteger left = new AtomicInteger(job.deliveries().size());
        job.deliveries().forEach(delivery -> waiting.add(new Task(job, delivery, answers, left)));
        if (gone) {
            answerAll();
        }
    }

    private void write() {
        try {
            while (!gone) {
                // the number first: whoever waits for one has no task in his hands
                int number = numbers.take();
                Task task = waiting.take();
                open.set(number, task);
                try {
                    channel.commands().write(command(number, task));
                    channel.commands().flush();
                } catch (IOException e) {
                    lost(e);
                }
            }
            answerAll();
        } catch (InterruptedException _) {
            answerAll(); // gone or closed while it waited
        }
    }

    private static byte[] command(int number, Task task) {
        byte[] command = (" " + Mess.name(task.job.id()) + "\0" + task.job.sender() + "\0"
                        + task.delivery.recipient().address() + "\0")
                .getBytes(StandardCharsets.UTF_8);
        command[0] = (byte) number;
        return command;
    }

    private void read() {
        try {
            while (true) {
                int number = channel.reports().read();
                if (number < 0) {
                    throw new EOFException("its stream has ended");
                }
                String report = report();
                Task task = open.getAndSet(number, null);
                if (task == null) {
                    log.line("warning: internal error: delivery report out of range");
                    continue;
                }
                numbers.add(number);
                answer(task, verdict(report));
            }
        } catch (IOException e) {
            lost(e);
        }
    }

    private String report() throws IOException {
        byte[] report = new byte[REPORT_BYTES_MAX];
        int length = 0;
        for (int b = channel.reports().read(); b != 0; b = channel.reports().read()) {
            if (b < 0) {
                throw new EOFException("its stream has ended in a report");
            }
            if (length < report.length) {
                report[length++] = (byte) b;
            }
        }
        return new String(report, 0, length, StandardCharsets.UTF_8);
    }

    private static Verdict verdict(String report) {
        return report.isEmpty() || "KZD".indexOf(report.charAt(0)) < 0
                ? new Verdict.Later("report mangled, will defer")
                : Verdict.of(report.charAt(0), report.substring(1));
    }

    private void answer(Task task, Verdict verdict) {
        task.answers.answer(task.delivery.number(), verdict);
        if (task.left.decrementAndGet() == 0) {
            mess.giveBack(task.job.id());
        }
    }

    private void lost(IOException why) {
        boolean first;
        synchronized (this) {
            first = !gone;
            gone = true;
        }
        if (first && !closed) {
            log.line("alert: oh no! lost " + channel.name() + " connection! dying...");
            log.line("status: " + channel.name() + ": " + why.getMessage());
        }
        writer.interrupt();
        answerAll();
        if (first) {
            channel.lost().run();
        }
    }

    private void answerAll() {
        if (!gone) {
            return;
        }
        Verdict nobody = new Verdict.Later(NO_ANSWER + " " + channel.name());
        for (int i = 0; i < NUMBERS; i++) {
            Task task = open.getAndSet(i, null);
            if (task != null) {
                answer(task, nobody);
            }
        }
        for (Task task = waiting.poll(); task != null; task = waiting.poll()) {
            answer(task, nobody);
        }
    }

    @Override
    public void settled(long id, List<Integer> settled) {
        // the channel has no word for it
    }

    /// Tells the program to finish and end.
    @Override
    public void close() {
        closed = true;
        try {
            channel.commands().close();
        } catch (IOException _) {
            // it is gone, and that was said
        }
    }
}
