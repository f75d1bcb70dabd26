package qrate.local;

import java.io.IOException;
import java.util.List;
import qrate.address.Nobody;
import qrate.core.Verdict;
import qrate.snapshots.Directory;

/// Delivers to an address of the directory, in vdelivermail's place (vpopmail).
final class VirtualDelivery {
    private final VirtualUsers users;
    private final Actions actions;

    VirtualDelivery(VirtualUsers users, Actions actions) {
        this.users = users;
        this.actions = actions;
    }

    /// Does what the directory says.
    Verdict follow(Mailing mailing, Directory.Route route, Nobody nobody) throws IOException {
        int mailboxes = 0;
        int forwards = 0;
        String taken = "";
        for (Deed deed : users.deeds(route, nobody)) {
            Verdict verdict = switch (deed) {
                case Deed.Keep(Actions.Box box) -> {
                    mailboxes++;
                    yield actions.maildir(mailing, box);
                }
                case Deed.SendOn(List<String> to) -> {
                    forwards += to.size();
                    yield actions.forward(mailing, mailing.job().sender(), to, mailboxes == 0);
                }
                case Deed.Refuse(Verdict refusal, String _) -> refusal;
                case Deed.Append _, Deed.Run _ -> throw new IllegalStateException("the directory has no such thing");
            };
            if (!(verdict instanceof Verdict.Delivered)) {
                return verdict;
            }
            taken = deed instanceof Deed.SendOn ? " " + verdict.text() : taken;
        }
        String first = mailboxes == 0 && forwards > 0
                ? Actions.sentOn(mailing, mailing.job().sender())
                : "";
        return new Verdict.Delivered(first + "did " + mailboxes + "+" + forwards + "+0" + taken);
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

    static Verdict noMailbox() {
        return new Verdict.Never("Sorry, no mailbox here by that name. (#5.1.1)");
    }
}
