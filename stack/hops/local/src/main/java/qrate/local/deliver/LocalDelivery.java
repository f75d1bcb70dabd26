package qrate.local.deliver;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import qrate.address.Found;
import qrate.address.User;
import qrate.core.Steps;
import qrate.core.Verdict;
import qrate.local.plan.Deed;
import qrate.local.plan.Place;
import qrate.local.plan.Plan;
import qrate.local.plan.Planner;
import qrate.local.plan.Refusals;

/// Delivers one message to one recipient: qmail-lspawn's choice of the user, then qmail-local's work.
record LocalDelivery(Planner planner, DotQmailDelivery instructions, VirtualDelivery virtual, OtherUsers others) {
    /// The mailbox that a message goes into, where that is all that is to be done.
    Optional<Deed.Box> mailbox(Mailing mailing) throws IOException {
        return planner.plan(mailing.to(), Steps.none()) instanceof Plan.ByDirectory(var route, var nobody)
                        && !mailing.loops()
                ? virtual.mailbox(route, nobody)
                : Optional.empty();
    }

    /// Delivers to several mailboxes.
    ///
    /// @return one verdict each, in their order
    List<Verdict> deliver(List<Actions.ToBox> all) {
        return virtual.deliver(all);
    }

    Verdict deliver(Mailing mailing) throws IOException {
        Plan plan = planner.plan(mailing.to(), Steps.none());
        return switch (plan) {
            case Plan.Answer(Verdict verdict) -> verdict;
            case Plan.ByAnother(User user, String why) ->
                others.deliver(mailing, user, planner.defaultInstructions()).orElse(new Verdict.Later(why));
            case Plan.Follow(Place place, Found.File file) ->
                mailing.loops() ? Refusals.looping() : instructions.run(mailing, place, file);
            case Plan.ByDirectory(var route, var nobody) ->
                mailing.loops() ? Refusals.looping() : virtual.follow(mailing, route, nobody);
        };
    }
}
