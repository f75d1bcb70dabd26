package qrate.directory;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import qrate.core.Log;

/// Reads JSON as maps, lists, texts, whole numbers and truths: what the REST API takes. {@link qrate.core.JsonWriter}
/// writes it.
public final class Json {
    private static final int NAME_CHARS_SHOWN = 80;

    /// Deepest nesting taken.
    static final int DEPTH_MAX = 20;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxStringLength(1 << 16)
                    .maxNumberLength(20)
                    .build())
            .build();

    private Json() {}

    /// Reads one object. A member that stands there twice, is `null` or is no whole number is refused by its name.
    ///
    /// @throws IOException when it is anything else
    public static Map<String, Object> object(byte[] bytes) throws IOException {
        return asObject(value(bytes));
    }

    /// Reads one value.
    ///
    /// @throws IOException when it is no JSON, or nothing stands there
    public static Object value(byte[] bytes) throws IOException {
        try (JsonParser parser = FACTORY.createParser(bytes)) {
            parser.nextToken();
            Object value = value(parser);
            if (parser.nextToken() != null) {
                throw new IOException("more than one JSON value");
            }
            return value;
        } catch (JsonProcessingException e) {
            // what follows says where in Java's words
            throw new IOException(e.getOriginalMessage().replaceFirst(" \\(start marker at .*", ""), e);
        }
    }

    private static Object value(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new IOException("no JSON value");
        }
        return switch (token) {
            case START_OBJECT -> {
                Map<String, Object> members = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    switch (parser.nextToken()) {
                        case VALUE_NULL -> throw new IOException(shown(name) + ": must not be null");
                        case VALUE_NUMBER_FLOAT -> throw new IOException(shown(name) + ": must be a whole number");
                        default -> members.put(name, value(parser));
                    }
                }
                yield members;
            }
            case START_ARRAY -> {
                List<Object> items = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    items.add(value(parser));
                }
                yield items;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case NOT_AVAILABLE,
                    END_OBJECT,
                    END_ARRAY,
                    FIELD_NAME,
                    VALUE_EMBEDDED_OBJECT,
                    VALUE_NUMBER_FLOAT,
                    VALUE_NULL -> throw new IOException("unexpected " + token + " in JSON");
        };
    }

    /// A name that a stranger chose, bounded, for a sentence about it.
    private static String shown(String name) {
        return Log.escape(name.length() > NAME_CHARS_SHOWN ? name.substring(0, NAME_CHARS_SHOWN) : name);
    }

    /// Refuses members that nobody asks for: a misspelt one would be taken for done.
    ///
    /// @throws IOException with the name of one
    public static void onlyKnown(Map<String, Object> object, Collection<String> known) throws IOException {
        for (String name : object.keySet()) {
            if (!known.contains(name)) {
                throw new IOException(shown(name) + ": unknown here; "
                        + (known.isEmpty() ? "nothing is taken" : "known: " + String.join(", ", known)));
            }
        }
    }

    /// Takes a value for an object.
    ///
    /// @throws IOException when it is none
    public static Map<String, Object> asObject(Object value) throws IOException {
        if (!(value instanceof Map<?, ?> map)) {
            throw new IOException("not a JSON object");
        }
        Map<String, Object> members = new LinkedHashMap<>();
        map.forEach((k, v) -> members.put((String) k, v));
        return members;
    }

    /// A member that is a text.
    ///
    /// @throws IOException when it is something else, or missing and there is no fallback
    public static String text(Map<String, Object> object, String name, String... fallback) throws IOException {
        return member(object, name, String.class, fallback.length == 0 ? null : fallback[0]);
    }

    /// A member that is a whole number.
    ///
    /// @throws IOException when it is something else
    public static long number(Map<String, Object> object, String name, long fallback) throws IOException {
        return member(object, name, Long.class, fallback);
    }

    /// A member that is true or false.
    ///
    /// @throws IOException when it is something else
    public static boolean truth(Map<String, Object> object, String name, boolean fallback) throws IOException {
        return member(object, name, Boolean.class, fallback);
    }

    /// A member that is a list of objects.
    ///
    /// @throws IOException when it is something else, or missing
    public static List<Map<String, Object>> objects(Map<String, Object> object, String name) throws IOException {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Object item : listed(object, name)) {
            all.add(asObject(item));
        }
        return all;
    }

    /// A member that is a list of texts.
    ///
    /// @throws IOException when it is something else, or missing
    public static List<String> texts(Map<String, Object> object, String name) throws IOException {
        List<String> all = new ArrayList<>();
        for (Object item : listed(object, name)) {
            all.add(String.valueOf(item));
        }
        return all;
    }

    private static List<?> listed(Map<String, Object> object, String name) throws IOException {
        if (!(object.get(name) instanceof List<?> items)) {
            throw new IOException(name + ": must be a list");
        }
        return items;
    }

    private static <T> T member(Map<String, Object> object, String name, Class<T> type, T fallback) throws IOException {
        Object value = object.getOrDefault(name, fallback);
        if (!type.isInstance(value)) {
            String wanted = type == String.class ? "a text" : type == Long.class ? "a whole number" : "true or false";
            throw new IOException(value == null ? name + ": missing" : name + ": must be " + wanted);
        }
        return type.cast(value);
    }
}
