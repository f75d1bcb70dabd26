package qrate.lists;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import qrate.core.Body;
import qrate.core.Client;
import qrate.core.Envelope;

/// A message on its way into a list's program, with the envelope that qmail-command(8) tells in the environment.
///
/// @param sender reverse-path
/// @param rest what `default` in the `.qmail` file's name stands for, `DEFAULT`
/// @param stem `EXT` without it
/// @param client who handed it over
record Mail(String sender, String rest, String stem, Client client, Body body, Instant now) {
    static Mail of(Map<String, String> environment, Body body, Instant now) {
        String rest = environment.getOrDefault("DEFAULT", "");
        String ext = environment.getOrDefault("EXT", "");
        String stem = ext.endsWith(rest) ? ext.substring(0, ext.length() - rest.length()) : ext;
        Client client = Client.parse(environment.getOrDefault(Client.ORIGIN_VARIABLE, ""));
        return new Mail(environment.getOrDefault("SENDER", ""), rest, stem, client, body, now);
    }

    /// Whether it came from nobody, as bounces do.
    boolean isBounce() {
        return sender.isEmpty() || sender.equals(Envelope.DOUBLE_BOUNCE_SENDER);
    }

    /// Why the list answers nothing to it; empty when it may.
    Optional<String> unfit(Header header) {
        return isBounce() ? Optional.of("this message is a bounce (#5.7.2)") : header.automatic();
    }

    Header header() throws IOException {
        return Header.of(body);
    }
}
