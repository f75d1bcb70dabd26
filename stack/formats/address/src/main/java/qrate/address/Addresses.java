package qrate.address;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import qrate.core.Address;
import qrate.core.Control;
import qrate.core.State;
import qrate.core.Steps;
import qrate.dotqmail.Line;
import qrate.qcontrol.Channel;
import qrate.snapshots.Directory;

/// The answer to "does this address exist, and may it have mail now", whoever asks.
public final class Addresses {
    /// Forwards that are followed one behind another; what is further away counts as there.
    static final int DEPTH_MAX = 10;

    /// Addresses that are looked at for one question; when there are more, it exists.
    static final int LOOKS_MAX = 200;

    private static final Standing.Missing NO_MAILBOX =
            new Standing.Missing("5.1.1 sorry, no mailbox here by that name");
    private static final Standing.Missing ALL_GONE =
            new Standing.Missing("5.1.1 sorry, nobody is left whom that address leads to");
    private static final Standing.Missing ROUND =
            new Standing.Missing("5.4.6 sorry, that address leads back to itself");
    private static final Standing.Missing TOO_BIG =
            new Standing.Missing("5.2.3 sorry, that mailbox never has room for so large a message");
    private static final Standing.NotNow FULL = new Standing.NotNow("4.2.2 sorry, that mailbox is over its quota");

    private final Control control;
    private final Resolver resolver;
    private final Rooms rooms;

    /// @param resolver sees the Maildirs, or what was published of them
    public Addresses(Control control, Resolver resolver, Rooms rooms) {
        this.control = control;
        this.resolver = resolver;
        this.rooms = rooms;
    }

    /// As the door knows it: by the snapshots of the directory and of the Maildirs.
    public static Addresses published(State state, Control control, Directory directory, InstantSource clock) {
        Published published = new Published(state.users(), clock);
        Resolver resolver = new Resolver(
                new Users(state.users()),
                directory,
                SystemAccounts.none(),
                published,
                state.maildirs().normalize().toString(),
                new Returns(control, clock));
        return new Addresses(control, resolver, published);
    }

    /// The directory, which is asked for more than addresses.
    public Directory directory() {
        return resolver.directory();
    }

    /// Whether it exists.
    ///
    /// @param recipient as an envelope has it
    /// @param bytes size of the message, 0 when that is not known
    /// @throws IOException when it cannot be told now
    public Standing of(String recipient, long bytes, Steps steps) throws IOException {
        return new Question(Routing.read(control), bytes, Set.of()).of(recipient, 0, steps);
    }

    /// Whether a message comes back to where it was, so that delivery would bounce it.
    ///
    /// @param delivered what its Delivered-To fields say, letter by letter
    public boolean goesRound(String recipient, Set<String> delivered) throws IOException {
        return new Question(Routing.read(control), 0, delivered)
                .of(recipient, 0, Steps.none())
                .equals(ROUND);
    }

    /// Whether mail for an address that another one leads to is known to fail there.
    ///
    /// @param from who leads there, as Delivered-To has it
    /// @param bytes size of the message
    public boolean fails(String recipient, String from, long bytes) throws IOException {
        return switch (new Question(Routing.read(control), bytes, Set.of(from)).of(recipient, 0, Steps.none())) {
            case Standing.Missing _, Standing.NotNow _ -> true;
            case Standing.There _, Standing.Elsewhere _ -> false;
        };
    }

    /// One question, and how far it has gone.
    private final class Question {
        private final Routing routing;
        private final long bytes;
        private final Set<String> delivered;
        private final Set<String> before = new HashSet<>();
        private int looks;

        Question(Routing routing, long bytes, Set<String> delivered) {
            this.routing = routing;
            this.bytes = bytes;
            this.delivered = delivered;
        }

