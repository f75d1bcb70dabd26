package qrate.send;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import qrate.address.Routing;
import qrate.core.Envelope;
import qrate.core.Recipient;
import qrate.core.Spawner;
import qrate.core.Verdict;
import qrate.ledger.Ledger;
import qrate.qcontrol.Channel;

/// Starts deliveries and takes in how they ended, slot by slot and line by line; used under the scheduler's lock.
final class Flights {
    /// Most recipients of one job.
    static final int JOB_RECIPIENTS_MAX = 100;

    private final Send.Hops hops;
    private final Settings settings;
    private final Slots slots;
    private final Ledger ledger;
    private final Heard heard;
    private final Consumer<Event> told;
    private long deliveries;

    Flights(Send.Hops hops, Settings settings, Slots slots, Ledger ledger, Heard heard, Consumer<Event> told) {
        this.hops = hops;
        this.settings = settings;
        this.slots = slots;
        this.ledger = ledger;
        this.heard = heard;
        this.told = told;
    }

    /// Starts what a channel owes as far as its slots go; the rest stands in line.
    void start(Active a, Channel channel, long now) {
        if (!a.mayStart()) {
            return;
        }
        Recipients recipients = a.recipients();
        Map<String, List<Integer>> groups = new LinkedHashMap<>();
        String sender = a.message().envelope().sender();
        for (int number : recipients.owed(channel)) {
            Routing.Route route = recipients.route(number);
            groups.computeIfAbsent(route.host() + "\0" + Verp.expand(sender, route.full()), _ -> new ArrayList<>())
                    .add(number);
        }
        for (List<Integer> group : groups.values()) {
            for (int from = 0; from < group.size(); ) {
                int most = Math.min(JOB_RECIPIENTS_MAX, slots.room(channel));
                if (most == 0) {
                    recipients.lined(channel);
                    slots.line(channel, a.id(), a.birth(), a.isFresh());
                    return;
                }
                int to = Math.min(group.size(), from + most);
                launch(a, channel, List.copyOf(group.subList(from, to)), now);
                from = to;
            }
        }
    }

    private void launch(Active a, Channel channel, List<Integer> numbers, long now) {
        Flight flight =
                new Flight(channel, deliveries + 1, numbers, Schedule.dying(a.birth(), now, settings.lifetime()));
        deliveries += numbers.size();
        a.recipients().launched(flight, now);
        slots.launched(flight);
        List<Spawner.Delivery> list = new ArrayList<>();
        for (int number : numbers) {
            String address = a.recipients().route(number).address();
            String parameters = a.message().envelope().recipients().get(number).parameters();
            list.add(new Spawner.Delivery(number, new Recipient(address, parameters)));
            ledger.line(
                    "starting delivery " + flight.delivery(number) + ": msg " + a.id() + " to " + channel.word() + " "
                            + Texts.oneWord(address),
                    " recipient " + number);
        }
        Routing.Route route = a.recipients().route(numbers.getFirst());
        Envelope envelope = a.message().envelope().leaving();
        Spawner.Job job = new Spawner.Job(
                a.id(),
                a.message().birth(),
                Verp.expand(envelope.sender(), route.full()),
                envelope.parameters(),
                envelope.client(),
                a.message().body(),
                route.host(),
                list);
        try {
            hops.spawner(channel).start(job, new Spawner.Answers() {
                @Override
                public void answer(int number, Verdict verdict) {
                    if (numbers.contains(number)) {
                        told.accept(new Event.Answered(a, new DeliveryAnswer(flight, number, verdict)));
                    } else {
                        ledger.status("internal error: delivery report out of range");
                    }
                }

                @Override
                public void waits(boolean waits) {
                    told.accept(new Event.Waits(flight, waits));
                }
            });
        } catch (RuntimeException e) {
            ledger.status("alert: qmail-" + channel.word().charAt(0) + "spawn failed: " + e);
            numbers.forEach(number -> told.accept(new Event.Answered(
                    a, new DeliveryAnswer(flight, number, new Verdict.Later(Spawner.NO_ANSWER + " spawn")))));
        }
    }

    /// Takes in an answer whose record is durable.
    void land(Active a, DeliveryAnswer answer) {
        Verdict end = Settler.verdict(answer);
        String said = Texts.oneWord(end.text()) + "/";
        a.recipients().landed(answer, end);
        slots.landed(answer.flight(), end);
        heard.note(a, answer.number(), end);
        String what = switch (end) {
            case Verdict.Delivered _ -> "success: ";
            case Verdict.Never _ -> "failure: ";
            case Verdict.Later _ -> "deferral: ";
        };
        ledger.line("delivery " + answer.flight().delivery(answer.number()) + ": " + what + said);
    }
}
