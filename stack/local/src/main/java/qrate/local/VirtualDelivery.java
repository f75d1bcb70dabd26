package qrate.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import qrate.core.Address;
import qrate.core.Verdict;
import qrate.directory.Directory;
import qrate.maildir.MaildirQuota;

/// Delivers to an address of the directory, in vdelivermail's place (vpopmail).
final class VirtualDelivery {
    /// What happens to mail for nobody.
    sealed interface Nobody {
        /// It is refused.
        record Bounce() implements Nobody {}

        /// It is thrown away.
        record Delete() implements Nobody {}

        /// It goes to an address.
        record To(String address) implements Nobody {}

        /// It goes into a Maildir, or that of a user's folder.
        record Into(String path) implements Nobody {}

        /// As vdelivermail's second argument says it (vpopmail).
        static Nobody of(String argument) {
            return switch (argument) {
                case "bounce-no-mailbox" -> new Bounce();
                case "delete" -> new Delete();
                default -> argument.startsWith("/") ? new Into(argument) : new To(argument);
            };
        }
    }

    private static final MaildirQuota.Limit NO_LIMIT = new MaildirQuota.Limit(0, 0);

    private final Directory directory;
    private final Homes homes;
    private final Actions actions;

    VirtualDelivery(Directory directory, Homes homes, Actions actions) {
        this.directory = directory;
        this.homes = homes;
        this.actions = actions;
    }

    /// Whether a domain is one of the directory's.
    boolean has(Address address) throws IOException {
        return !(directory.route(address) instanceof Directory.Route.NotOurs);
    }

    /// Where mail for an address goes: its own way, or that of the user in front of its `-` (vpopmail's qmail-ext).
    Directory.Route route(Address address) throws IOException {
        Directory.Route route = directory.route(address);
        int dash = address.local().lastIndexOf('-');
        while (dash > 0 && route instanceof Directory.Route.NoSuchUser) {
            route = directory.route(new Address(address.local().substring(0, dash), address.domain()));
            dash = address.local().lastIndexOf('-', dash - 1);
        }
        return route;
    }

    /// Does what the directory says.
    Verdict follow(Mailing mailing, Directory.Route route, Nobody nobody) throws IOException {
        return switch (route) {
            case Directory.Route.Mailbox box -> mailbox(mailing, box);
            case Directory.Route.Forward forward ->
                actions.forward(mailing, mailing.job().sender(), forward.to());
            case Directory.Route.NoSuchUser _, Directory.Route.NotOurs _ ->
                switch (nobody) {
                    case Nobody.Bounce _ -> noMailbox();
                    case Nobody.Delete _ -> new Verdict.Delivered("did 0+0+0");
                    case Nobody.To(String to) ->
                        actions.forward(mailing, mailing.job().sender(), List.of(to));
                    case Nobody.Into(String path) -> into(mailing, path);
                };
        };
    }

    /// A route in one line, for whoever asks what would happen.
    static String describe(Directory.Route route, Nobody nobody) {
        return switch (route) {
            case Directory.Route.Mailbox box ->
                "mailbox " + box.address() + (box.keep() ? ", home " + box.home() : ", which keeps nothing")
                        + (box.copies().isEmpty() ? "" : ", copies to " + String.join(" ", box.copies()));
            case Directory.Route.Forward(List<String> to) -> "sent on to " + String.join(" ", to);
            case Directory.Route.NoSuchUser _, Directory.Route.NotOurs _ ->
                "nobody, whose mail is "
                        + switch (nobody) {
                            case Nobody.Bounce _ -> "refused";
                            case Nobody.Delete _ -> "thrown away";
                            case Nobody.To(String to) -> "sent on to " + to;
                            case Nobody.Into(String path) -> "put into " + path;
                        };
        };
    }

    /// vpopmail names a user's folder, or the Maildir in it.
    private Verdict into(Mailing mailing, String path) throws IOException {
        Optional<Path> home = homes.home(path);
        Optional<Path> maildir = home.isEmpty() || Files.isDirectory(home.get().resolve("new"))
                ? home
                : homes.below(home.get(), "Maildir");
        return maildir.isEmpty()
                ? new Verdict.Later(path + " is not below the maildirs. (#4.3.5)")
                : actions.maildir(mailing, new Actions.Box(maildir.get(), false, NO_LIMIT));
    }

    static Verdict noMailbox() {
        return new Verdict.Never("Sorry, no mailbox here by that name. (#5.1.1)");
    }

    private Verdict mailbox(Mailing mailing, Directory.Route.Mailbox box) throws IOException {
        Optional<Path> home = homes.home(box.home());
        Optional<Path> maildir = home.isEmpty() ? Optional.empty() : homes.below(home.get(), "Maildir");
        if (maildir.isEmpty()) {
            return new Verdict.Later("Home of " + box.address() + " is not below the maildirs. (#4.3.5)");
        }
        if (box.keep()) {
            MaildirQuota.Limit limit = new MaildirQuota.Limit(box.quotaBytes(), box.quotaMessages());
            Verdict kept = actions.maildir(mailing, new Actions.Box(maildir.get(), true, limit));
            if (!(kept instanceof Verdict.Delivered) || box.copies().isEmpty()) {
                return kept;
            }
        }
        return box.copies().isEmpty()
                ? new Verdict.Delivered("did 0+0+0")
                : actions.forward(mailing, mailing.job().sender(), box.copies());
    }
}
