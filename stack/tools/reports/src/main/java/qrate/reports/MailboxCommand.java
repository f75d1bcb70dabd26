package qrate.reports;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import qrate.core.Control;
import qrate.core.Getopt;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Reasons;
import qrate.core.State;
import qrate.dmarc.DomainNames;
import qrate.reported.ReportHead;
import qrate.reported.ReportHead.Kind;
import qrate.reported.ReportSummary;
import qrate.snapshots.Directory;

/// `NAME DOMAIN [--days N] [--mailbox ADDRESS] [--json]`: what the reports in a mailbox say of a domain.
///
/// Exit code 0, 100 for a wrong call or where there is no such mailbox, 111 when it cannot be read.
///
/// @param name of the command
/// @param setting the control file that names the mailbox
/// @param directories asked for the mailbox
record MailboxCommand(
        String name,
        String setting,
        InstantSource clock,
        BiFunction<State, InstantSource, Directory> directories,
        Showing showing)
        implements Program {
    private static final Getopt KNOWN = Getopt.anywhere("", "days:", "mailbox:", "json");
    private static final int WRONG = 100;
    private static final int TEMPORARY = 111;
    private static final int DAYS_USUAL = 30;
    private static final int DAYS_DIGITS_MAX = 4;

    /// What is asked for.
    ///
    /// @param domain in ASCII, lower case
    /// @param address of the mailbox
    record Asked(String domain, Instant since, String address, boolean json) {
        /// What the reports in a mailbox say of the domain and those below it.
        ReportSummary read(ReportMailbox mailbox) throws IOException {
            ReportSummary summary = new ReportSummary(since);
            mailbox.read(
                    since,
                    new ReportTaker(about -> about.equals(domain) || about.endsWith("." + domain)
                            ? Optional.of(summary)
                            : Optional.empty()));
            return summary;
        }

        /// Says what was not read, and what could not be.
        void printUnread(ReportMailbox mailbox, PrintStream out) {
            if (mailbox.left() > 0) {
                out.println("Only the newest " + ReportMailbox.MESSAGES_MAX + " messages were read, not "
                        + mailbox.left() + " older ones.");
            }
            if (mailbox.unreadable() > 0) {
                out.println(mailbox.unreadable() + " of " + mailbox.messages() + " messages in " + Log.escape(address)
                        + " hold something that is no report.");
            }
        }

        /// Says which reports count for nothing.
        void printDoubtful(ReportSummary summary, Kind kind, PrintStream out) {
            List<ReportHead> doubtful = summary.doubtful(kind);
            if (!doubtful.isEmpty()) {
                Set<String> names = new TreeSet<>();
                doubtful.forEach(head -> names.add(head.organization()));
                out.println(doubtful.size()
                        + " more came without a good signature of the domain that they are from, and are not counted;"
                        + " they name themselves " + Log.escape(String.join(", ", names)) + ".");
            }
        }

        /// What every answer for programs begins with.
        Map<String, Object> shape(ReportMailbox mailbox) {
            Map<String, Object> shape = new LinkedHashMap<>();
            shape.put("domain", domain);
            shape.put("mailbox", address);
            shape.put("messages", mailbox.messages());
            shape.put("unreadable", mailbox.unreadable());
            shape.put("unread", mailbox.left());
            return shape;
        }
    }

    /// Reads the mailbox and prints.
    @FunctionalInterface
    interface Showing {
        /// @throws IOException when the mailbox cannot be read
        void show(Asked asked, ReportMailbox mailbox, Stdio stdio) throws IOException;
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
            String usage = name + ": usage: " + name + " DOMAIN [--days N] [--mailbox ADDRESS] [--json]";
            stdio.err().println(name + ": " + Log.escape(e.getMessage()) + (e instanceof Wrong ? "" : "\n" + usage));
            return WRONG;
        } catch (IOException e) {
            stdio.err().println(name + ": fatal: " + Reasons.of(e));
            return TEMPORARY;
        }
    }

    private void show(String domain, Getopt.Given given, Stdio stdio) throws IOException, Wrong {
        Instant since = clock.instant().minus(Duration.ofDays(days(given)));
        State state = State.of(stdio.environment());
        ReportBoxes boxes = new ReportBoxes(new Control(state.control(), clock), directories.apply(state, clock));
        String address = given.has("mailbox") ? given.last("mailbox").orElseThrow() : boxes.address(setting, domain);
        ReportMailbox mailbox =
                new ReportMailbox(state.maildirs().resolve(home(boxes, address)).resolve("Maildir"), boxes.me());
        showing.show(new Asked(domain, since, address, given.has("json")), mailbox, stdio);
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

    private String home(ReportBoxes boxes, String address) throws IOException, Wrong {
        return boxes.home(address)
                .orElseThrow(() -> new Wrong(address + " is no mailbox here: --mailbox or control/" + setting
                        + " names the one to which reports come"));
    }
}
