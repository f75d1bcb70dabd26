package qrate.local.deliver;

import java.io.IOException;
import qrate.address.Found;
import qrate.address.User;
import qrate.core.Steps;
import qrate.core.Verdict;
import qrate.local.plan.Place;
import qrate.local.plan.Plan;
import qrate.local.plan.Planner;
import qrate.local.plan.Refusals;

/// Delivers one message to one recipient: qmail-lspawn's choice of the user, then qmail-local's work.
record LocalDelivery(Planner planner, DotQmailDelivery instructions, VirtualDelivery virtual, OtherUsers others) {
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
