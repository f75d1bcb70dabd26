package qrate.send;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import qrate.address.Routing;
import qrate.core.Recipient;
import qrate.core.Spawner;
import qrate.core.Verdict;
import qrate.ledger.Ledger;
import qrate.qcontrol.Channel;
import qrate.send.Active.Answer;
import qrate.send.Active.Flight;
import qrate.send.Active.Order;
import qrate.send.Active.Stage;
import qrate.send.Active.Way;

/// Starts deliveries and takes in how they ended, slot by slot and line by line; used under the scheduler's lock.
final class Flights {
    /// Most recipients of one job.
    static final int JOB_RECIPIENTS_MAX = 100;

    private final Send.Hops hops;
    private final Settings settings;
    private final Slots slots;
    private final Ledger ledger;
    private final Consumer<Event> told;
    private long deliveries;

    Flights(Send.Hops hops, Settings settings, Slots slots, Ledger ledger, Consumer<Event> told) {
        this.hops = hops;
        this.settings = settings;
        this.slots = slots;
        this.ledger = ledger;
        this.told = told;
    }

    /// Starts what a channel owes as far as its slots go; the rest stands in line.
    void start(Active a, Channel channel, long now) {
        if (a.order != Order.NONE || a.leaving || a.held) {
            return;
        }
        Map<String, List<Integer>> groups = new LinkedHashMap<>();
        String sender = a.message.envelope().sender();
        for (int number : a.owed(channel)) {
            Routing.Route route = a.routes.get(number);
            groups.computeIfAbsent(route.host() + "\0" + Verp.expand(sender, route.full()), _ -> new ArrayList<>())
                    .add(number);
        }
        for (List<Integer> group : groups.values()) {
            for (int from = 0; from < group.size(); ) {
                int most = Math.min(JOB_RECIPIENTS_MAX, slots.room(channel));
                if (most == 0) {
                    a.way(channel).lined++;
                    slots.line(channel, a.id(), a.birth(), a.fresh);
                    return;
                }
                int to = Math.min(group.size(), from + most);
                launch(a, channel, List.copyOf(group.subList(from, to)), now);
                from = to;
            }
        }
    }

    private void launch(Active a, Channel channel, List<Integer> numbers, long now) {
        Way way = a.way(channel);
        if (way.flying == 0) {
            way.tried = false;
        }
        way.attempted = now;
        way.flying += numbers.size();
        Flight flight =
                new Flight(channel, deliveries + 1, numbers, Schedule.dying(a.birth(), now, settings.lifetime()));
        deliveries += numbers.size();
        slots.launched(flight);
        List<Spawner.Delivery> list = new ArrayList<>();
        for (int number : numbers) {
            a.stages[number] = Stage.FLYING;
            String address = a.routes.get(number).address();
            String parameters = a.message.envelope().recipients().get(number).parameters();
            list.add(new Spawner.Delivery(number, new Recipient(address, parameters)));
            ledger.line(
                    "starting delivery " + flight.delivery(number) + ": msg " + a.id() + " to " + channel.word() + " "
                            + Texts.oneWord(address),
                    " recipient " + number);
        }
        Routing.Route route = a.routes.get(numbers.getFirst());
        Spawner.Job job = new Spawner.Job(
                a.id(),
                a.message.birth(),
                Verp.expand(a.message.envelope().sender(), route.full()),
                a.message.envelope().parameters(),
                a.message.envelope().client(),
                a.message.body(),
                route.host(),
                list);
        try {
            hops.spawner(channel).start(job, (number, verdict) -> {
                if (numbers.contains(number)) {
                    told.accept(new Event.Answered(a, new Answer(flight, number, verdict)));
                } else {
                    ledger.status("internal error: delivery report out of range");
                }
            });
        } catch (RuntimeException e) {
            ledger.status("alert: qmail-" + channel.word().charAt(0) + "spawn failed: " + e);
            numbers.forEach(number -> told.accept(new Event.Answered(
                    a, new Answer(flight, number, new Verdict.Later(Spawner.NO_ANSWER + " spawn")))));
        }
    }

    /// Takes in an answer whose record is durable.
    void land(Active a, Answer answer) {
        Verdict end = Settler.verdict(answer);
        String said = Texts.oneWord(end.text()) + "/";
        long delivery = answer.flight.delivery(answer.number);
        Way way = a.way(answer.flight.channel);
        way.flying--;
        slots.landed(answer.flight, end);
        switch (end) {
            case Verdict.Delivered _ -> {
                ledger.line("delivery " + delivery + ": success: " + said);
                a.stages[answer.number] = Stage.OVER;
                a.late.remove(answer.number);
                way.tried = true;
            }
            case Verdict.Never _ -> {
                ledger.line("delivery " + delivery + ": failure: " + said);
                a.stages[answer.number] = Stage.OVER;
                a.late.remove(answer.number);
                a.refused = true;
                way.tried = true;
            }
            case Verdict.Later(var text) -> {
                ledger.line("delivery " + delivery + ": deferral: " + said);
                a.stages[answer.number] = Stage.DEFERRED;
                a.late.put(answer.number, text);
                way.tried |= Settler.isTried(text);
            }
        }
    }

    /// Sets a channel's next time when its last delivery has landed.
    void plan(Active a, Channel channel) {
        Way way = a.way(channel);
        if (way.flying == 0 && way.next == Backlog.NEVER && a.has(channel, Stage.DEFERRED)) {
            way.next = way.tried
                    ? Schedule.next(a.birth(), way.attempted, channel)
                    : way.attempted + Schedule.NO_ANSWER_MILLIS;
        }
    }
}
