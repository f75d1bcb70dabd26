package qrate.admin;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import qrate.core.Reasons;

/// Rows of a table that somebody has ticked: a field of the form each, named after its row.
final class Ticks {
    /// How names of the check boxes begin.
    static final String PREFIX = "t.";

    /// What a form says is to be done with them.
    static final String DO = "do";

    private Ticks() {}

    /// Those of a form, in order; no more than a page has.
    static List<String> of(Request request) {
        return request.form().keySet().stream()
                .filter(name -> name.startsWith(PREFIX))
                .map(name -> name.substring(PREFIX.length()))
                .sorted()
                .limit(Paging.ROWS)
                .toList();
    }

    /// What the form of the page that asks carries on, so that it is agreed to for these and no others.
    static Map<String, String> fields(List<String> ticked, String act) {
        Map<String, String> fields = new TreeMap<>(Map.of(DO, act));
        ticked.forEach(row -> fields.put(PREFIX + row, "1"));
        return fields;
    }

    /// Something that is done with one.
    @FunctionalInterface
    interface Deed<T> {
        /// @return false when it is gone meanwhile
        boolean with(T one) throws IOException;
    }

    /// Does something with each, where that cannot be one change.
    ///
    /// @return what was not done, and why; nothing when all was
    static <T> Said each(List<T> all, Deed<T> deed) {
        int gone = 0;
        for (int i = 0; i < all.size(); i++) {
            try {
                gone += deed.with(all.get(i)) ? 0 : 1;
            } catch (IOException e) {
                return Said.of("ticked-stopped", i - gone, all.size() - i + gone, Reasons.of(e));
            }
        }
        return gone == 0 ? Said.NOTHING : Said.of("ticked-gone", all.size() - gone, gone);
    }
}
