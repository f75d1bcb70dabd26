package qrate.local.deliver;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import qrate.address.Found;
import qrate.address.User;
import qrate.core.Address;
import qrate.core.Control;
import qrate.core.Getopt;
import qrate.core.Intake;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.RealDisk;
import qrate.core.Recipient;
import qrate.core.Spawner;
import qrate.core.Spool;
import qrate.core.State;
import qrate.core.Steps;
import qrate.core.Verdict;
import qrate.dotqmail.Line;
import qrate.local.plan.DotQmail;
import qrate.local.plan.Homes;
import qrate.local.plan.Instructions;
import qrate.local.plan.Place;
import qrate.local.plan.Plan;
import qrate.local.plan.Planner;
import qrate.local.plan.Refusals;
import qrate.maildir.MaildirQuota;
import qrate.wordings.Wordings;

/// `qmail-local [-nN] user homedir local dash ext domain sender defaultdelivery` (qmail-local(8)).
///
/// Delivers the message on descriptor 0 as whoever runs it; `-n` says what it would do instead.
public final class QmailLocal implements Program {
    private static final int HARD = 100;
    private static final int SOFT = 111;
    private static final int ARGUMENTS = 8;
    private static final Getopt KNOWN = Getopt.of("nN");
    private static final MaildirQuota.Limit NO_LIMIT = new MaildirQuota.Limit(0, 0);

    private final Function<Map<String, String>, Intake> forwards;
    private final InstantSource clock;

    /// @param forwards from the environment to what takes what is sent on
    public QmailLocal(Function<Map<String, String>, Intake> forwards, InstantSource clock) {
        this.forwards = forwards;
        this.clock = clock;
    }

    /// The arguments behind the options.
    private record Call(
            String user,
            Path home,
            String local,
            String dash,
            String ext,
            String domain,
            String sender,
            String defaultDelivery) {}

    /// @return 0 when every instruction was followed, 100 for a hard error or a wrong call, 111 for a soft one
    @Override
    public int run(List<String> arguments, Stdio stdio) throws IOException {
        Getopt.Given given;
        try {
            given = KNOWN.read(arguments);
        } catch (Getopt.Misuse _) {
            return usage(stdio);
        }
        boolean doing =
                given.options().isEmpty() || given.options().getLast().name().equals("N");
        List<String> rest = given.operands();
        if (rest.size() != ARGUMENTS || !rest.get(1).startsWith("/")) {
            return usage(stdio);
        }
        Call call = new Call(
                rest.get(0),
                Path.of(rest.get(1)).normalize(),
                rest.get(2),
                rest.get(3),
                rest.get(4),
                rest.get(5),
                rest.get(6),
                rest.get(7));
        Verdict verdict = doing ? deliver(call, stdio) : describe(call, stdio);
        switch (verdict) {
            case Verdict.Delivered(String did) -> stdio.out().println(did);
            case Verdict.Later(String why) -> complain(why, stdio);
            case Verdict.Never(String why) -> complain(why, stdio);
        }
        return switch (verdict) {
            case Verdict.Delivered _ -> 0;
            case Verdict.Later _ -> SOFT;
            case Verdict.Never _ -> HARD;
        };
    }

    /// A program that failed may have said nothing.
    private static void complain(String why, Stdio stdio) {
        if (!why.isEmpty()) {
            stdio.err().println(why);
        }
    }

    private static int usage(Stdio stdio) {
        stdio.err()
                .println("qmail-local: usage: qmail-local [ -nN ] user homedir local dash ext domain sender"
                        + " defaultdelivery");
        return HARD;
    }

