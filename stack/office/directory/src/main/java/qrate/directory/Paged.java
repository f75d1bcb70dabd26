package qrate.directory;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import qrate.core.Slice;
import qrate.directory.Database.Row;
import qrate.directory.Database.Tx;

/// Rows of the database that are shown a part at a time: no query brings more of them than the part has, and one.
///
/// @param columns and where they are from, between SELECT and WHERE
/// @param where what all of them fulfil
/// @param values of its parameters
/// @param keys columns of their order, which together are another for each row
/// @param searched what is looked into for a text
record Paged<T>(String columns, String where, List<Object> values, List<String> keys, String searched, Row<T> row) {
    /// Between the columns of a key that is written in one.
    static final String BETWEEN = " ";

    private static final String ESCAPE = "!";

    /// A part, as the database orders keys.
    Slice.Part<T> of(Tx tx, Slice slice) throws SQLException {
        boolean backwards = slice.backwards();
        String key = backwards ? slice.before() : slice.after();
        String order = String.join(backwards ? " DESC, " : ", ", keys) + (backwards ? " DESC" : "");
        List<T> found = tx.list(
                "SELECT " + columns + all(slice) + beyond(key, backwards ? "<" : ">") + " ORDER BY " + order + " LIMIT "
                        + (slice.most() + 1),
                row,
                values(slice, key));
        boolean aside = !key.isEmpty()
                && !tx.list(
                                "SELECT 1" + from() + all(slice) + beyond(key, backwards ? ">=" : "<=") + " LIMIT 1",
                                r -> r.getInt(1),
                                values(slice, key))
                        .isEmpty();
        return slice.part(found, aside, tx.count("SELECT COUNT(*)" + from() + all(slice), values(slice, "")));
    }

    private String from() {
        return columns.substring(columns.lastIndexOf(" FROM "));
    }

    private String all(Slice slice) {
        return " WHERE " + where + (slice.query().isEmpty() ? "" : " AND " + searched + " LIKE ? ESCAPE '!'");
    }

    /// Keys are compared column by column; HSQLDB does not compare rows of parameters.
    private String beyond(String key, String how) {
        if (key.isEmpty()) {
            return "";
        }
        List<String> ways = new ArrayList<>();
        StringBuilder same = new StringBuilder();
        for (int i = 0; i < keys.size(); i++) {
            String compared = i + 1 < keys.size() ? how.substring(0, 1) : how;
            ways.add(same + keys.get(i) + " " + compared + " ?");
            same.append(keys.get(i)).append(" = ? AND ");
        }
        return " AND (" + String.join(" OR ", ways) + ")";
    }

    private Object[] values(Slice slice, String key) {
        List<Object> all = new ArrayList<>(values);
        if (!slice.query().isEmpty()) {
            all.add("%"
                    + slice.query()
                            .replace(ESCAPE, ESCAPE + ESCAPE)
                            .replace("%", ESCAPE + "%")
                            .replace("_", ESCAPE + "_")
                    + "%");
        }
        if (!key.isEmpty()) {
            List<String> parts = new ArrayList<>(Arrays.asList(key.split(BETWEEN, keys.size())));
            parts.addAll(Collections.nCopies(keys.size() - parts.size(), ""));
            for (int i = 1; i <= parts.size(); i++) {
                all.addAll(parts.subList(0, i));
            }
        }
        return all.toArray();
    }
}
