package qrate.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import qrate.core.Address;
import qrate.core.Control;
import qrate.core.Verdict;
import qrate.directory.Directory;
import qrate.maildir.MaildirQuota;

/// Delivers one message to one recipient: qmail-lspawn's choice of the user, then qmail-local's work.
///
/// @param uid the only user we can deliver as
record LocalDelivery(
        Users users,
        Homes homes,
        DotQmail files,
        DotQmailDelivery instructions,
        VirtualDelivery virtual,
        Actions actions,
        Control control,
        long uid) {
    private static final MaildirQuota.Limit NO_LIMIT = new MaildirQuota.Limit(0, 0);

    /// Domains of the directory whose `.qmail` files may run programs.
    private static final String VIRTUAL_PROGRAMS = "virtualprograms";

    /// vpopmail's line in `.qmail-default`, understood here instead of run.
    private static final Pattern VDELIVERMAIL = Pattern.compile("\\s*\\S*/?vdelivermail\\s+(?:''|\"\")\\s+(\\S+)\\s*");

    Verdict deliver(Mailing mailing) throws IOException {
        User user = userFor(mailing);
        if (user.home().startsWith("/") && user.uid() != uid) {
            return new Verdict.Later("Unable to deliver as user " + user.name() + ": uid " + user.uid()
                    + " is not mine, and I have no power to change it. (#4.3.5)");
        }
        Optional<Path> home = homes.home(user.home());
        if (home.isEmpty()) {
            return new Verdict.Later("Home of " + user.name() + " is not below the maildirs. (#4.3.5)");
        }
        if (mailing.loops()) {
            return new Verdict.Never("This message is looping: it already has my Delivered-To line. (#5.4.6)");
        }
        if (user.ext().indexOf('/') >= 0 || user.ext().indexOf('\0') >= 0) {
            return VirtualDelivery.noMailbox();
        }
        DotQmail.Found found = files.find(home.get(), user.dash(), user.ext());
        return user.virtual() ? virtual(mailing, user, home.get(), found) : plain(mailing, user, home.get(), found);
    }

    /// users/cdb, else the directory, else alias.
    private User userFor(Mailing mailing) throws IOException {
        String local = mailing.to().local();
        Optional<User> assigned = users.find(local);
        if (assigned.isPresent()) {
            User user = assigned.get();
            // the directory names its domains' homes in full; they are ours, whatever uid stands there
            String home = homes.relative(user.home());
            return home.startsWith("domains/")
                    ? new User(user.name(), user.uid(), user.gid(), home, user.dash(), user.ext())
                    : user;
        }
        String domain = mailing.to().domain();
        if (local.toLowerCase(Locale.ROOT).startsWith(domain + "-")) {
            String ext = local.substring(domain.length() + 1);
            if (virtual.has(new Address(ext, domain))) {
                return new User(domain, uid, 0, "domains/" + domain, "-", ext);
            }
        }
        return User.alias(local);
    }

    private Verdict plain(Mailing mailing, User user, Path home, DotQmail.Found found) throws IOException {
        return switch (found) {
            case DotQmail.Found.Nobody _ -> VirtualDelivery.noMailbox();
            case DotQmail.Found.Wait(String why) -> new Verdict.Later(why);
            case DotQmail.Found.Default _ -> defaultDelivery(mailing, home);
            case DotQmail.Found.File file ->
                instructions.run(mailing, new Place(user, home, user.ext(), file.rest(), NO_LIMIT, true), file);
        };
    }

    private Verdict defaultDelivery(Mailing mailing, Path home) throws IOException {
        Path maildir = home.resolve("Maildir");
        return homes.below(home, "Maildir").isPresent()
                ? actions.maildir(mailing, new Actions.Box(maildir, true, NO_LIMIT))
                : new Verdict.Later("Maildir is not below the maildirs. (#4.3.5)");
    }

    /// A domain's own `.qmail` files come first; without one, or with vdelivermail in it, the directory decides.
    private Verdict virtual(Mailing mailing, User user, Path home, DotQmail.Found found) throws IOException {
        Address address = new Address(user.ext(), mailing.to().domain());
        return switch (found) {
            case DotQmail.Found.Wait(String why) ->
                homes.exists(home)
                        ? new Verdict.Later(why)
                        : byDirectory(mailing, user, address, new VirtualDelivery.Nobody.Bounce());
            case DotQmail.Found.Nobody _, DotQmail.Found.Default _ ->
                byDirectory(mailing, user, address, new VirtualDelivery.Nobody.Bounce());
            case DotQmail.Found.File file -> {
                Optional<VirtualDelivery.Nobody> vdelivermail = vdelivermail(file);
                yield vdelivermail.isPresent()
                        ? byDirectory(mailing, user, address, vdelivermail.get())
                        : instructions.run(
                                mailing,
                                new Place(user, home, user.ext(), file.rest(), NO_LIMIT, mayRun(user, address)),
                                file);
            }
        };
    }

    private boolean mayRun(User user, Address address) throws IOException {
        List<String> domains = control.lines(VIRTUAL_PROGRAMS);
        return domains.contains(address.domain()) || domains.contains(user.name());
    }

    private static Optional<VirtualDelivery.Nobody> vdelivermail(DotQmail.Found.File file) {
        if (file.lines().size() == 1 && file.lines().getFirst() instanceof DotQmail.Line.Program(String command)) {
            Matcher matcher = VDELIVERMAIL.matcher(command);
            if (matcher.matches()) {
                return Optional.of(
                        switch (matcher.group(1)) {
                            case "bounce-no-mailbox" -> new VirtualDelivery.Nobody.Bounce();
                            case "delete" -> new VirtualDelivery.Nobody.Delete();
                            case String other -> new VirtualDelivery.Nobody.To(other);
                        });
            }
        }
        return Optional.empty();
    }

    /// The mailbox's own `.qmail` decides if it has one; else the directory's word is followed.
    private Verdict byDirectory(Mailing mailing, User user, Address address, VirtualDelivery.Nobody nobody)
            throws IOException {
        Directory.Route route = virtual.route(address);
        if (route instanceof Directory.Route.Mailbox box) {
            Optional<Path> home = homes.home(box.home());
            if (home.isPresent() && files.exists(home.get(), ".qmail")) {
                DotQmail.Found found = files.find(home.get(), "", "");
                if (found instanceof DotQmail.Found.Wait(String why)) {
                    return new Verdict.Later(why);
                }
                if (found instanceof DotQmail.Found.File file) {
                    MaildirQuota.Limit limit = new MaildirQuota.Limit(box.quotaBytes(), box.quotaMessages());
                    boolean programs = mayRun(user, address);
                    return instructions.run(
                            mailing, new Place(user, home.get(), user.ext(), Optional.empty(), limit, programs), file);
                }
            }
        }
        return virtual.follow(mailing, route, nobody);
    }
}
