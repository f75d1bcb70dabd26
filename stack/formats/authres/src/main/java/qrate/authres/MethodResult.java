package qrate.authres;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What one method found (RFC 8601 §2.2 `resinfo`).
///
/// @param method `auth`, `spf`, `dkim`, `dmarc`, `arc`, `iprev` or another registered word, in lower case
/// @param result `pass`, `fail`, `none` or what else the method has, in lower case
/// @param reason words for people; empty when there are none
/// @param properties what it looked at, in order
public record MethodResult(String method, String result, String reason, List<MethodProperty> properties) {
    public MethodResult {
        properties = List.copyOf(properties);
    }

    /// One thing that was looked at.
    ///
    /// @param type `smtp`, `header`, `body` or `policy`, in lower case
    /// @param name of a header field, a tag or a command: `mailfrom`, `helo`, `d`, `from`, `remote-ip`; lower
    ///     case
    /// @param value without quotes; any text
    public record MethodProperty(String type, String name, String value) {}

    /// A result with nothing more to it.
    public static MethodResult of(String method, String result) {
        return new MethodResult(method, result, "", List.of());
    }

    /// The same, with a property more.
    public MethodResult with(String type, String name, String value) {
        List<MethodProperty> more = new ArrayList<>(properties);
        more.add(new MethodProperty(type, name, value));
        return new MethodResult(method, result, reason, more);
    }

    /// The same, with a reason.
    public MethodResult because(String why) {
        return new MethodResult(method, result, why, properties);
    }

    /// The value of the first property of that name.
    public Optional<String> value(String type, String name) {
        return properties.stream()
                .filter(p -> p.type().equals(type) && p.name().equals(name))
                .map(MethodProperty::value)
                .findFirst();
    }
}
