package qrate.snapshots;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The records in a domain's files, to bytes and back: by named fields, and by fields in their order, as 0.1.0 and
/// 0.2.0
/// wrote and read them.
final class Records {
    static final Key CATCH_ALL = new Key("**", "*");
    static final byte[] ALIAS_OF = {'@'};
    static final byte[] REVISION = {'#'};
    static final byte[] BASE = {'<'};
    static final byte[] FORM = {'%'};
    static final byte[] BESIDE = {'&'};

    private static final String KIND = "kind";
    private static final String MAILBOX = "mailbox";
    private static final String FORWARD = "forward";
    private static final String ADDRESS = "address";
    private static final String HOME = "home";
    private static final String QUOTA_BYTES = "quota-bytes";
    private static final String QUOTA_MESSAGES = "quota-messages";
    private static final String KEEP = "keep";
    private static final String COPY = "copy";
    private static final String AWAY_FROM = "away-from";
    private static final String AWAY_UNTIL = "away-until";
    private static final String AWAY_DAYS = "away-days";
    private static final String AWAY_SUBJECT = "away-subject";
    private static final String AWAY_TEXT = "away-text";
    private static final String AWAY_ZONE = "away-zone";
    private static final String MAILBOX_LANGUAGE = "language";
    private static final String TO = "to";
    private static final String HASH = "hash";
    private static final String POP = "pop";
    private static final String SMTP = "smtp";
    private static final String APP = "app";
    private static final String APP_ONLY = "app-only";

    private Records() {}

    /// Where a text of a domain's own stands.
    static byte[] said(String name) {
        return ("!" + name).getBytes(UTF_8);
    }

    /// Where somebody's record stands.
    ///
    /// @param named by named fields
    /// @param ordered by fields in their order
    record Key(String named, String ordered) {
        static Key of(String local) {
            return new Key("+" + local, "=" + local);
        }

        byte[] namedBytes() {
            return named.getBytes(UTF_8);
        }

        byte[] orderedBytes() {
            return ordered.getBytes(UTF_8);
        }

        /// Whether a key in a file is somebody's.
        static boolean isIn(byte[] key) {
            return key.length > 1 && (key[0] == '+' || key[0] == '=');
        }
    }

    /// The form that every record of a file is in too.
    static byte[] form() {
        return Fields.FORM.getBytes(US_ASCII);
    }

    static byte[] named(Directory.Route route) {
        return switch (route) {
            case Directory.Route.Mailbox m ->
                spoken(
                                Fields.none()
                                        .put(KIND, MAILBOX)
                                        .put(ADDRESS, m.address())
                                        .put(HOME, m.home())
                                        .put(QUOTA_BYTES, Long.toString(m.quotaBytes()))
                                        .put(QUOTA_MESSAGES, Long.toString(m.quotaMessages()))
                                        .put(KEEP, m.keep())
                                        .put(COPY, m.copies()),
                                m)
                        .bytes();
            case Directory.Route.Forward f ->
                Fields.none().put(KIND, FORWARD).put(TO, f.to()).bytes();
            case Directory.Route.NotOurs _, Directory.Route.NoSuchUser _ -> throw nobody();
        };
    }

    /// Nothing for who has said nothing.
    private static Fields spoken(Fields fields, Directory.Route.Mailbox box) {
        Fields all = away(fields, box.vacation());
        return box.language().isEmpty() ? all : all.put(MAILBOX_LANGUAGE, box.language());
    }

    /// Nothing for who is not away.
    private static Fields away(Fields fields, Vacation vacation) {
        if (!vacation.on()) {
            return fields;
        }
        Fields away = fields.put(AWAY_FROM, Long.toString(vacation.from().toEpochMilli()))
                .put(AWAY_UNTIL, Long.toString(vacation.until().toEpochMilli()))
                .put(AWAY_DAYS, Integer.toString(vacation.days()))
                .put(AWAY_SUBJECT, vacation.subject())
                .put(AWAY_TEXT, vacation.text());
        return vacation.zone().isEmpty() ? away : away.put(AWAY_ZONE, vacation.zone());
    }

