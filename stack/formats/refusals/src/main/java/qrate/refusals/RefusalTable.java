package qrate.refusals;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Reads `refusals.table`: `@NAME | ACTION`, and six columns, which are provider, status codes, phrases, kind, meaning,
/// and action or `@NAME`; `-` stands for anything. The first line that fits counts. One that makes no sense is a bug.
final class RefusalTable {
    private static final String ANY = "-";
    private static final int COLUMNS = 6;

    private final Map<String, String> actions = new HashMap<>();
    private final List<RefusalRule> rules = new ArrayList<>();

    private RefusalTable() {}

    static List<RefusalRule> read() {
        try (InputStream in = RefusalTable.class.getResourceAsStream("refusals.table")) {
            RefusalTable table = new RefusalTable();
            new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(table::line);
            return List.copyOf(table.rules);
        } catch (IOException e) {
            throw new UncheckedIOException("refusals.table", e);
        }
    }

    private void line(String line) {
        List<String> columns =
                Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
        if (columns.size() == 2 && columns.get(0).startsWith("@")) {
            actions.put(columns.get(0), columns.get(1));
            return;
        }
        if (columns.size() != COLUMNS) {
            throw new IllegalStateException("refusals.table: " + line);
        }
        String action = columns.get(5);
        if (action.startsWith("@") && !actions.containsKey(action)) {
            throw new IllegalStateException("refusals.table: no " + action);
        }
        rules.add(new RefusalRule(
                Optional.of(columns.get(0))
                        .filter(name -> !name.equals(ANY))
                        .map(name -> MailProvider.valueOf(name.toUpperCase(Locale.ROOT))),
                list(columns.get(1), ",").stream().map(RefusalTable::statuses).toList(),
                list(columns.get(2), "&").stream().map(RemoteReply::plain).toList(),
                RefusalKind.valueOf(columns.get(3).toUpperCase(Locale.ROOT)),
                new RefusalRule.Words(columns.get(4), actions.getOrDefault(action, action))));
    }

    private static List<String> list(String column, String separator) {
        return column.equals(ANY)
                ? List.of()
                : Arrays.stream(column.split(separator, -1)).map(String::strip).toList();
    }

    /// `5.7.26`, `x.7.606-649`.
    private static RefusalRule.Statuses statuses(String text) {
        String[] numbers = text.split("\\.", -1);
        String[] range = numbers[2].split("-", -1);
        return new RefusalRule.Statuses(
                numbers[0].charAt(0),
                Integer.parseInt(numbers[1]),
                Integer.parseInt(range[0]),
                Integer.parseInt(range[range.length - 1]));
    }
}
