package qrate.ledger;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import qrate.ledger.LedgerLine.Outcome;
import qrate.ledger.LedgerLine.Standing;
import qrate.ledger.LedgerLine.Starting;
import qrate.qcontrol.QueueControl.Item;
import qrate.qcontrol.QueueControl.Progress;

/// Proves that every message accepted ended in exactly one of delivered, bounced, deleted by hand, still queued, for
/// each recipient; or names those that did not.
///
/// Only what has not ended is kept in memory. Messages from before the oldest line are none of its business.
final class LedgerCheck {
    /// A message and what is wrong with it.
    record Problem(long id, String what) {}

    /// What was counted.
    record Sums(long messages, long delivered, long bounced, long deleted, long queued) {}

    private final Map<Long, Story> open = new HashMap<>();
    private final Map<Long, Story> recovered = new HashMap<>();
    private final Map<Long, Starting> flying = new HashMap<>();
    private final Ids ended = new Ids();
    private final Set<Problem> settled = new LinkedHashSet<>();
    private long first = Long.MAX_VALUE;
    private long messages;
    private long delivered;
    private long bounced;
    private long deleted;

    /// Takes the next line.
    void take(LedgerLine line) {
        switch (line) {
            case LedgerLine.Running _ -> flying.clear();
            case LedgerLine.New(long id) -> begin(id);
            case LedgerLine.Known(long id, String _, int recipients) -> begin(id).recipients = recipients;
            case Starting starting -> start(starting);
            case LedgerLine.Result(long delivery, var outcome) -> land(delivery, outcome);
            case LedgerLine.GivenUp(long id, int recipient) -> end(id, recipient, Story.Ended.REFUSED);
            case LedgerLine.Aside(long id, int recipient, long copy) ->
                end(id, recipient, copy == 0 ? Story.Ended.DELETED : Story.Ended.LET_OUT);
            case LedgerLine.Bounce(long id, long _) -> story(id).bounced = true;
            case LedgerLine.Triple(long id) -> story(id).silent = true;
            case LedgerLine.Silent(long id) -> story(id).silent = true;
            case LedgerLine.Dropped(long id) -> story(id).dropped = true;
            case LedgerLine.End(long id) -> close(id, story(id));
            case LedgerLine.Recovered(long id, String _, int recipients) -> {
                Story story = new Story();
                story.recipients = recipients;
                recovered.put(id, story);
            }
            case LedgerLine.RecoveredRecipient(long id, int recipient, var standing, String _) ->
                recovered(id, recipient, standing);
            case LedgerLine.RecoveredFate(long id, String fate, long _) -> recovered(id, fate);
            case LedgerLine.From _, LedgerLine.Report _, LedgerLine.Held _, LedgerLine.Other _ -> {
                // nothing begins or ends with these
            }
        }
    }

    private Story begin(long id) {
        if (ended.contains(id)) {
            problem(id, "began again after its end");
            return new Story();
        }
        first = Math.min(first, id);
        return open.computeIfAbsent(id, _ -> {
            messages++;
            return new Story();
        });
    }

    /// The story of a message that must have begun; one that began before the ledger did is nobody's.
    private Story story(long id) {
        Story story = open.get(id);
        if (story != null) {
            return story;
        }
        if (id >= first) {
            problem(id, ended.contains(id) ? "went on after its end" : "was never accepted");
        }
        return new Story();
    }

    private void start(Starting starting) {
        story(starting.id());
        flying.put(starting.delivery(), starting);
    }

    private void land(long delivery, Outcome outcome) {
        Starting starting = flying.remove(delivery);
        if (starting != null && outcome != Outcome.DEFERRAL) {
            Story.Ended how = outcome == Outcome.SUCCESS ? Story.Ended.DELIVERED : Story.Ended.REFUSED;
            end(starting.id(), starting.recipient(), how);
        }
    }

    private void end(long id, int recipient, Story.Ended how) {
        if (!story(id).end(recipient, how)) {
            problem(id, "recipient " + recipient + " ended twice");
        }
    }

    private void close(long id, Story story) {
        boolean known = open.remove(id) != null;
        if (id >= first) {
            ended.add(id);
            story.atItsEnd().forEach(what -> problem(id, what));
        }
        if (known) {
            delivered += story.count(Story.Ended.DELIVERED);
            bounced += story.count(Story.Ended.REFUSED);
            deleted += story.count(Story.Ended.DELETED);
            if (story.dropped) {
                deleted += Math.max(0, story.recipients) - story.count();
            }
        }
    }

    private void recovered(long id, int recipient, Standing standing) {
        Story story = recovered.computeIfAbsent(id, _ -> new Story());
        switch (standing) {
            case DELIVERED -> story.end(recipient, Story.Ended.DELIVERED);
            case REFUSED -> story.end(recipient, Story.Ended.REFUSED);
            case QUEUED -> {
                // nothing ended
            }
        }
    }

    /// What the journal knows takes the place of what the ledger knew, unless both knew the end.
    private void recovered(long id, String fate) {
        Story story = recovered.remove(id);
        if (story == null) {
            return; // its beginning was damaged
        }
        if (fate.equals("queued")) {
            if (ended.contains(id)) {
                problem(id, "queued again after its end");
                return;
            }
            begin(id);
            open.put(id, story);
            return;
        }
        story.bounced = fate.equals("bounced");
        story.dropped = fate.equals("dropped");
        if (!ended.contains(id)) {
            begin(id);
            close(id, story);
        }
    }

    private void problem(long id, String what) {
        settled.add(new Problem(id, what));
    }

    /// All problems, given what is in the queue now.
    Set<Problem> problems(Map<Long, Item> queue) {
        Set<Problem> problems = new LinkedHashSet<>(settled);
        open.forEach((id, story) -> {
            Item item = queue.get(id);
            if (item == null) {
                problems.add(new Problem(id, "lost: neither ended nor in the queue"));
            } else {
                story.against(item).forEach(what -> problems.add(new Problem(id, what)));
            }
        });
        queue.forEach((id, item) -> {
            if (ended.contains(id)) {
                problems.add(new Problem(id, "ended, and still in the queue"));
            } else if (id >= first && !open.containsKey(id)) {
                new Story().against(item).forEach(what -> problems.add(new Problem(id, what)));
            }
        });
        return problems;
    }

    /// What was counted, given what is in the queue now.
    Sums sums(Map<Long, Item> queue) {
        long queued = 0;
        long doneThere = 0;
        long refusedThere = 0;
        for (Item item : queue.values()) {
            queued += item.recipients().stream()
                    .filter(line -> line.progress() == Progress.PENDING)
                    .count();
        }
        long deletedThere = 0;
        for (Story story : open.values()) {
            doneThere += story.count(Story.Ended.DELIVERED);
            refusedThere += story.count(Story.Ended.REFUSED);
            deletedThere += story.count(Story.Ended.DELETED);
        }
        return new Sums(messages, delivered + doneThere, bounced + refusedThere, deleted + deletedThere, queued);
    }
}
