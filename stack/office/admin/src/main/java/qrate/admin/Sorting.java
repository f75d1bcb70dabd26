package qrate.admin;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import qrate.core.Slice;

/// By which column a table is in order, as the query says: `?sort=used`, or `?sort=-used` for the largest first. In the
/// order of its first column the database gives it, however long it is; for any other it is put in order here, and has
/// {@link #ROWS_MAX} rows at most.
///
/// @param columns their words, that of the database's order first
/// @param column one of these
/// @param down whether the largest comes first
/// @param path of the page
/// @param query what is looked for there
record Sorting(List<String> columns, String column, boolean down, String path, String query) {
    /// Most rows that are put in order for one page.
    static final int ROWS_MAX = 1_000;

    /// Parameter of the query.
    static final String SORT = "sort";

    static Sorting of(Request request, String path, List<String> columns) {
        String text = request.form(SORT);
        boolean down = text.startsWith("-");
        String word = down ? text.substring(1) : text;
        boolean known = columns.contains(word);
        return new Sorting(columns, known ? word : columns.getFirst(), known && down, path, request.form(Paging.QUERY));
    }

    /// Whether it is in the order that the database gives it in.
    boolean plain() {
        return column.equals(columns.getFirst()) && !down;
    }

    /// The same table in that order.
    Sorting unsorted() {
        return new Sorting(columns, columns.getFirst(), false, path, query);
    }

    /// As the query says it; empty for the order of the database.
    String word() {
        return plain() ? "" : (down ? "-" : "") + column;
    }

    /// Parameters that stay while somebody turns pages.
    Map<String, String> fixed() {
        Map<String, String> fixed = new LinkedHashMap<>();
        fixed.put(Paging.QUERY, query);
        fixed.put(SORT, word());
        return fixed;
    }

    /// Where the table is in order by a column; by one that it is in order by already, the other way round.
    String link(String by) {
        Sorting other = new Sorting(columns, by, by.equals(column) && !down, path, query);
        String parameters = Paging.query(other.fixed());
        return parameters.isEmpty() ? path : path + "?" + parameters;
    }

    /// What a column's head says of it to whoever does not see it.
    String aria(String by) {
        return by.equals(column) ? down ? "descending" : "ascending" : "none";
    }

    /// A part of rows that are in order, beside the one whose key is named; from the beginning where that is gone.
    static <T> Slice.Part<T> part(List<T> rows, Slice slice, Function<T, String> key) {
        List<String> keys = rows.stream().map(key).toList();
        int end = slice.backwards() ? Math.max(0, keys.indexOf(slice.before())) : rows.size();
        int start = slice.backwards() ? Math.max(0, end - slice.most()) : keys.indexOf(slice.after()) + 1;
        List<T> some = rows.subList(start, slice.backwards() ? end : Math.min(end, start + slice.most()));
        return new Slice.Part<>(some, start > 0, start + some.size() < rows.size(), rows.size());
    }
}
