package qrate.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import qrate.core.Address;
import qrate.core.Control;
import qrate.core.Steps;
import qrate.core.Verdict;
import qrate.directory.Directory;
import qrate.dotqmail.Line;
import qrate.maildir.MaildirQuota;

/// Finds out who gets mail for an address, and what their `.qmail` files or the directory say, and does none of it.
///
/// @param defaultDelivery instructions for an empty file; empty for those in `control/defaultdelivery`
/// @param uid the only user we can deliver as
record Planner(
        Users users,
        Homes homes,
        DotQmail files,
        VirtualUsers virtual,
        Control control,
        String defaultDelivery,
        long uid) {
    private static final MaildirQuota.Limit NO_LIMIT = new MaildirQuota.Limit(0, 0);

    /// In front of a name in virtualdomains that alias shall get, who is a user like others (qmail-getpw(8)).
    private static final String ALIAS_PREFIX = "alias-";

    /// Domains of the directory whose `.qmail` files may run programs.
    private static final String VIRTUAL_PROGRAMS = "virtualprograms";

    /// What an empty `.qmail` file means, unless the file says otherwise.
    private static final String DEFAULT_DELIVERY = "defaultdelivery";

    static long ownUid() throws IOException {
        Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        return ((Integer) uid).longValue();
    }

    /// Plans a delivery.
    ///
    /// @param to the recipient as send hands it over, a virtual domain's prefix in front
    Plan plan(Address to, Steps steps) throws IOException {
        if (to.local().isEmpty()) {
            steps.say("an empty local part is a trash address");
            return new Plan.Answer(new Verdict.Delivered(""));
        }
        User user = userFor(to, steps);
        if (!user.virtual() && user.uid() != User.OWN && user.uid() != uid) {
            return later("Unable to deliver as user " + user.name() + ": uid " + user.uid()
                    + " is not mine, and I have no power to change it. (#4.3.5)");
        }
        Optional<Path> home = homes.home(user.home());
        if (home.isEmpty()) {
            return later("Home of " + user.name() + " is not below the maildirs. (#4.3.5)");
        }
        if (user.ext().indexOf('\0') >= 0) {
            return new Plan.Answer(VirtualDelivery.noMailbox());
        }
        DotQmail.Found found = files.find(home.get(), user.dash(), user.ext(), steps);
        return user.virtual()
                ? virtual(new Address(user.ext(), to.domain()), user, home.get(), found, steps)
                : plain(user, home.get(), found);
    }

    private static Plan later(String why) {
        return new Plan.Answer(new Verdict.Later(why));
    }

    /// users/cdb, else the directory, else alias.
    private User userFor(Address to, Steps steps) throws IOException {
        String local = to.local();
        Optional<User> assigned = users.find(local);
        if (assigned.isPresent()) {
            User user = assigned.get();
            steps.say("users/cdb: " + local + " belongs to user " + user.name() + ", uid " + user.uid() + ", home "
                    + user.home());
            // the directory names its domains' homes in full; they are ours, whatever uid stands there
            String home = homes.relative(user.home());
            return home.startsWith("domains/")
                    ? new User(user.name(), user.uid(), user.gid(), home, user.dash(), user.ext())
                    : user;
        }
        steps.say("users/cdb: nothing for " + local);
        String domain = to.domain();
        if (local.toLowerCase(Locale.ROOT).startsWith(domain + "-")) {
            String ext = local.substring(domain.length() + 1);
            if (virtual.has(new Address(ext, domain))) {
                steps.say("directory: " + domain + " is one of its domains");
                return new User(domain, uid, 0, "domains/" + domain, "-", ext);
            }
        }
        if (local.toLowerCase(Locale.ROOT).startsWith(ALIAS_PREFIX)) {
            steps.say("alias: named by " + ALIAS_PREFIX);
            return User.alias(local.substring(ALIAS_PREFIX.length()));
        }
        steps.say("alias: gets what nobody else gets");
        return User.alias(local);
    }

    private Plan plain(User user, Path home, DotQmail.Found found) throws IOException {
        return switch (found) {
            case DotQmail.Found.Nobody _ -> new Plan.Answer(VirtualDelivery.noMailbox());
            case DotQmail.Found.Wait(String why) -> later(why);
            case DotQmail.Found.Default(Optional<String> rest) -> {
                String text = defaultInstructions();
                yield byDefault(new Place(user, home, user.ext(), rest, NO_LIMIT, true, true), text);
            }
            case DotQmail.Found.File file ->
                new Plan.Follow(new Place(user, home, user.ext(), file.rest(), NO_LIMIT, true, false), file);
        };
    }

    private String defaultInstructions() throws IOException {
        if (!defaultDelivery.isEmpty()) {
            return defaultDelivery;
        }
        return control.exists(DEFAULT_DELIVERY) ? String.join("\n", control.lines(DEFAULT_DELIVERY)) : "./Maildir/";
    }

    /// The administrator's default instructions, which may not be empty either.
    static Plan byDefault(Place place, String text) {
        return switch (DotQmail.parse(text, false, place.rest())) {
            case DotQmail.Found.File file -> new Plan.Follow(place, file);
            case DotQmail.Found.Wait(String why) -> later(why);
            case DotQmail.Found.Default _, DotQmail.Found.Nobody _ ->
                later("Uh-oh: the default delivery instructions are empty. (#4.3.5)");
        };
    }

    /// A domain's own `.qmail` files come first; without one, or with vdelivermail in it, the directory decides.
    private Plan virtual(Address address, User user, Path home, DotQmail.Found found, Steps steps) throws IOException {
        return switch (found) {
            case DotQmail.Found.Wait(String why) ->
                homes.exists(home)
                        ? later(why)
                        : byDirectory(user, address, new VirtualDelivery.Nobody.Bounce(), steps);
            case DotQmail.Found.Nobody _, DotQmail.Found.Default _ ->
                byDirectory(user, address, new VirtualDelivery.Nobody.Bounce(), steps);
            case DotQmail.Found.File file -> {
                Optional<String> nobody = Line.vdelivermail(file.lines());
                yield nobody.isPresent()
                        ? byDirectory(user, address, VirtualDelivery.Nobody.of(nobody.get()), steps)
                        : new Plan.Follow(
                                new Place(user, home, user.ext(), file.rest(), NO_LIMIT, mayRun(user, address), true),
                                file);
            }
        };
    }

    private boolean mayRun(User user, Address address) throws IOException {
        List<String> domains = control.lines(VIRTUAL_PROGRAMS);
        return domains.contains(address.domain()) || domains.contains(user.name());
    }

    /// The mailbox's own `.qmail` decides if it has one; else the directory's word is followed.
    Plan byDirectory(User user, Address address, VirtualDelivery.Nobody nobody, Steps steps) throws IOException {
        Directory.Route route = virtual.route(address);
        steps.say("directory: " + address + " is " + VirtualDelivery.describe(route, nobody));
        if (route instanceof Directory.Route.Mailbox box) {
            Optional<Path> home = homes.home(box.home());
            if (home.isPresent() && files.exists(home.get(), ".qmail")) {
                DotQmail.Found found = files.find(home.get(), "", "", steps);
                if (found instanceof DotQmail.Found.Wait(String why)) {
                    return later(why);
                }
                if (found instanceof DotQmail.Found.File file) {
                    MaildirQuota.Limit limit = new MaildirQuota.Limit(box.quotaBytes(), box.quotaMessages());
                    boolean programs = mayRun(user, address);
                    return new Plan.Follow(
                            new Place(user, home.get(), user.ext(), Optional.empty(), limit, programs, true), file);
                }
            }
        }
        return new Plan.ByDirectory(route, nobody);
    }
}
