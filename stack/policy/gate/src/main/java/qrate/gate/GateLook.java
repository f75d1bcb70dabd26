package qrate.gate;

import java.util.stream.Collectors;
import qrate.authres.MethodResult;

/// One thing that the gate looked at, and what it saw.
///
/// @param part whose look it was: `gate`, `spf`, `dkim`, `arc`, `dmarc`
/// @param text in words; what strangers wrote may stand in it, not escaped
public record GateLook(String part, String text) {
    /// What a method came to: `pass (header.d=example.org header.s=k)`, and behind a colon why.
    static GateLook of(MethodResult mark) {
        String about = mark.properties().stream()
                .map(one -> one.type() + "." + one.name() + "=" + one.value())
                .collect(Collectors.joining(" "));
        String why = mark.reason().isEmpty() ? "" : ": " + mark.reason();
        return new GateLook(mark.method(), mark.result() + (about.isEmpty() ? "" : " (" + about + ")") + why);
    }
}
