package qrate.address;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import qrate.core.Address;
import qrate.core.Steps;
import qrate.dotqmail.Line;
import qrate.snapshots.Directory;

/// Finds whose an address is, as qmail-send hands it to qmail-lspawn: users/cdb, else the directory, else the accounts
/// of the system, else alias; then by which file.
///
/// @param maildirs the maildirs volume by name; it need not be there
/// @param returns leads mail back that comes to a reverse-path of ours
public record Resolver(
        Users users, Directory directory, SystemAccounts accounts, Shelf shelf, String maildirs, Returns returns) {
    /// In front of a name in virtualdomains that alias shall get, who is a user like others (qmail-getpw(8)).
    private static final String ALIAS_PREFIX = "alias-";

    /// Whose it is, where mail comes back by it, before anybody else is asked; nothing for every other address.
    ///
    /// @param to with a virtual domain's prefix in front
    public Optional<Claim> returned(Address to, Steps steps) throws IOException {
        return returns.claim(to, steps);
    }

    /// Whose it is.
    ///
    /// @param to with a virtual domain's prefix in front
    public User user(Address to, Steps steps) throws IOException {
        String local = to.local();
        Optional<User> assigned = users.find(local);
        if (assigned.isPresent()) {
            User user = assigned.get();
            steps.say("users/cdb: " + local + " belongs to user " + user.name() + ", uid " + user.uid() + ", home "
                    + user.home());
            // the directory names its domains' homes in full; they are ours, whatever uid stands there
            String home = relative(user.home());
            return new User(user.name(), user.uid(), user.gid(), home, user.dash(), user.ext());
        }
        steps.say("users/cdb: nothing for " + local);
        String domain = to.domain();
        if (local.toLowerCase(Locale.ROOT).startsWith(domain + "-")) {
            String ext = local.substring(domain.length() + 1);
            if (!(directory.route(new Address(ext, domain)) instanceof Directory.Route.NotOurs)) {
                steps.say("directory: " + domain + " is one of its domains");
                return new User(domain, User.OWN, User.OWN, "domains/" + domain, "-", ext);
            }
        }
        Optional<User> account = accounts.find(local);
        if (account.isPresent()) {
            User user = account.get();
            steps.say("accounts: " + local + " belongs to user " + user.name() + ", home " + user.home());
            return user;
        }
        if (local.toLowerCase(Locale.ROOT).startsWith(ALIAS_PREFIX)) {
            steps.say("alias: named by " + ALIAS_PREFIX);
            return User.alias(local.substring(ALIAS_PREFIX.length()));
        }
        steps.say("alias: gets what nobody else gets");
        return User.alias(local);
    }

    private String relative(String home) {
        return home.startsWith(maildirs + "/") ? home.substring(maildirs.length() + 1) : home;
    }

    /// By which of the user's files, or by the directory. A domain's own `.qmail` files come first; without one, or
    /// with vdelivermail in it, the directory decides.
    public Claim claim(User user, Address to, Steps steps) throws IOException {
        if (to.local().isEmpty() || user.ext().indexOf('\0') >= 0) {
            return new Claim.Vacant();
        }
        Found found = shelf.find(user.home(), user.dash(), user.ext(), steps);
        if (user.virtual()) {
            Address address = new Address(user.ext(), to.domain());
            return switch (found) {
                case Found.Wait(String why) -> new Claim.Waits(why);
                case Found.Unseen _ -> listed(user, address, new Nobody.Bounce(), false);
                case Found.Nobody _, Found.Default _, Found.NoHome _ ->
                    listed(user, address, new Nobody.Bounce(), true);
                case Found.File file -> {
                    Optional<String> nobody = Line.vdelivermail(file.lines());
                    yield nobody.isPresent()
                            ? listed(user, address, Nobody.of(nobody.get()), true)
                            : new Claim.ByFile(user, file);
                }
            };
        }
        return switch (found) {
            case Found.Nobody _ -> new Claim.Vacant();
            case Found.Wait(String why) -> new Claim.Waits(why);
            case Found.NoHome _ -> new Claim.Waits("Unable to switch to home directory: it is missing. (#4.3.0)");
            case Found.Unseen _ -> new Claim.Unseen(user);
            case Found.Default(Optional<String> rest) -> new Claim.ByDefault(user, rest);
            case Found.File file -> new Claim.ByFile(user, file);
        };
    }

    private Claim listed(User user, Address address, Nobody nobody, boolean looked) throws IOException {
        if (address.local().isEmpty()) {
            return new Claim.Vacant();
        }
        Directory.Route route = route(address);
        boolean drops = route instanceof Directory.Route.NoSuchUser && directory.drops(address.domain());
        return new Claim.Listed(user, address, route, drops ? new Nobody.Delete() : nobody, looked);
    }

    /// Where the directory sends mail for an address: its own way, or that of the user in front of its `-` (vpopmail's
    /// qmail-ext).
    public Directory.Route route(Address address) throws IOException {
        Directory.Route route = directory.route(address);
        int dash = address.local().lastIndexOf('-');
        while (dash > 0 && route instanceof Directory.Route.NoSuchUser) {
            route = directory.route(new Address(address.local().substring(0, dash), address.domain()));
            dash = address.local().lastIndexOf('-', dash - 1);
        }
        return route;
    }
}