        Standing of(String recipient, int depth, Steps steps) throws IOException {
            if (depth > DEPTH_MAX || ++looks > LOOKS_MAX) {
                return new Standing.There();
            }
            Routing.Route route = routing.route(recipient);
            Address to = Address.of(route.address());
            if (route.channel() == Channel.REMOTE) {
                // the directory may have a domain that virtualdomains does not have yet, or any more
                return resolver.directory().route(to) instanceof Directory.Route.NotOurs
                        ? new Standing.Elsewhere()
                        : byDirectoryAlone(resolver.route(to), new Nobody.Bounce());
            }
            String key = to.toString().toLowerCase(Locale.ROOT);
            if (delivered.contains(to.toString()) || !before.add(key)) {
                return ROUND;
            }
            Standing standing = to.local().isEmpty() ? NO_MAILBOX : by(claim(to, steps), depth);
            before.remove(key);
            return standing;
        }

        private Claim claim(Address to, Steps steps) throws IOException {
            Optional<Claim> returned = resolver.returned(to, steps);
            return returned.isPresent() ? returned.get() : resolver.claim(resolver.user(to, steps), to, steps);
        }

        private Standing by(Claim claim, int depth) throws IOException {
            return switch (claim) {
                case Claim.Vacant _ -> NO_MAILBOX;
                case Claim.LeadsBack(String address) -> any(List.of(address), depth);
                case Claim.LeadsNowhere(String why) -> new Standing.Missing("5.1.1 " + why);
                case Claim.Waits _, Claim.Unseen _, Claim.ByDefault _ -> new Standing.There();
                case Claim.ByFile(User _, Found.File file) -> {
                    List<String> to = new ArrayList<>();
                    for (Line line : file.lines()) {
                        if (line instanceof Line.Forward(String address)) {
                            to.add(address);
                        }
                    }
                    // a file without an instruction throws away, and a program or a mailbox is there
                    yield to.isEmpty() || to.size() < file.lines().size() ? new Standing.There() : any(to, depth);
                }
                case Claim.Listed(User _, Address _, Directory.Route route, Nobody nobody, boolean looked) ->
                    looked ? by(route, nobody, depth) : byDirectoryAlone(route, nobody);
            };
        }

        /// Where nothing was published of a domain's files, which come first: whom the directory has is there.
        private Standing byDirectoryAlone(Directory.Route route, Nobody nobody) {
            return switch (route) {
                case Directory.Route.Mailbox _, Directory.Route.Forward _ -> new Standing.There();
                case Directory.Route.NoSuchUser _, Directory.Route.NotOurs _ ->
                    nobody instanceof Nobody.Delete ? new Standing.There() : NO_MAILBOX;
            };
        }

        private Standing by(Directory.Route route, Nobody nobody, int depth) throws IOException {
            return switch (route) {
                case Directory.Route.Mailbox box -> {
                    if (!box.keep()) {
                        yield any(box.copies(), depth);
                    }
                    if (box.quotaBytes() > 0 && bytes > box.quotaBytes()) {
                        yield TOO_BIG;
                    }
                    yield rooms.left(box.home())
                                    .filter(room -> !room.fits(bytes))
                                    .isPresent()
                            ? FULL
                            : new Standing.There();
                }
                case Directory.Route.Forward(List<String> to) -> any(to, depth);
                case Directory.Route.NoSuchUser _, Directory.Route.NotOurs _ ->
                    switch (nobody) {
                        case Nobody.Bounce _ -> NO_MAILBOX;
                        case Nobody.Delete _, Nobody.Into _ -> new Standing.There();
                        case Nobody.To(String to) -> any(List.of(to), depth);
                    };
            };
        }

        /// One that is there is enough; one that may be there later is better than none.
        private Standing any(List<String> all, int depth) throws IOException {
            Standing worst = ALL_GONE;
            for (String to : all) {
                switch (of(to, depth + 1, Steps.none())) {
                    case Standing.Elsewhere _, Standing.There _ -> {
                        return new Standing.There();
                    }
                    case Standing.NotNow later -> worst = later;
                    case Standing.Missing missing ->
                        worst = worst.equals(ALL_GONE) && missing.equals(ROUND) ? ROUND : worst;
                }
            }
            return worst;
        }
    }
}
