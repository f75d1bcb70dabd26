package qrate.snapshots;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A record whose fields have names: the number of its form, then `name=value` each, separated by NUL; bytes are
/// UTF-8.
///
/// A reader passes over names that it does not know and has a default for those that are missing, so that a field more
/// or less needs no new form. The number rises only when the readers before would get it wrong; they refuse it.
final class Fields {
    /// The form that is written.
    static final String FORM = "2";

    /// Digits of the number at most.
    private static final int FORM_DIGITS_MAX = 4;

    private final List<String> fields;

    private Fields(List<String> fields) {
        this.fields = fields;
    }

    /// No field yet.
    static Fields none() {
        return new Fields(new ArrayList<>(List.of(FORM)));
    }

    /// One field more; a name may stand there several times, in order.
    Fields put(String name, String value) {
        fields.add(name + "=" + value);
        return this;
    }

    Fields put(String name, List<String> values) {
        values.forEach(value -> put(name, value));
        return this;
    }

    Fields put(String name, boolean value) {
        return put(name, value ? "1" : "0");
    }

    byte[] bytes() {
        return joined(fields);
    }

    /// @throws IllegalArgumentException for a NUL inside a field, which would make two of it
    static byte[] joined(List<String> fields) {
        for (String field : fields) {
            if (field.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("NUL in a field");
            }
        }
        return String.join("\0", fields).getBytes(UTF_8);
    }

    /// Whether a record is of this kind; others begin with a word or an address.
    static boolean areIn(String record) {
        int end = record.indexOf('\0');
        String form = end < 0 ? record : record.substring(0, end);
        return !form.isEmpty() && form.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /// @throws IOException for a record that is damaged, or of a form that this version does not know
    static Fields of(String record) throws IOException {
        List<String> fields = List.of(record.split("\0", -1));
        String form = fields.getFirst();
        if (!areIn(form) || form.length() > FORM_DIGITS_MAX) {
            throw damaged();
        }
        if (Integer.parseInt(form) > Integer.parseInt(FORM)) {
            throw new IOException("a record of form " + form + ", which a newer version wrote");
        }
        for (String field : fields.subList(1, fields.size())) {
            if (field.indexOf('=') < 1) {
                throw damaged();
            }
        }
        return new Fields(fields);
    }

    static IOException damaged() {
        return new IOException("damaged record");
    }

    /// @throws IOException when it stands there twice
    Optional<String> one(String name) throws IOException {
        List<String> all = all(name);
        if (all.size() > 1) {
            throw damaged();
        }
        return all.stream().findFirst();
    }

    /// @throws IOException when it is missing, or stands there twice
    String needed(String name) throws IOException {
        return one(name).orElseThrow(Fields::damaged);
    }

    boolean isSet(String name, boolean unsaid) throws IOException {
        return one(name).map("1"::equals).orElse(unsaid);
    }

    /// 0 when it is missing.
    long number(String name) throws IOException {
        try {
            return Long.parseLong(one(name).orElse("0"));
        } catch (NumberFormatException e) {
            throw new IOException("damaged record: " + e.getMessage(), e);
        }
    }

    List<String> all(String name) {
        String start = name + "=";
        return fields.stream()
                .filter(field -> field.startsWith(start))
                .map(field -> field.substring(start.length()))
                .toList();
    }
}
