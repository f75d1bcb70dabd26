package qrate.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import qrate.qcontrol.QueueControl.Item;
import qrate.qcontrol.QueueControl.Progress;

/// What the ledger says of one message that has not ended yet.
final class Story {
    /// How a recipient ended.
    enum Ended {
        DELIVERED,
        REFUSED,
        /// a filter had put it aside; it went on as another message
        LET_OUT,
        /// a filter had put it aside, and somebody did not want it
        DELETED
    }

    /// How many; -1 where it is not known.
    int recipients = -1;
    boolean bounced;
    /// A triple bounce, or nobody wants to know.
    boolean silent;
    boolean dropped;
    private final Map<Integer, Ended> ended = new HashMap<>();

    /// Notes an end.
    ///
    /// @return whether it is the recipient's first
    boolean end(int recipient, Ended how) {
        return ended.putIfAbsent(recipient, how) == null;
    }

    int count(Ended how) {
        return (int) ended.values().stream().filter(one -> one == how).count();
    }

    /// How many ended, in whatever way.
    int count() {
        return ended.size();
    }

    /// What is wrong with it when the message ends now.
    List<String> atItsEnd() {
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < recipients && !dropped; i++) {
            if (!ended.containsKey(i)) {
                wrong.add("recipient " + i + " is neither delivered nor bounced, and the message ended");
            }
        }
        boolean refused = count(Ended.REFUSED) > 0;
        if (refused && !bounced && !silent && !dropped) {
            wrong.add("refused recipients, and the message ended without a bounce");
        }
        if (bounced && !refused && recipients >= 0) {
            wrong.add("bounced, and no recipient was refused");
        }
        return wrong;
    }

    /// What is wrong with it when it is in the queue like this.
    List<String> against(Item item) {
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < item.recipients().size(); i++) {
            Progress queue = item.recipients().get(i).progress();
            Progress ledger = ended.containsKey(i)
                    ? switch (ended.get(i)) {
                        case DELIVERED, LET_OUT, DELETED -> Progress.DELIVERED;
                        case REFUSED -> Progress.REFUSED;
                    }
                    : Progress.PENDING;
            if (queue != ledger) {
                wrong.add("recipient " + i + " is " + word(queue) + " in the queue and " + word(ledger)
                        + " in the ledger");
            }
        }
        return wrong;
    }

    private static String word(Progress progress) {
        return switch (progress) {
            case PENDING -> "still queued";
            case DELIVERED -> "delivered";
            case REFUSED -> "refused";
        };
    }
}
