package qrate.images.queue;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import qrate.core.Daemon;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.State;
import qrate.posix.DescriptorStreams;
import qrate.posix.Posix;
import qrate.posix.QmailStart;
import qrate.qmqp.QmqpClient;
import qrate.queue.Journal;
import qrate.spawn.Mess;
import qrate.spawn.ProgramSpawner;
import qrate.spawn.QmailClean;

/// qmail-send as qmail-start runs it: its log on descriptor 0, the other programs on 1 to 6 (qmail-send(8)).
///
/// TERM ends it when what is out has been answered, HUP has it read `locals` and `virtualdomains`, ALRM makes every
/// message due. It ends as well when one of the programs or the logger does.
final class QmailSend implements Program {
    private static final int TEMPORARY = 111;
    private static final int LOG = 0;
    private static final int CLEAN = 5;

    private final Posix posix;

    QmailSend(Posix posix) {
        this.posix = posix;
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) throws InterruptedException {
        if (!arguments.isEmpty()) {
            stdio.err().println("qmail-send: fatal: it takes no arguments");
            return qrate.core.Launcher.USAGE;
        }
        if (!isWired()) {
            stdio.err().println("qmail-send: fatal: descriptors 1 to 6 are not those of qmail-start, which runs this");
            return TEMPORARY;
        }
        // descriptor 0 is written here, whatever it is called
        PrintStream zero = new PrintStream(new FileOutputStream(FileDescriptor.in), true, StandardCharsets.UTF_8);
        Log log = new Log(zero, Log.Stamp.NONE, InstantSource.system());
        CountDownLatch end = new CountDownLatch(1);
        try (Daemon daemon = new Daemon(log)) {
            open(daemon, stdio.environment(), log, end::countDown);
            end.await();
            return 0;
        } catch (IOException | IllegalArgumentException e) {
            log.line("alert: cannot start: " + e.getMessage());
            return TEMPORARY;
        }
    }

    /// Without the programs, the JVM's own files stand there.
    private static boolean isWired() {
        try {
            for (int i = 1; i <= CLEAN + 1; i++) {
                String what =
                        Files.readSymbolicLink(Path.of("/proc/self/fd/" + i)).toString();
                if (!what.startsWith("pipe:") && !what.startsWith("socket:")) {
                    return false;
                }
            }
            return true;
        } catch (IOException _) {
            return false; // one is closed
        }
    }

    private void open(Daemon daemon, Map<String, String> environment, Log log, Runnable end) throws IOException {
        DescriptorStreams streams = new DescriptorStreams(posix);
        Path messages = State.of(environment).queue().resolve("mess");
        AtomicBoolean cleanLost = new AtomicBoolean();
        Runnable lostClean = () -> {
            if (!cleanLost.getAndSet(true)) {
                log.line("alert: oh no! lost qmail-clean connection! dying...");
            }
            end.run();
        };
        Mess mess = new Mess(messages, QmailClean.asked(streams.out(CLEAN), streams.in(CLEAN + 1), lostClean), log);
        Roles roles = new Roles(daemon, State.of(environment), environment, log);
        QmqpClient.Server at = QmqpClient.Server.of(environment.getOrDefault("QRATE_SEND", QmailStart.SEND_USUAL));
        Journal queue = roles.queue();
        mess.sweep();
        ProgramSpawner local = daemon.add(ProgramSpawner.open(
                new ProgramSpawner.Channel("qmail-lspawn", streams.out(1), streams.in(2), end), mess, log));
        ProgramSpawner remote = daemon.add(ProgramSpawner.open(
                new ProgramSpawner.Channel("qmail-rspawn", streams.out(3), streams.in(4), end), mess, log));
        Signals.at("TERM", end, log);
        roles.send(queue, List.of(at), local, remote);
        // a queue that nobody hears of is none, and qmail-clean may not be asked anything for days
        watch(streams, LOG, end);
        watch(streams, CLEAN, lostClean);
    }

    /// Waits behind the scenes for the end of whoever reads a descriptor.
    private static void watch(DescriptorStreams streams, int descriptor, Runnable lost) {
        Thread.ofPlatform().daemon().name("watch-" + descriptor).start(() -> {
            try {
                while (!streams.isBroken(descriptor, Integer.MAX_VALUE)) {
                    // a wait as long as a wait can be
                }
                lost.run();
            } catch (IOException _) {
                lost.run(); // it cannot even be asked about
            }
        });
    }
}