    private static Vacation away(Fields fields) throws IOException {
        Optional<String> text = fields.one(AWAY_TEXT);
        if (text.isEmpty()) {
            return Vacation.NONE;
        }
        return new Vacation(
                true,
                Instant.ofEpochMilli(fields.number(AWAY_FROM)),
                Instant.ofEpochMilli(fields.number(AWAY_UNTIL)),
                Math.clamp(fields.number(AWAY_DAYS), 1, Vacation.DAYS_MAX),
                fields.one(AWAY_SUBJECT).orElse(""),
                text.get(),
                fields.one(AWAY_ZONE).orElse(""));
    }

    static byte[] ordered(Directory.Route route) {
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
                yield Fields.joined(fields);
            }
            case Directory.Route.Forward f -> {
                List<String> fields = new ArrayList<>(List.of(FORWARD));
                fields.addAll(f.to());
                yield Fields.joined(fields);
            }
            case Directory.Route.NotOurs _, Directory.Route.NoSuchUser _ -> throw nobody();
        };
    }

    private static IllegalArgumentException nobody() {
        return new IllegalArgumentException("no record says that somebody is missing");
    }

    /// A route in either form.
    static Directory.Route route(byte[] value) throws IOException {
        String record = new String(value, UTF_8);
        if (!Fields.areIn(record)) {
            return orderedRoute(record);
        }
        Fields fields = Fields.of(record);
        return switch (fields.needed(KIND)) {
            case MAILBOX ->
                new Directory.Route.Mailbox(
                        fields.needed(ADDRESS),
                        fields.needed(HOME),
                        fields.number(QUOTA_BYTES),
                        fields.number(QUOTA_MESSAGES),
                        fields.all(COPY),
                        fields.isSet(KEEP, true),
                        away(fields),
                        fields.one(MAILBOX_LANGUAGE).orElse(""));
            case FORWARD -> {
                List<String> to = fields.all(TO);
                if (to.isEmpty()) {
                    throw Fields.damaged();
                }
                yield new Directory.Route.Forward(to);
            }
            default -> throw new IOException("a record of a kind that this version does not know");
        };
    }

    private static Directory.Route orderedRoute(String record) throws IOException {
        String[] fields = record.split("\0", -1);
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
        throw Fields.damaged();
    }

    static byte[] named(Directory.Account a) {
        Fields fields = Fields.none()
                .put(ADDRESS, a.address())
                .put(HASH, a.hash())
                .put(HOME, a.home())
                .put(POP, a.pop())
                .put(SMTP, a.smtp())
                .put(APP, a.apps().stream().map(AppPassword::field).toList());
        // only where it holds: records of everybody else stay as they are
        return (a.appOnly() ? fields.put(APP_ONLY, true) : fields).bytes();
    }

    static byte[] ordered(Directory.Account a) {
        return Fields.joined(List.of(a.address(), a.hash(), a.home(), a.pop() ? "1" : "0", a.smtp() ? "1" : "0"));
    }

    private static List<AppPassword> apps(Fields fields) throws IOException {
        try {
            return fields.all(APP).stream().map(AppPassword::of).toList();
        } catch (IllegalArgumentException e) {
            throw new IOException("damaged record: " + e.getMessage(), e);
        }
    }

    /// An account in either form. A door that a record does not name is closed.
    static Directory.Account account(byte[] value) throws IOException {
        String record = new String(value, UTF_8);
        if (Fields.areIn(record)) {
            Fields fields = Fields.of(record);
            return new Directory.Account(
                    fields.needed(ADDRESS),
                    fields.needed(HASH),
                    fields.needed(HOME),
                    fields.isSet(POP, false),
                    fields.isSet(SMTP, false),
                    apps(fields),
                    fields.isSet(APP_ONLY, false));
        }
        String[] fields = record.split("\0", -1);
        if (fields.length != 5) {
            throw Fields.damaged();
        }
        return new Directory.Account(fields[0], fields[1], fields[2], fields[3].equals("1"), fields[4].equals("1"));
    }
}
