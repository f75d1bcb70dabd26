package qrate.directory;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import qrate.language.Language;

/// What a mailbox has beside its address and its password, declared once: rows of the database, the REST API, the file
/// of `apply` and `export`, the audit log and the form on its page read this table. Whoever administers the domain may
/// change each. Its label on the page is `property-NAME` in the texts of {@link Words}.
public enum Property {
    /// Most mail it may hold; a {@link Quota}.
    QUOTA(Kind.QUOTA, "NOQUOTA", "quota_bytes quota_messages", "quotaBytes quotaMessages"),
    /// Whether POP3 is open to it.
    POP(Kind.FLAG, "true", "pop", "pop"),
    /// Whether submission is.
    SMTP(Kind.FLAG, "true", "smtp", "smtp"),
    /// Whether it may administer its domain.
    POSTMASTER(Kind.FLAG, "false", "postmaster", "postmaster"),
    /// Whether it gets mail itself when it has copies sent.
    KEEP(Kind.FLAG, "true", "keeps", "keep"),
    /// Whether POP3 and submission are open to passwords of single programs only; its owner may set it too.
    APP_ONLY(Kind.FLAG, "false", "app_only", "appOnly"),
    /// Whether its owner must choose another password at the pages before anything else there; that he does takes it
    /// away. Mail goes on meanwhile: a mail program could show nobody why it does not.
    MUST_CHANGE(Kind.FLAG, "false", "must_change", "mustChange"),
    /// What its owner is called, as people read it; vpopmail's gecos.
    NAME(Kind.TEXT, "", "display_name", "name"),
    /// What its owner reads, and is written in; its owner may set it too.
    LANGUAGE(Kind.LANGUAGE, "", "lang", "language"),
    /// Where its owner is sent a link when he has forgotten his password; he may set it too, with his password.
    RECOVERY(Kind.ADDRESS, "", "recovery", "recoveryAddress");

    /// Longest text, in characters.
    public static final int TEXT_CHARS_MAX = 100;

    /// The columns of all, in the order of the table.
    static final String COLUMNS = columns("");

    /// The same for an update.
    static final String ASSIGNMENTS = columns(" = ?");

    private final Kind kind;

    @SuppressWarnings("ImmutableEnumChecker") // a Boolean, or a record of numbers
    private final Object fallback;

    @SuppressWarnings("ImmutableEnumChecker") // never changed
    private final List<String> columns;

    @SuppressWarnings("ImmutableEnumChecker") // the same
    private final List<String> members;

    /// @param fallback of a new mailbox, as a text
    /// @param columns in the table of mailboxes, with a blank between
    /// @param members in JSON, one for each column
    Property(Kind kind, String fallback, String columns, String members) {
        this.kind = kind;
        this.fallback = kind.parse(fallback);
        this.columns = List.of(columns.split(" ", -1));
        this.members = List.of(members.split(" ", -1));
    }

    /// What values there are, and the cells that one is made of in a row and in JSON.
    public enum Kind {
        /// A Boolean.
        FLAG {
            @Override
            Object parse(String text) {
                return Boolean.valueOf(text);
            }

            @Override
            List<Object> cells(Object value) {
                return List.of(Boolean.class.cast(value));
            }

            @Override
            Object cell(ResultSet row, int at) throws SQLException {
                return row.getBoolean(at);
            }

            @Override
            Object cell(Map<String, Object> shape, String member, Object before) throws IOException {
                return Json.truth(shape, member, (Boolean) before);
            }
        },
        /// One line of text.
        TEXT,

        /// A {@link Quota}.
        QUOTA {
            @Override
            Object parse(String text) {
                return Quota.parse(text).orElseThrow();
            }

            @Override
            List<Object> cells(Object value) {
                Quota quota = Quota.class.cast(value);
                return List.of(quota.bytes(), quota.messages());
            }

            @Override
            Object value(List<Object> cells) {
                return new Quota((Long) cells.getFirst(), (Long) cells.getLast());
            }

            @Override
            Object cell(ResultSet row, int at) throws SQLException {
                return row.getLong(at);
            }

            @Override
            Object cell(Map<String, Object> shape, String member, Object before) throws IOException {
                return Json.number(shape, member, (Long) before);
            }

            @Override
            Object said(Object value) {
                return Quota.class.cast(value).words();
            }
        },

