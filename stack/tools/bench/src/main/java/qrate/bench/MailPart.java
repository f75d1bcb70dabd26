package qrate.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Mail into mailboxes here, and reading it.
final class MailPart {
    /// How long after its start the memory of a process is that of an idle one.
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final int POP3_MESSAGES = 100;

    /// Sign-ins of a mailbox in a round.
    private static final int LOGINS_EACH = 10;

    /// Messages that compile the hot paths of the generator, as measured.
    private static final int WARM_UP_MESSAGES = 20_000;

    private final BenchRun run;
    private final Servers servers;

    private MailPart(BenchRun run, Servers servers) {
        this.run = run;
        this.servers = servers;
    }

    static void run(BenchRun run) throws IOException {
        try (Servers servers = new Servers(run, "mail")) {
            new MailPart(run, servers).all();
        }
    }

    private void all() throws IOException {
        long idleFrom = System.nanoTime();
        List<Server.Ours> ours = servers.ours();
        List<Server.Holding> postfix = new ArrayList<>();
        servers.postfix(PostfixServer.Setting.USUAL).ifPresent(postfix::add);
        if (!postfix.isEmpty()) {
            servers.postfix(PostfixServer.Setting.WITHOUT_DELAY).ifPresent(postfix::add);
        }
        ceiling();
        // what starting took is given back after a while
        LockSupport.parkNanos(IDLE_NANOS - (System.nanoTime() - idleFrom));
        memory("idle", ours);
        delivering(ours, postfix);
        reading(ours);
        if (run.wants(RowGroup.ACCEPTING)) {
            accepting(ours, postfix);
        }
        memory("after the load", ours);
    }

    private void memory(String when, List<Server.Ours> ours) throws IOException {
        for (Server.Ours one : ours) {
            ProcessTree.Memory memory = one.memory();
            run.out()
                    .printf(
                            "memory of %s, %s: %.1f MiB of its own, %.1f with the files that it maps%n",
                            one.name(), when, memory.own() / 1024.0, memory.all() / 1024.0);
        }
        run.out().println();
    }

    private void delivering(List<Server.Ours> ours, List<Server.Holding> postfix) throws IOException {
        Rounds all = run.rounds();
        if (run.wants(RowGroup.MAIL)) {
            for (Server.Ours one : ours) {
                if (one instanceof ComposeServer containers) {
                    run.out().printf("%s: %s%n%n", one.name(), containers.starts());
                }
            }
            all.cold(
                    ours.stream().filter(one -> one instanceof ComposeServer).toList(),
                    run.load(1, BenchRun.BODY_BYTES),
                    run.messages());
        }
        if (run.wants(RowGroup.MAIL) || run.wants(RowGroup.LISTS)) {
            for (Server.Ours one : ours) {
                run.warmUp(one);
            }
        }
        List<Server> mail = new ArrayList<>(ours);
        mail.addAll(postfix);
        if (run.wants(RowGroup.MAIL)) {
            all.deliver(mail, run.load(1, BenchRun.BODY_BYTES), run.messages());
            all.deliver(mail, run.load(20, 4 * BenchRun.BODY_BYTES), run.messages());
            all.deliver(mail, new SmtpLoad(1, 1, BenchRun.BODY_BYTES, false), run.messages() / 2);
            all.deliver(mail, new SmtpLoad(5, 1, 1 << 20, false), Math.max(1, run.messages() / 10));
        }
        if (run.wants(RowGroup.LISTS)) {
            for (int recipients = 10; recipients <= Server.MANY; recipients *= 10) {
                var _ = all.list(mail, new ListLoad(recipients, Math.max(1, run.messages() / recipients)));
            }
        }
    }

    private void reading(List<Server.Ours> ours) throws IOException {
        if (run.wants(RowGroup.POP3)) {
            List<Server> readers = new ArrayList<>(ours);
            servers.dovecot(DovecotServer.Passwords.IN_CLEAR).ifPresent(readers::add);
            run.rounds().pop3(readers, new Pop3Load(Server.MAILBOXES, POP3_MESSAGES));
        }
        if (run.wants(RowGroup.LOGINS)) {
            List<Server> doors = new ArrayList<>(ours);
            servers.dovecot(DovecotServer.Passwords.HASHED).ifPresent(doors::add);
            servers.dovecot(DovecotServer.Passwords.HASHED_AND_CACHED).ifPresent(doors::add);
            run.rounds().logins(doors, Server.MAILBOXES, LOGINS_EACH);
        }
    }

    /// A restarted JVM is cold again, so these come last.
    private void accepting(List<Server.Ours> ours, List<Server.Holding> postfix) throws IOException {
        List<Server.Holding> held = new ArrayList<>();
        ours.stream().filter(one -> one instanceof Server.Holding).forEach(one -> held.add((Server.Holding) one));
        if (held.isEmpty()) {
            return;
        }
        held.addAll(postfix);
        Rounds all = run.rounds();
        SmtpLoad single = run.load(1, BenchRun.BODY_BYTES);
        for (Server.Holding server : held) {
            server.hold(true);
        }
        for (Server.Holding server : held) {
            if (server instanceof Server.Ours) {
                run.warmUp(server, () -> single.run(server.smtp(), run.messages()));
            }
        }
        all.accept(held, single, run.messages());
        all.accept(held, new SmtpLoad(run.size().connections(), 1, BenchRun.BODY_BYTES, true), run.messages());
        all.accept(held, run.load(20, BenchRun.BODY_BYTES), run.messages());
    }

    private void ceiling() throws IOException {
        try (NullSink sink = NullSink.here(1)) {
            for (SmtpLoad load : List.of(
                    run.load(1, BenchRun.BODY_BYTES),
                    run.load(20, 4 * BenchRun.BODY_BYTES),
                    new SmtpLoad(1, 1, BenchRun.BODY_BYTES, false))) {
                load.run(sink.addresses().getFirst(), WARM_UP_MESSAGES);
                run.out()
                        .printf(
                                "the generator alone, into a null sink, %s: %.0f messages/s%n",
                                load.name(),
                                load.run(sink.addresses().getFirst(), run.messages())
                                        .perSecond());
            }
        }
        run.out().println();
        DiskCeiling.tell(run);
    }
}
