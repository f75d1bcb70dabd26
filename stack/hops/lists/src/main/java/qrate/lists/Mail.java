package qrate.lists;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import qrate.core.Body;
import qrate.core.Client;
import qrate.core.Envelope;
import qrate.message.Automatic;
import qrate.message.Header;
import qrate.message.Wanted;

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
        return isBounce() ? Optional.of("this message is a bounce (#5.7.2)") : automatic(header);
    }

    /// Why a message is not one that a person sent to a list; empty when it may be one.
    private static Optional<String> automatic(Header header) {
        if (header.field("mailing-list").isPresent()) {
            return Optional.of("this message is from a mailing list already (#5.7.2)");
        }
        if (Automatic.isBulk(header)) {
            return Optional.of("this message is bulk mail: it has a Precedence field (#5.7.2)");
        }
        return Automatic.isByProgram(header)
                ? Optional.of("this message was sent by a program: Auto-Submitted (#5.7.2)")
                : Optional.empty();
    }

    Header header() throws IOException {
        return header(body);
    }

    /// The header of a message, whole.
    ///
    /// @throws IOException when it is too long or cannot be read
    static Header header(Body message) throws IOException {
        Header header = Header.of(message, Wanted.all(Wanted.HEADER_BYTES_MAX));
        if (header.cut()) {
            throw new IOException("header: longer than " + Wanted.HEADER_BYTES_MAX + " bytes");
        }
        return header;
    }
}
