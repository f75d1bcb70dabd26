package qrate.local;

import java.io.IOException;
<<<<<<< HEAD
=======
import java.nio.file.Files;
import java.nio.file.Path;
>>>>>>> programs3
import java.util.List;
import qrate.core.Verdict;
import qrate.directory.Directory;

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

<<<<<<< HEAD
    private final VirtualUsers users;
=======
    private static final MaildirQuota.Limit NO_LIMIT = new MaildirQuota.Limit(0, 0);

    private final Directory directory;
    private final Homes homes;
>>>>>>> programs3
    private final Actions actions;

    VirtualDelivery(VirtualUsers users, Actions actions) {
        this.users = users;
        this.actions = actions;
    }

    /// Does what the directory says.
    Verdict follow(Mailing mailing, Directory.Route route, Nobody nobody) throws IOException {
<<<<<<< HEAD
        Verdict last = new Verdict.Delivered("did 0+0+0");
        for (Deed deed : users.deeds(route, nobody)) {
            last = switch (deed) {
                case Deed.Keep(Actions.Box box) -> actions.maildir(mailing, box);
                case Deed.SendOn(List<String> to) ->
                    actions.forward(mailing, mailing.job().sender(), to);
                case Deed.Refuse(Verdict verdict, String _) -> verdict;
                case Deed.Append _, Deed.Run _ -> throw new IllegalStateException("the directory has no such thing");
            };
            if (!(last instanceof Verdict.Delivered)) {
                return last;
            }
        }
        return last;
=======
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
>>>>>>> programs3
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
}
