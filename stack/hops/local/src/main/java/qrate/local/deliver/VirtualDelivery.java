package qrate.local.deliver;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import qrate.address.Nobody;
import qrate.core.Verdict;
import qrate.local.plan.Deed;
import qrate.local.plan.VirtualUsers;
import qrate.snapshots.Directory;

/// Delivers to an address of the directory, in vdelivermail's place (vpopmail).
final class VirtualDelivery {
    private static final String DROPPED = "Nobody has this address, and its mail is thrown away.\n";

    private final VirtualUsers users;
    private final Actions actions;
    private final VacationReplies replies;

    VirtualDelivery(VirtualUsers users, Actions actions, VacationReplies replies) {
        this.users = users;
        this.actions = actions;
        this.replies = replies;
    }

    /// The mailbox, where the directory says nothing else.
    Optional<Deed.Box> mailbox(Directory.Route route, Nobody nobody) throws IOException {
        List<Deed> deeds = users.deeds(route, nobody);
        return deeds.size() == 1 && deeds.getFirst() instanceof Deed.Keep(Deed.Box box)
                ? Optional.of(box)
                : Optional.empty();
    }

    /// Delivers to several mailboxes.
    List<Verdict> deliver(List<Actions.ToBox> all) {
        return actions.maildirs(all);
    }

    /// Does what the directory says.
    Verdict follow(Mailing mailing, Directory.Route route, Nobody nobody) throws IOException {
        int mailboxes = 0;
        int forwards = 0;
        String taken = "";
        List<Deed> deeds = users.deeds(route, nobody);
        for (Deed deed : deeds) {
            Verdict verdict = switch (deed) {
                case Deed.Keep(Deed.Box box) -> {
                    mailboxes++;
                    yield actions.maildir(mailing, box);
                }
                case Deed.SendOn(List<String> to) -> {
                    forwards += to.size();
                    yield actions.forward(mailing, mailing.job().sender(), to, mailboxes == 0);
                }
                case Deed.Refuse(Verdict refusal, String _) -> refusal;
                case Deed.Answer answer -> {
                    replies.answer(mailing, answer);
                    yield new Verdict.Delivered("");
                }
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
        if (deeds.isEmpty() && route instanceof Directory.Route.NoSuchUser) {
            first = DROPPED;
        }
        return new Verdict.Delivered(first + "did " + mailboxes + "+" + forwards + "+0" + taken);
    }
}
