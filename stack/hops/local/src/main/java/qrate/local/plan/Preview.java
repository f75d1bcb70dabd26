package qrate.local.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.address.Found;
import qrate.address.Nobody;
import qrate.address.Resolver;
import qrate.address.SystemAccounts;
import qrate.address.Users;
import qrate.core.Address;
import qrate.core.Control;
import qrate.core.Program;
import qrate.core.Recipient;
import qrate.core.Steps;
import qrate.core.Verdict;
import qrate.dotqmail.Line;
import qrate.maildir.MaildirQuota;
import qrate.snapshots.Directory;

/// Says what local delivery would do with mail for one address, by the classes that do it, and does none of it: no file
/// is
/// written, no program is run, nothing is sent on.
public final class Preview implements AutoCloseable {
    /// What it looks at.
    ///
    /// @param users folder of `users/cdb`
    /// @param clock for the age of a mailbox's count
    public record Parts(Path maildirs, Path users, Directory directory, Control control, InstantSource clock) {}

    /// What a delivery would come to.
    ///
    /// @param verdict of the delivery itself; a program counts as one that succeeds
    /// @param sentOn addresses that get the message from here
    public record Outcome(Verdict verdict, List<String> sentOn) {
        public Outcome {
            sentOn = List.copyOf(sentOn);
        }
    }

    private final Users users;
    private final Homes homes;
    private final Planner planner;
    private final Instructions instructions;
    private final VirtualUsers virtual;
    private final DotQmailCommands commands;
    private final InstantSource clock;

    /// @param known our own programs, which every domain may run, by name
    public Preview(Parts parts, Map<String, Program> known) throws IOException {
        this.users = new Users(parts.users);
        this.homes = new Homes(parts.maildirs);
        this.clock = parts.clock;
        this.virtual = new VirtualUsers(parts.directory, homes);
        this.commands = new DotQmailCommands(known.keySet());
        this.instructions = new Instructions(homes, commands::isKnown);
        DotQmail files = new DotQmail(homes);
        Resolver resolver = new Resolver(users, parts.directory, SystemAccounts.none(), files, homes.root());
        this.planner = new Planner(resolver, homes, files, parts.control, "", Planner.ownUid());
    }

    /// What becomes of a message that comes to an address for the second time.
    public static Verdict looping() {
        return Refusals.looping();
    }

    /// What would become of mail for a recipient.
    ///
    /// @param recipient as send hands it over, a virtual domain's prefix in front
    /// @throws IOException when something that decides cannot be read: a delivery would wait
    public Outcome of(String recipient, Steps steps) throws IOException {
        return switch (planner.plan(Address.of(recipient), steps)) {
            case Plan.Answer(Verdict verdict) -> new Outcome(verdict, List.of());
            case Plan.ByAnother(var _, String why) -> new Outcome(new Verdict.Later(why), List.of());
            case Plan.Follow(Place place, Found.File file) -> {
                List<Deed> deeds = new ArrayList<>();
                for (Line line : file.lines()) {
                    deeds.add(instructions.deed(place, file, line));
                }
                yield foresee(deeds, steps);
            }
            case Plan.ByDirectory(Directory.Route route, Nobody nobody) -> foresee(virtual.deeds(route, nobody), steps);
        };
    }

    private Outcome foresee(List<Deed> deeds, Steps steps) throws IOException {
        int mailboxes = 0;
        int programs = 0;
        List<String> sentOn = new ArrayList<>();
        for (Deed deed : deeds) {
            Optional<Verdict> end = Optional.empty();
            switch (deed) {
                case Deed.Keep(Deed.Box box) -> {
                    mailboxes++;
                    steps.say("Maildir: into " + box.maildir() + quota(box.limit()));
                    end = trouble(box);
                }
                case Deed.Append(Path mbox) -> {
                    mailboxes++;
                    steps.say("mbox: appended to " + mbox);
                }
                case Deed.Run(String command) -> {
                    programs++;
                    steps.say((commands.isKnown(command) ? "list program" : "program")
                            + ", not run here, whose exit code would decide: " + command.strip());
                }
                case Deed.SendOn(List<String> to) -> {
                    steps.say("forward: sent on to " + String.join(" ", to));
                    end = unsendable(to);
                    sentOn.addAll(to);
                }
                case Deed.Answer answer ->
                    steps.say("vacation: "
                            + (answer.vacation().isAt(clock.instant())
                                    ? "a person who wrote to " + answer.address() + " is answered"
                                    : "nobody is answered at this time"));
                case Deed.Refuse(Verdict verdict, String warning) -> {
                    if (!warning.isEmpty()) {
                        steps.say(warning);
                    }
                    end = Optional.of(verdict);
                }
            }
            if (end.isPresent()) {
                return new Outcome(end.get(), List.of()); // forwards come last, so that none of them has gone
            }
        }
        if (deeds.isEmpty()) {
            steps.say("no instruction: the message is thrown away");
        }
        return new Outcome(new Verdict.Delivered("did " + mailboxes + "+" + sentOn.size() + "+" + programs), sentOn);
    }

    private static String quota(MaildirQuota.Limit limit) {
        return limit.none()
                ? ""
                : ", quota " + limit.bytes() + " bytes, " + limit.messages() + " messages (0: any number)";
    }

    private Optional<Verdict> trouble(Deed.Box box) throws IOException {
        if (!Files.isDirectory(box.maildir())) {
            return box.make()
                    ? Optional.empty()
                    : Optional.of(Refusals.undelivered(
                            homes.onDisk(box.maildir()), new NoSuchFileException(homes.onDisk(box.maildir()))));
        }
        return new MaildirQuota(box.maildir(), clock).hasRoom(box.limit(), 1)
                ? Optional.empty()
                : Optional.of(Refusals.full());
    }

    private static Optional<Verdict> unsendable(List<String> to) {
        try {
            to.forEach(Recipient::of);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(Refusals.unsendable(e));
        }
    }

    @Override
    public void close() {
        users.close();
    }
}
