package qrate.local.deliver;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import qrate.address.Claim;
import qrate.address.Found;
import qrate.address.Nobody;
import qrate.address.Resolver;
import qrate.address.Returns;
import qrate.address.SystemAccounts;
import qrate.address.User;
import qrate.address.Users;
import qrate.core.Address;
import qrate.core.Control;
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
import qrate.local.plan.DotQmail;
import qrate.local.plan.Homes;
import qrate.local.plan.Instructions;
import qrate.local.plan.Place;
import qrate.local.plan.Plan;
import qrate.local.plan.Planner;
import qrate.local.plan.Refusals;
import qrate.local.plan.VirtualUsers;
import qrate.snapshots.Directory;
import qrate.wordings.Wordings;

/// `vdelivermail '' bounce-no-mailbox|delete|/path|address`: delivers the message on descriptor 0 to the user EXT of
/// the directory's domain HOST, as qmail-local runs it from a domain's `.qmail-default` (vpopmail).
///
/// qmail-lspawn understands such a line itself; this is for a qmail-local that does not, and follows the same plan by
/// the same code. Like every program it delivers again when it is run again.
public final class Vdelivermail implements Program {
    private static final int HARD = 100;
    private static final int SOFT = 111;
    private static final String POSTMASTER = "postmaster@";

    private final Function<Map<String, String>, Intake> forwards;
    private final Function<State, Directory> directories;
    private final InstantSource clock;

    /// @param forwards from the environment to what takes what is sent on
    /// @param directories says which addresses have mailboxes
    public Vdelivermail(
            Function<Map<String, String>, Intake> forwards,
            Function<State, Directory> directories,
            InstantSource clock) {
        this.forwards = forwards;
        this.directories = directories;
        this.clock = clock;
    }

    /// @return 0 once it is delivered, or thrown away as told; 100 when nobody has the address, or is over quota; 111
    /// for
    ///     later, or for a wrong call
    @Override
    public int run(List<String> arguments, Stdio stdio) throws IOException {
        if (arguments.size() > 2
                || (!arguments.isEmpty() && !arguments.getFirst().isEmpty())) {
            stdio.err().println("vdelivermail: usage: vdelivermail '' bounce-no-mailbox|delete|/path|address");
            return SOFT; // its line is wrong, not the message
        }
        Map<String, String> environment = stdio.environment();
        String ext = environment.getOrDefault("EXT", "");
        String host = environment.getOrDefault("HOST", "");
        if (ext.isEmpty() || host.isEmpty() || !environment.containsKey("SENDER")) {
            stdio.err().println("vdelivermail: fatal: EXT, HOST or SENDER is not set");
            return SOFT;
        }
        String argument = arguments.size() < 2 ? POSTMASTER + host : arguments.get(1);
        Address address = Address.of(ext + "@" + host);
        Verdict verdict;
        try (Spool.Held body = Spool.temporary().all(stdio.in())) {
            verdict = deliver(address, Nobody.of(argument), body, stdio);
        } catch (IllegalArgumentException e) {
            verdict = new Verdict.Never("An address is " + e.getMessage() + ". (#5.1.3)");
        }
        return switch (verdict) {
            case Verdict.Delivered(String did) -> {
                stdio.out().println(did);
                yield 0;
            }
            case Verdict.Later(String why) -> {
                stdio.err().println(why);
                yield SOFT;
            }
            case Verdict.Never(String why) -> {
                stdio.err().println(why);
                yield HARD;
            }
        };
    }

    private Verdict deliver(Address address, Nobody nobody, Spool.Held body, Stdio stdio) throws IOException {
        Map<String, String> environment = stdio.environment();
        State state = State.of(environment);
        Path root = state.maildirs();
        Log log = new Log(stdio.err(), Log.Stamp.NONE, clock);
        Homes homes = new Homes(root);
        DotQmail files = new DotQmail(homes);
        Maildirs maildirs = new HandMaildirs(
                new RealDisk(root),
                QmailLocal.hostName(),
                ProcessHandle.current().pid(),
                log);
        Control control = new Control(state.control(), clock);
        Directory directory = directories.apply(state);
        Wordings wordings = new Wordings(directory, log);
        Actions actions = new Actions(
                homes,
                maildirs,
                Actions.Forwards.byHand(forwards.apply(environment)),
                control,
                clock,
                new QuotaWarnings(homes, maildirs, wordings, clock, log));
        long uid = Planner.ownUid();
        Resolver resolver = new Resolver(
                new Users(state.users()),
                directory,
                SystemAccounts.none(),
                files,
                homes.root(),
                new Returns(control, clock));
        Planner planner = new Planner(resolver, homes, files, control, "", uid);
        String domain = address.domain();
        User user = new User(domain, uid, 0, "domains/" + domain, "-", address.local());
        // the line that qmail-local would add, and looks for to find a loop
        String recipient = environment.getOrDefault("RECIPIENT", domain + "-" + address);
        Spawner.Delivery delivery = new Spawner.Delivery(0, Recipient.of(recipient));
        String sender = Recipient.of(environment.getOrDefault("SENDER", "")).address(); // checked as one
        Spawner.Job job = new Spawner.Job(0, clock.instant(), sender, "", body, "", List.of(delivery));
        Mailing mailing = Mailing.of(job, delivery);
        if (mailing.loops()) {
            return Refusals.looping();
        }
        Optional<Plan> returned = planner.returned(address, Steps.none());
        Claim.Listed listed = new Claim.Listed(user, address, resolver.route(address), nobody, true);
        return switch (returned.isPresent() ? returned.get() : planner.byDirectory(listed, Steps.none())) {
            case Plan.Answer(Verdict verdict) -> verdict;
            case Plan.ByAnother(var _, String why) -> new Verdict.Later(why);
            case Plan.ByDirectory(var route, var other) ->
                new VirtualDelivery(
                                new VirtualUsers(directory, homes),
                                actions,
                                new VacationReplies(forwards.apply(environment), wordings, clock, log))
                        .follow(mailing, route, other);
            case Plan.Follow(Place place, Found.File file) -> {
                Programs programs = new Programs(Programs.RUN_MAX, 1);
                Instructions instructions = new Instructions(homes, programs::isKnown);
                yield new DotQmailDelivery(files, instructions, actions, programs, log).run(mailing, place, file);
            }
        };
    }
}
