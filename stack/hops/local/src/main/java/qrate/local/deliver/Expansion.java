package qrate.local.deliver;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import qrate.core.Envelope;
import qrate.core.Parameters;

/// Keeps in bounds what one message becomes on its way through aliases that lead to aliases: of the copies that come
/// from one delivery, each address gets one, and all together are not many.
///
/// Copies carry the name of that first delivery in a parameter of their envelope ({@link #PARAMETER}), which never
/// leaves this system; what they were sent on to is remembered here, in memory. After a restart it begins anew, so that
/// a copy may come twice, and never not at all.
final class Expansion {
    /// Copies that aliases of aliases may make of one message; those that its first address names are not counted.
    static final int COPIES_MAX = 1000;

    /// Copies remembered in all; those of the messages that were looked at longest ago are forgotten first.
    static final int REMEMBERED_MAX = 50_000;

    /// Names the first delivery, in an envelope.
    static final String PARAMETER = "COPYOF";

    /// What is to be done with a list of addresses.
    sealed interface Step {
        /// These are still to be told; {@link Expansion#undo} if they were not.
        ///
        /// @param parameters of the envelope
        record Send(List<String> to, String parameters, Claim claim) implements Step {}

        /// Every one has a copy.
        record Nothing() implements Step {}

        /// There are too many.
        ///
        /// @param first whether nobody was told so yet
        record TooMany(boolean first) implements Step {}
    }

    /// Addresses that a delivery took upon itself.
    record Claim(String origin, List<String> keys) {}

    private static final class Copies {
        final Set<String> keys = new HashSet<>();
        boolean refused;
    }

    private final Map<String, Copies> all = new LinkedHashMap<>(16, 0.75f, true);
    private final UnaryOperator<List<String>> sameness;
    private int remembered;

    /// @param sameness keys of addresses, equal where they are the same
    Expansion(UnaryOperator<List<String>> sameness) {
        this.sameness = sameness;
    }

    /// What is left to do of sending a message on.
    ///
    /// @param parameters of the envelope, as they would be
    synchronized Step step(Mailing mailing, String sender, String parameters, List<String> to) {
        String mark =
                new Parameters(mailing.job().parameters()).value(PARAMETER).orElse("");
        Notes.Key key = mailing.key();
        boolean root = mark.isEmpty();
        if (root && (to.size() == 1 || key.id() == 0)) {
            return new Step.Send(to, parameters, new Claim("", List.of())); // one for one, or by hand
        }
        String origin = root ? key.id() + "." + key.birthMillis() + "." + key.number() : mark;
        String marked = marked(parameters, origin);
        if (root && to.size() > COPIES_MAX) {
            return new Step.Send(to, marked, new Claim("", List.of())); // said in so many words
        }
        Copies copies = all.computeIfAbsent(origin, _ -> new Copies());
        List<String> fresh = new ArrayList<>();
        Set<String> keys = new LinkedHashSet<>();
        List<String> same = sameness.apply(to);
        for (int i = 0; i < to.size(); i++) {
            String copy = sender + "\0" + same.get(i);
            if (!copies.keys.contains(copy) && keys.add(copy)) {
                fresh.add(to.get(i));
            }
        }
        if (fresh.isEmpty()) {
            return new Step.Nothing();
        }
        if (copies.keys.size() + fresh.size() > COPIES_MAX) {
            boolean first = !copies.refused;
            copies.refused = true;
            return new Step.TooMany(first);
        }
        copies.keys.addAll(keys);
        remembered += keys.size();
        forget(origin);
        return new Step.Send(fresh, marked, new Claim(origin, List.copyOf(keys)));
    }

    /// The copies were not made: whoever comes next may make them.
    synchronized void undo(Claim claim) {
        Copies copies = all.get(claim.origin);
        if (copies != null) {
            for (String key : claim.keys) {
                remembered -= copies.keys.remove(key) ? 1 : 0;
            }
        }
    }

    private void forget(String origin) {
        for (Iterator<Map.Entry<String, Copies>> i = all.entrySet().iterator();
                i.hasNext() && (remembered > REMEMBERED_MAX || all.size() > REMEMBERED_MAX); ) {
            Map.Entry<String, Copies> oldest = i.next();
            if (!oldest.getKey().equals(origin)) {
                remembered -= oldest.getValue().keys.size();
                i.remove();
            }
        }
    }

    private static String marked(String parameters, String origin) {
        if (new Parameters(parameters).has(PARAMETER)) {
            return parameters;
        }
        String both = new Parameters(parameters).with(PARAMETER, origin).text();
        return both.length() > Envelope.TEXT_BYTES_MAX ? parameters : both;
    }
}
