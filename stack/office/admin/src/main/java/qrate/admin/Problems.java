package qrate.admin;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import qrate.core.JsonWriter;
import qrate.language.Language;

/// What a program is told of something that was not done (RFC 9457). `error` and `why` say the same as `title` and
/// `detail`, for programs of 0.1.0.
final class Problems {
    private static final String TYPE = "application/problem+json";

    /// How what is wrong with a member or a parameter begins.
    private static final Pattern FIELD = Pattern.compile("([A-Za-z][A-Za-z0-9_]{0,63}): ");

    private static final String WHY = "why";

    private Problems() {}

    /// @param said `error` and `why`, and what else is known
    static Reply.Text of(int status, Map<?, ?> said) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("type", "about:blank"); // no more than the status and the members say (RFC 9457 §4.2.1)
        shape.put("title", Texts.in(Language.ENGLISH).say("error-" + Errors.word(status)));
        shape.put("status", status);
        shape.put("detail", said.get(WHY));
        said.forEach((name, value) -> shape.put(String.valueOf(name), value));
        return new Reply.Text(status, TYPE, JsonWriter.write(shape));
    }

    /// Of a request that is not what it should be; names the member or the parameter, where it is one.
    static Reply.Data of(Api.BadBody bad) {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("error", "INVALID");
        said.put(WHY, bad.getMessage());
        Matcher field = FIELD.matcher(bad.getMessage());
        if (field.lookingAt()) {
            said.put("field", field.group(1));
        }
        return new Reply.Data(400, said);
    }
}
