package qrate.dmarc.reports;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.LineReader;

/// The rows of one day and how often each came. Its file only grows: `row LINE` gives a row the next number,
/// from 0; `add NUMBER COUNT` counts messages of it; `left DOMAIN COUNT` counts those that had no room.
final class ReportDay {
    /// Most rows of one policy domain.
    static final int ROWS_OF_DOMAIN_MAX = 1_000;

    /// Most characters of one policy domain's rows: no domain takes the room of all.
    static final int CHARS_OF_DOMAIN_MAX = 512 << 10;

    /// Most rows of all domains.
    static final int ROWS_MAX = 10_000;

    /// Most characters of all rows, which is what they take in memory: twice that, and half as much again for rows as
    /// objects, has to fit beside all else into the gate's heap of 72 MiB while the day before is reported.
    static final int CHARS_MAX = 6 << 20;

    private static final int RECORD_BYTES_MAX = ReportLine.LINE_CHARS_MAX + 100;

    private final Map<String, Counted> rows = new LinkedHashMap<>();
    private final Map<String, Integer> rowsOfDomain = new HashMap<>();
    private final Map<String, Integer> charsOfDomain = new HashMap<>();
    private final Map<String, Counted> left = new LinkedHashMap<>();
    private int next;
    private int written;
    private long chars;

    private static final class Counted {
        private final int number;
        private long count;
        private long unwritten;

        Counted(int number) {
            this.number = number;
        }

        void add(long more) {
            count += more;
            unwritten += more;
        }
    }

    /// Counts a message; of one that has no room its domain's report says that it is left out, if there is one.
    void add(String domain, String line) {
        Counted known = rows.get(line);
        if (known != null) {
            known.add(1);
        } else if (hasRoom(domain, line)) {
            put(domain, line).add(1);
        } else if (rowsOfDomain.containsKey(domain)) {
            left.computeIfAbsent(domain, _ -> new Counted(0)).add(1);
        }
    }

    private boolean hasRoom(String domain, String line) {
        return rowsOfDomain.getOrDefault(domain, 0) < ROWS_OF_DOMAIN_MAX
                && charsOfDomain.getOrDefault(domain, 0) + line.length() <= CHARS_OF_DOMAIN_MAX
                && rows.size() < ROWS_MAX
                && chars + line.length() <= CHARS_MAX;
    }

    private Counted put(String domain, String line) {
        Counted counted = new Counted(next++);
        rows.put(line, counted);
        rowsOfDomain.merge(domain, 1, Integer::sum);
        charsOfDomain.merge(domain, line.length(), Integer::sum);
        chars += line.length();
        return counted;
    }

    /// Takes everything for unwritten again, for a file that begins anew.
    void rewrite() {
        int number = 0;
        Map<String, Counted> all = new LinkedHashMap<>();
        for (Map.Entry<String, Counted> row : rows.entrySet()) {
            Counted counted = new Counted(number++);
            counted.add(row.getValue().count);
            all.put(row.getKey(), counted);
        }
        rows.clear();
        rows.putAll(all);
        left.values().forEach(counted -> counted.unwritten = counted.count);
        next = number;
        written = 0;
    }

    /// What is not in the file yet; it is taken for written from now on.
    byte[] unwritten() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        rows.forEach((line, counted) -> {
            if (counted.number >= written) {
                text(out, "row " + line);
            }
        });
        written = next;
        rows.values().forEach(counted -> {
            if (counted.unwritten > 0) {
                text(out, "add " + counted.number + " " + counted.unwritten);
                counted.unwritten = 0;
            }
        });
        left.forEach((domain, counted) -> {
            if (counted.unwritten > 0) {
                text(out, "left " + domain + " " + counted.unwritten);
                counted.unwritten = 0;
            }
        });
        return out.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String line) {
        out.writeBytes((line + "\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    /// Reads a file up to its last whole line; lines that make no sense are passed over.
    ///
    /// @return how many bytes whole lines take
    static long read(InputStream in, ReportDay day) throws IOException {
        LineReader reader = new LineReader(RECORD_BYTES_MAX, LineReader.Ending.LF);
        List<String> numbers = new ArrayList<>();
        long bytes = 0;
        try {
            for (Optional<byte[]> line = reader.read(in); line.isPresent(); line = reader.read(in)) {
                bytes += line.get().length + 1L;
                day.take(new String(line.get(), StandardCharsets.ISO_8859_1), numbers);
            }
        } catch (LineReader.BadLine _) {
            // what a crash left; it is cut off
        }
        day.next = numbers.size();
        day.written = numbers.size();
        return bytes;
    }

    private void take(String record, List<String> numbers) {
        String[] words = record.split(" ", 3);
        if (words.length == 2 && words[0].equals("row")) {
            numbers.add(words[1]);
            String domain = ReportLine.first(ReportLine.fields(words[1]), "domain");
            if (!rows.containsKey(words[1]) && hasRoom(domain, words[1])) {
                next = numbers.size() - 1;
                put(domain, words[1]);
            }
        } else if (words.length == 3 && isNumber(words[2])) {
            long count = Long.parseLong(words[2]);
            if (words[0].equals("add") && isNumber(words[1]) && Integer.parseInt(words[1]) < numbers.size()) {
                Counted row = rows.get(numbers.get(Integer.parseInt(words[1])));
                if (row != null) {
                    row.count += count;
                }
            } else if (words[0].equals("left") && rowsOfDomain.containsKey(words[1])) {
                left.computeIfAbsent(words[1], _ -> new Counted(0)).count += count;
            }
        }
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() <= 9 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /// Each row and how often it came, in the order in which they first came.
    Map<String, Long> counts() {
        Map<String, Long> counts = new LinkedHashMap<>();
        rows.forEach((line, counted) -> counts.put(line, counted.count));
        return counts;
    }

    /// How many messages of a domain had no room.
    long left(String domain) {
        Counted counted = left.get(domain);
        return counted == null ? 0 : counted.count;
    }
}
