package qrate.local.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import qrate.address.Claim;
import qrate.address.Found;
import qrate.address.Nobody;
import qrate.address.Resolver;
import qrate.address.User;
import qrate.core.Address;
import qrate.core.Control;
import qrate.core.Steps;
import qrate.core.Verdict;
import qrate.maildir.MaildirQuota;
import qrate.snapshots.Directory;

/// Finds out who gets mail for an address, and what their `.qmail` files or the directory say, and does none of it.
///
/// @param defaultDelivery instructions for an empty file; empty for those in `control/defaultdelivery`
/// @param uid the only user we can deliver as
public record Planner(
        Resolver resolver, Homes homes, DotQmail files, Control control, String defaultDelivery, long uid) {
    private static final MaildirQuota.Limit NO_LIMIT = new MaildirQuota.Limit(0, 0);

    /// Domains of the directory whose `.qmail` files may run programs.
    private static final String VIRTUAL_PROGRAMS = "virtualprograms";

    /// What an empty `.qmail` file means, unless the file says otherwise.
    private static final String DEFAULT_DELIVERY = "defaultdelivery";

    public static long ownUid() throws IOException {
        Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        return ((Integer) uid).longValue();
    }

    /// Plans a delivery.
    ///
    /// @param to the recipient as send hands it over, a virtual domain's prefix in front
    public Plan plan(Address to, Steps steps) throws IOException {
        if (to.local().isEmpty()) {
            steps.say("an empty local part is nobody's");
            return new Plan.Answer(Refusals.noMailbox());
        }
        Optional<Plan> returned = returned(to, steps);
        if (returned.isPresent()) {
            return returned.get();
        }
        User user = resolver.user(to, steps);
        if (!user.virtual() && user.uid() != User.OWN && user.uid() != uid) {
            String why = "Unable to deliver as user " + user.name() + ": uid " + user.uid()
                    + " is not mine, and I have no power to change it. (#4.3.5)";
            return new Plan.ByAnother(user, why);
        }
        if (homes.home(user.home()).isEmpty()) {
            return new Plan.ByAnother(user, "Home of " + user.name() + " is not below the maildirs. (#4.3.5)");
        }
        return plan(resolver.claim(user, to, steps), to, steps);
    }

    private static Plan later(String why) {
        return new Plan.Answer(new Verdict.Later(why));
    }

    /// What becomes of mail that comes back to a reverse-path of ours; nothing for any other address.
    public Optional<Plan> returned(Address to, Steps steps) throws IOException {
        Optional<Claim> claim = resolver.returned(to, steps);
        return claim.isPresent() ? Optional.of(plan(claim.get(), to, steps)) : Optional.empty();
    }

    /// @param claim of a user whose home is below the maildirs, or of nobody
    private Plan plan(Claim claim, Address to, Steps steps) throws IOException {
        return switch (claim) {
            case Claim.Vacant _ -> new Plan.Answer(Refusals.noMailbox());
            case Claim.LeadsBack(String address) ->
                new Plan.ByDirectory(new Directory.Route.Forward(List.of(address)), new Nobody.Bounce());
            case Claim.LeadsNowhere(String why) -> new Plan.Answer(Refusals.notReturned(why));
            case Claim.Waits(String why) -> later(why);
            case Claim.Unseen(User user) -> later("Home of " + user.name() + " cannot be seen. (#4.3.5)");
            case Claim.ByDefault(User user, Optional<String> rest) ->
                byDefault(new Place(user, home(user), user.ext(), rest, NO_LIMIT, true, true), defaultInstructions());
            case Claim.ByFile(User user, Found.File file) -> {
                boolean programs = !user.virtual() || mayRun(to, user);
                yield new Plan.Follow(
                        new Place(user, home(user), user.ext(), file.rest(), NO_LIMIT, programs, user.virtual()), file);
            }
            case Claim.Listed listed -> byDirectory(listed, steps);
        };
    }

    private Path home(User user) throws IOException {
        return homes.home(user.home()).orElseThrow(() -> new IOException(user.home() + ": has left the maildirs"));
    }

    /// What an empty file means.
    public String defaultInstructions() throws IOException {
        if (!defaultDelivery.isEmpty()) {
            return defaultDelivery;
        }
        return control.exists(DEFAULT_DELIVERY) ? String.join("\n", control.lines(DEFAULT_DELIVERY)) : "./Maildir/";
    }

    /// The administrator's default instructions, which may not be empty either.
    public static Plan byDefault(Place place, String text) {
        return switch (Found.parse(text, false, place.rest())) {
            case Found.File file -> new Plan.Follow(place, file);
            case Found.Wait(String why) -> later(why);
            case Found.Default _, Found.Nobody _, Found.NoHome _, Found.Unseen _ ->
                later("Uh-oh: the default delivery instructions are empty. (#4.3.5)");
        };
    }

    private boolean mayRun(Address address, User user) throws IOException {
        List<String> domains = control.lines(VIRTUAL_PROGRAMS);
        return domains.contains(address.domain()) || domains.contains(user.name());
    }

    /// The mailbox's own `.qmail` decides if it has one; else the directory's word is followed.
    public Plan byDirectory(Claim.Listed listed, Steps steps) throws IOException {
        Directory.Route route = listed.route();
        steps.say("directory: " + listed.address() + " is " + VirtualUsers.describe(route, listed.nobody()));
        if (route instanceof Directory.Route.Mailbox box) {
            User user = listed.user();
            Optional<Path> home = homes.home(box.home());
            if (home.isPresent() && homes.stands(home.get(), ".qmail")) {
                Found found = files.find(home.get(), "", "", steps);
                if (found instanceof Found.Wait(String why)) {
                    return later(why);
                }
                if (found instanceof Found.File file) {
                    MaildirQuota.Limit limit = new MaildirQuota.Limit(box.quotaBytes(), box.quotaMessages());
                    boolean programs = mayRun(listed.address(), user);
                    return new Plan.Follow(
                            new Place(user, home.get(), user.ext(), Optional.empty(), limit, programs, true), file);
                }
            }
        }
        return new Plan.ByDirectory(route, listed.nobody());
    }
}
