package qrate.reports;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import qrate.core.Address;
import qrate.core.Control;
import qrate.core.Getopt;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Reasons;
import qrate.core.State;
import qrate.dmarc.DomainNames;
import qrate.snapshots.Directory;
import qrate.snapshots.SnapshotDirectory;

/// `dmarc DOMAIN [--days N] [--mailbox ADDRESS] [--json]`: who sends in a domain's name, by the reports of others
/// (dmarc(8)).
///
/// Exit code 0, 100 for a wrong call or where there is no such mailbox, 111 when it cannot be read.
public final class DmarcCommand implements Program {
    private static final String USAGE = "dmarc: usage: dmarc DOMAIN [--days N] [--mailbox ADDRESS] [--json]";
    private static final Getopt KNOWN = Getopt.anywhere("", "days:", "mailbox:", "json");
    private static final int WRONG = 100;
    private static final int TEMPORARY = 111;
    private static final int DAYS_USUAL = 30;
    private static final int DAYS_DIGITS_MAX = 4;

    private final InstantSource clock;
    private final BiFunction<State, InstantSource, Directory> directories;

    public DmarcCommand(InstantSource clock) {
        this(clock, SnapshotDirectory::new);
    }

    DmarcCommand(InstantSource clock, BiFunction<State, InstantSource, Directory> directories) {
        this.clock = clock;
        this.directories = directories;
    }

    /// A call that cannot be answered.
    private static final class Wrong extends Exception {
        private static final long serialVersionUID = 1L;

        Wrong(String why) {
            super(why, null, false, false);
        }
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) {
        try {
            Getopt.Given given = KNOWN.read(arguments);
            Optional<String> domain = DomainNames.of(given.operand(0));
            if (given.operands().size() != 1 || domain.isEmpty()) {
                throw new Wrong(given.operands().isEmpty() ? "no domain is named" : "one domain is named");
            }
            show(domain.get(), given, stdio);
            return 0;
        } catch (Getopt.Misuse | Wrong e) {
            stdio.err().println("dmarc: " + Log.escape(e.getMessage()) + (e instanceof Wrong ? "" : "\n" + USAGE));
            return WRONG;
        } catch (IOException e) {
            stdio.err().println("dmarc: fatal: " + Reasons.of(e));
            return TEMPORARY;
        }
    }

    private void show(String domain, Getopt.Given given, Stdio stdio) throws IOException, Wrong {
        Instant since = clock.instant().minus(Duration.ofDays(days(given)));
        State state = State.of(stdio.environment());
        Optional<String> named = new Control(state.control(), clock).line("dmarcmailbox");
        String address = given.last("mailbox").or(() -> named).orElse("postmaster@" + domain);
        ReportMailbox mailbox = new ReportMailbox(maildir(state, address));
        DomainReports reports = new DomainReports(domain, since);
        mailbox.read(since, reports::add);
        ShownReports shown = new ShownReports(domain, address, mailbox, reports);
        if (given.has("json")) {
            shown.json(stdio.out());
        } else {
            shown.text(stdio.out());
        }
    }

    private static int days(Getopt.Given given) throws Wrong {
        String days = given.last("days").orElse(Integer.toString(DAYS_USUAL));
        boolean number = !days.isEmpty()
                && days.length() <= DAYS_DIGITS_MAX
                && days.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!number) {
            throw new Wrong("--days takes a number of days, not " + days);
        }
        return Integer.parseInt(days);
    }

    private Path maildir(State state, String address) throws IOException, Wrong {
        Directory.Route route;
        try {
            route = directories.apply(state, clock).route(Address.of(address));
        } catch (IllegalArgumentException _) {
            throw new Wrong(address + " is no address");
        }
        if (route instanceof Directory.Route.Mailbox mailbox) {
            return state.maildirs().resolve(mailbox.home()).resolve("Maildir");
        }
        throw new Wrong(address
                + " is no mailbox here: --mailbox or control/dmarcmailbox names the one to which reports" + " come");
    }
}