    private static Plan plan(Call call, DotQmail files) throws IOException {
        User user = new User(call.user, User.OWN, User.OWN, call.home.toString(), call.dash, call.ext);
        return switch (files.find(call.home, call.dash, call.ext, Steps.none())) {
            case Found.Nobody _ -> new Plan.Answer(Refusals.noMailbox());
            case Found.Wait(String why) -> new Plan.Answer(new Verdict.Later(why));
            case Found.NoHome _, Found.Unseen _ ->
                new Plan.Answer(new Verdict.Later("Unable to switch to home directory: it is missing. (#4.3.0)"));
            case Found.Default(Optional<String> rest) ->
                Planner.byDefault(
                        new Place(user, call.home, call.ext, rest, NO_LIMIT, true, false), call.defaultDelivery);
            case Found.File file ->
                new Plan.Follow(new Place(user, call.home, call.ext, file.rest(), NO_LIMIT, true, false), file);
        };
    }

    private Verdict deliver(Call call, Stdio stdio) throws IOException {
        Path root = Path.of("/");
        Homes homes = new Homes(root);
        DotQmail files = new DotQmail(homes);
        Plan plan = plan(call, files);
        if (!(plan instanceof Plan.Follow(Place place, Found.File file))) {
            return plan instanceof Plan.Answer(Verdict verdict)
                    ? verdict
                    : new Verdict.Later("Nothing says where this goes. (#4.3.5)");
        }
        Log log = new Log(stdio.err(), Log.Stamp.NONE, clock);
        try (Spool.Held body = Spool.temporary().all(stdio.in())) {
            Spawner.Delivery delivery = new Spawner.Delivery(0, Recipient.of(call.local + "@" + call.domain));
            String sender = Recipient.of(call.sender).address(); // checked as one
            Spawner.Job job = new Spawner.Job(0, clock.instant(), sender, "", body, "", List.of(delivery));
            Mailing mailing = new Mailing(job, delivery, new Address(call.local, call.domain), new Trail(job.body()));
            if (mailing.loops()) {
                return Refusals.looping();
            }
            Maildirs maildirs = new HandMaildirs(
                    new RealDisk(root), hostName(), ProcessHandle.current().pid(), log);
            Actions actions = new Actions(
                    homes,
                    maildirs,
                    Actions.Forwards.byHand(forwards.apply(stdio.environment())),
                    new Control(State.of(stdio.environment()).control(), clock),
                    clock,
                    new QuotaWarnings(homes, maildirs, Wordings.builtIn(), clock, log));
            Programs programs = new Programs(Programs.RUN_MAX, 1);
            Instructions instructions = new Instructions(homes, programs::isKnown);
            return new DotQmailDelivery(files, instructions, actions, programs, log).run(mailing, place, file);
        } catch (IllegalArgumentException e) {
            return new Verdict.Never("An address is " + e.getMessage() + ". (#5.1.3)");
        }
    }

    static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException _) {
            return "localhost"; // only part of a file's name
        }
    }

    /// `-n`: each instruction in one line, none followed.
    private static Verdict describe(Call call, Stdio stdio) throws IOException {
        if (Files.isDirectory(call.home) && DotQmail.isSticky(call.home)) {
            stdio.err().println("Warning: home directory is sticky.");
        }
        return switch (plan(call, DotQmail.looking(new Homes(Path.of("/"))))) {
            case Plan.Answer(Verdict verdict) -> verdict;
            case Plan.ByDirectory _, Plan.ByAnother _ -> new Verdict.Later("The directory decides. (#4.3.5)");
            case Plan.Follow(Place _, Found.File file) -> describe(file, stdio.out());
        };
    }

    private static Verdict describe(Found.File file, PrintStream out) {
        int mailboxes = 0;
        int forwards = 0;
        int programs = 0;
        for (Line line : file.lines()) {
            Optional<Verdict> refused = Instructions.refused(file, line);
            if (refused.isPresent()) {
                return refused.get();
            }
            out.println(line.words());
            switch (line) {
                case Line.Forward _ -> forwards++;
                case Line.Program _ -> programs++;
                case Line.Mbox _, Line.Maildir _ -> mailboxes++;
            }
        }
        return new Verdict.Delivered("did " + mailboxes + "+" + forwards + "+" + programs);
    }
}
