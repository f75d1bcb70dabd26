package qrate.local.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import qrate.address.Nobody;
import qrate.core.Address;
import qrate.core.Verdict;
import qrate.maildir.MaildirQuota;
import qrate.snapshots.Directory;

/// Asks the directory who somebody is and what their mail comes to, and does none of it.
public record VirtualUsers(Directory directory, Homes homes) {
    /// What a route comes to, in order.
    public List<Deed> deeds(Directory.Route route, Nobody nobody) throws IOException {
        return switch (route) {
            case Directory.Route.Mailbox box -> {
                if (isMade(box)) {
                    yield mailbox(box, false);
                }
                Directory.Route now = directory.newest(Address.of(box.address()));
                yield now instanceof Directory.Route.Mailbox there
                        ? mailbox(there, !isMade(there))
                        : deeds(now, nobody);
            }
            case Directory.Route.Forward(List<String> to) -> List.of(new Deed.SendOn(to));
            case Directory.Route.NoSuchUser _, Directory.Route.NotOurs _ ->
                switch (nobody) {
                    case Nobody.Bounce _ -> List.of(new Deed.Refuse(Refusals.noMailbox(), ""));
                    case Nobody.Delete _ -> List.of();
                    case Nobody.To(String to) -> List.of(new Deed.SendOn(List.of(to)));
                    case Nobody.Into(String path) -> List.of(into(path));
                };
        };
    }

    /// vpopmail names a user's folder, or the Maildir in it.
    private Deed into(String path) throws IOException {
        Optional<Path> home = homes.home(path);
        Optional<Path> maildir = home.isEmpty() || Files.isDirectory(home.get().resolve("new"))
                ? home
                : homes.below(home.get(), "Maildir");
        return maildir.isEmpty()
                ? new Deed.Refuse(new Verdict.Later(path + " is not below the maildirs. (#4.3.5)"), "")
                : new Deed.Keep(new Deed.Box(maildir.get(), false, new MaildirQuota.Limit(0, 0)));
    }

    private Optional<Path> maildir(Directory.Route.Mailbox box) throws IOException {
        Optional<Path> home = homes.home(box.home());
        return home.isEmpty() ? Optional.empty() : homes.below(home.get(), "Maildir");
    }

    private boolean isMade(Directory.Route.Mailbox box) throws IOException {
        Optional<Path> maildir = maildir(box);
        return maildir.isPresent() && homes.exists(maildir.get().resolve("tmp"));
    }

    /// @param make whether a missing Maildir is made; not one that was there: should it go, the mailbox was deleted a
    ///     moment ago, and who is given its name next must not find this message
    private List<Deed> mailbox(Directory.Route.Mailbox box, boolean make) throws IOException {
        Optional<Path> maildir = maildir(box);
        if (maildir.isEmpty()) {
            return List.of(new Deed.Refuse(
                    new Verdict.Later("Home of " + box.address() + " is not below the maildirs. (#4.3.5)"), ""));
        }
        List<Deed> deeds = new ArrayList<>();
        if (box.keep()) {
            MaildirQuota.Limit limit = new MaildirQuota.Limit(box.quotaBytes(), box.quotaMessages());
            deeds.add(new Deed.Keep(new Deed.Box(maildir.get(), make, limit)));
        }
        if (!box.copies().isEmpty()) {
            deeds.add(new Deed.SendOn(box.copies()));
        }
        if (box.vacation().on()) {
            Path home = Objects.requireNonNull(maildir.get().getParent());
            deeds.add(new Deed.Answer(box.address(), home, box.vacation()));
        }
        return deeds;
    }

    /// A route in one line, for whoever asks what would happen.
    static String describe(Directory.Route route, Nobody nobody) {
        return switch (route) {
            case Directory.Route.Mailbox box ->
                "mailbox " + box.address() + (box.keep() ? ", home " + box.home() : ", which keeps nothing")
                        + (box.copies().isEmpty() ? "" : ", copies to " + String.join(" ", box.copies()))
                        + (box.vacation().on() ? ", whose owner may be away" : "");
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
}
