package qrate.snapshots;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The records in a domain's files, to bytes and back.
final class Records020 {
    static final byte[] CATCH_ALL = {'*'};
    static final byte[] ALIAS_OF = {'@'};
    static final byte[] REVISION = {'#'};
    static final byte[] BASE = {'<'};

    private static final String MAILBOX = "mailbox";
    private static final String FORWARD = "forward";

    private Records020() {}

    static byte[] key(String local) {
        return ("=" + local).getBytes(UTF_8);
    }

    static byte[] route(Directory.Route route) {
        return switch (route) {
            case Directory.Route.Mailbox m -> {
                List<String> fields = new ArrayList<>(List.of(
                        MAILBOX,
                        m.address(),
                        m.home(),
                        Long.toString(m.quotaBytes()),
                        Long.toString(m.quotaMessages()),
                        m.keep() ? "1" : "0"));
                fields.addAll(m.copies());
                yield join(fields);
            }
            case Directory.Route.Forward f -> {
                List<String> fields = new ArrayList<>(List.of(FORWARD));
                fields.addAll(f.to());
                yield join(fields);
            }
            case Directory.Route.NotOurs _, Directory.Route.NoSuchUser _ ->
                throw new IllegalArgumentException("no record says that somebody is missing");
        };
    }

    static Directory.Route route(byte[] value) throws IOException {
        String[] fields = new String(value, UTF_8).split("\0", -1);
        List<String> list = List.of(fields);
        if (fields[0].equals(MAILBOX) && fields.length >= 6) {
            try {
                return new Directory.Route.Mailbox(
                        fields[1],
                        fields[2],
                        Long.parseLong(fields[3]),
                        Long.parseLong(fields[4]),
                        list.subList(6, fields.length),
                        fields[5].equals("1"));
            } catch (NumberFormatException e) {
                throw new IOException("damaged record: " + e.getMessage(), e);
            }
        }
        if (fields[0].equals(FORWARD) && fields.length >= 2) {
            return new Directory.Route.Forward(list.subList(1, fields.length));
        }
        throw new IOException("damaged record");
    }

    static byte[] account(Directory.Account a) {
        return join(List.of(a.address(), a.hash(), a.home(), a.pop() ? "1" : "0", a.smtp() ? "1" : "0"));
    }

    static Directory.Account account(byte[] value) throws IOException {
        String[] fields = new String(value, UTF_8).split("\0", -1);
        if (fields.length != 5) {
            throw new IOException("damaged record");
        }
        return new Directory.Account(fields[0], fields[1], fields[2], fields[3].equals("1"), fields[4].equals("1"));
    }

    /// Joins fields; a NUL inside one would make two of it.
    static byte[] join(List<String> fields) {
        for (String field : fields) {
            if (field.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("NUL in a field");
            }
        }
        return String.join("\0", fields).getBytes(UTF_8);
    }
}
