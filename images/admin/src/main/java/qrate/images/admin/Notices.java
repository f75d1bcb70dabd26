package qrate.images.admin;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import qrate.core.Control;
import qrate.core.Daemon;
import qrate.core.Health;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.State;
import qrate.directory.Logins;
import qrate.local.plan.Publication;
import qrate.qcontrol.QueueControl;
import qrate.webhooks.Notice;
import qrate.webhooks.NoticeFile;
import qrate.webhooks.NoticeWatch;
import qrate.webhooks.Webhooks;

/// What there is to tell, and who tells it: this process, or another that has the way out which admin has not.
final class Notices {
    /// Where admin leaves what there is to tell, for another process.
    private static final String FILE = "QRATE_NOTICES";

    private Notices() {}

    /// How long a place that somebody has signed in from is new.
    private static final Duration NEW_FOR = Duration.ofHours(1);

    /// Who knows what there is to tell.
    record Known(Health health, QueueControl queue, Publication mailboxes, Logins logins) {}

    /// Looks from now on, and tells who wants to know; or leaves it where `QRATE_NOTICES` says.
    static void open(Daemon daemon, Known known, State state, Map<String, String> environment, Log log) {
        InstantSource clock = InstantSource.system();
        List<NoticeWatch.Source> sources = List.of(
                () -> problems(known.health),
                () -> senders(known.queue),
                () -> mailboxes(known.mailboxes),
                () -> logins(known.logins));
        String file = environment.getOrDefault(FILE, "");
        if (file.isEmpty()) {
            NoticeWatch watch = daemon.add(NoticeWatch.start(sources, _ -> {}, clock));
            Control control = new Control(state.control(), clock);
            Webhooks webhooks = daemon.add(Webhooks.start(control, watch, clock, log));
            known.health.watch("webhooks", webhooks::problem);
        } else {
            NoticeFile left = new NoticeFile(Path.of(file), clock);
            daemon.add(NoticeWatch.start(sources, left::write, clock));
        }
    }

    /// The process that tells what admin has left: with a way out, and nothing else of the system's.
    static int tell(List<String> arguments, Program.Stdio stdio) throws Exception {
        Log log = Log.standard(stdio.environment());
        Daemon daemon = new Daemon(stdio.environment(), log);
        InstantSource clock = InstantSource.system();
        Control control = new Control(State.of(stdio.environment()).control(), clock);
        NoticeFile left =
                new NoticeFile(Path.of(stdio.environment().getOrDefault(FILE, "/var/qmail/notices/notices")), clock);
        Webhooks webhooks = daemon.add(Webhooks.start(control, left, clock, log));
        daemon.health().watch("webhooks", webhooks::problem);
        return daemon.untilTerm();
    }

    /// One for each part that has a problem: texts change while a problem stays the same.
    static Map<Notice.About, String> problems(Health health) {
        Map<Notice.About, String> all = new LinkedHashMap<>();
        for (String line : health.everywhere()) {
            int colon = line.indexOf(": ");
            Notice.About about =
                    new Notice.About(Notice.Event.PROBLEM, colon < 0 ? "health" : line.substring(0, colon));
            all.merge(about, colon < 0 ? line : line.substring(colon + 2), (one, other) -> one + "; " + other);
        }
        return all;
    }

    private static Map<Notice.About, String> senders(QueueControl queue) throws IOException {
        Map<Notice.About, String> all = new LinkedHashMap<>();
        for (QueueControl.Sender sender : queue.senders()) {
            if (sender.stopped()) {
                all.put(new Notice.About(Notice.Event.SENDER, sender.login()), sender.why());
            }
        }
        return all;
    }

    /// One for each address of a client: a second one in the same new network is worth telling, too.
    static Map<Notice.About, String> logins(Logins logins) throws IOException {
        Map<Notice.About, String> all = new LinkedHashMap<>();
        for (Logins.Login login : logins.fresh(NEW_FOR, "")) {
            all.merge(
                    new Notice.About(Notice.Event.LOGIN, login.holder() + " from " + login.from()),
                    "signed in by " + login.door() + " from a network that was never seen before",
                    (first, _) -> first);
        }
        return all;
    }

    private static Map<Notice.About, String> mailboxes(Publication mailboxes) {
        Map<Notice.About, String> all = new LinkedHashMap<>();
        mailboxes.nearlyFull().forEach((address, left) -> {
            boolean full = left.bytes() == 0 || left.messages() == 0;
            String text = full ? "full: mail for it is refused" : "less than a tenth of its quota is left";
            all.put(new Notice.About(Notice.Event.MAILBOX, address.toString()), text);
        });
        return all;
    }
}