        /// A text: a {@link Language}'s tag, or empty for none.
        LANGUAGE,

        /// A text: an address here or anywhere, or empty for none.
        ADDRESS;

        // a text, where a kind says nothing else

        Object parse(String text) {
            return text;
        }

        /// @throws ClassCastException for a value of another kind
        List<Object> cells(Object value) {
            return List.of(String.class.cast(value));
        }

        Object value(List<Object> cells) {
            return cells.getFirst();
        }

        Object cell(ResultSet row, int at) throws SQLException {
            return Rows.orEmpty(row.getString(at));
        }

        Object cell(Map<String, Object> shape, String member, Object before) throws IOException {
            return Json.text(shape, member, (String) before);
        }

        Object said(Object value) {
            return value;
        }
    }

    private static String columns(String behind) {
        return Arrays.stream(values())
                .flatMap(property -> property.columns.stream())
                .map(column -> column + behind)
                .collect(Collectors.joining(", "));
    }

    /// What its values are.
    public Kind kind() {
        return kind;
    }

    /// Whether a mailbox may have a value: a text must be one line, and not too long.
    boolean fits(Object value) {
        return kind != Kind.TEXT
                || !(value instanceof String text)
                || (text.length() <= TEXT_CHARS_MAX
                        && text.chars().noneMatch(c -> Character.isISOControl(c) || c == '\u2028' || c == '\u2029'));
    }

    /// Its name in files, forms and the audit log: `pop`.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// A value as a file of `apply` says it: a text, or a Boolean.
    public Object said(Object value) {
        return kind.said(value);
    }

    /// Names of the members that all have in JSON, and others in front.
    public static String[] members(String... others) {
        return Stream.concat(
                        Arrays.stream(others), Arrays.stream(values()).flatMap(property -> property.members.stream()))
                .toArray(String[]::new);
    }

    /// Values for every property: those given, else those of a new mailbox.
    ///
    /// @throws ClassCastException for a value of another kind
    static Map<Property, Object> complete(Map<Property, Object> given) {
        Map<Property, Object> all = new EnumMap<>(Property.class);
        for (Property property : values()) {
            Object value = given.get(property);
            List<Object> cells = property.kind.cells(value == null ? property.fallback : value);
            all.put(property, property.kind.value(cells));
        }
        return Collections.unmodifiableMap(all);
    }

    /// The cells of all, as {@link #COLUMNS} names them.
    static List<Object> cells(Map<Property, Object> all) {
        List<Object> cells = new ArrayList<>();
        all.forEach((property, value) -> cells.addAll(property.kind.cells(value)));
        return cells;
    }

    /// Reads a row.
    ///
    /// @param at place of the first of {@link #COLUMNS}
    static Map<Property, Object> read(ResultSet row, int at) throws SQLException {
        Map<Property, Object> all = new EnumMap<>(Property.class);
        int next = at;
        for (Property property : values()) {
            List<Object> cells = new ArrayList<>();
            for (int end = next + property.columns.size(); next < end; next++) {
                cells.add(property.kind.cell(row, next));
            }
            all.put(property, property.kind.value(cells));
        }
        return all;
    }

    /// Values as members of JSON.
    static Map<String, Object> shape(Map<Property, Object> some) {
        Map<String, Object> shape = new LinkedHashMap<>();
        some.forEach((property, value) -> {
            List<Object> cells = property.kind.cells(value);
            List<String> members = property.members;
            for (int i = 0; i < cells.size(); i++) {
                shape.put(members.get(i), cells.get(i));
            }
        });
        return shape;
    }

    /// The values that an object of JSON says something of.
    ///
    /// @param before what holds for a part that is not said
    /// @throws IOException when a member is of another kind
    static Map<Property, Object> read(Map<String, Object> shape, Map<Property, Object> before) throws IOException {
        Map<Property, Object> some = new EnumMap<>(Property.class);
        for (Property property : values()) {
            List<String> members = property.members;
            if (members.stream().noneMatch(shape::containsKey)) {
                continue;
            }
            List<Object> cells = new ArrayList<>();
            List<Object> old = property.kind.cells(Objects.requireNonNull(before.get(property)));
            for (int i = 0; i < old.size(); i++) {
                cells.add(property.kind.cell(shape, members.get(i), old.get(i)));
            }
            some.put(property, property.kind.value(cells));
        }
        return some;
    }
}
