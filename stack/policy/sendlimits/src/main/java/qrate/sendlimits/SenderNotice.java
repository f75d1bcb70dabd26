package qrate.sendlimits;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import qrate.core.Address;
import qrate.core.Body;
import qrate.core.Control;
import qrate.core.ControlFile;
import qrate.core.Envelope;
import qrate.core.Log;
import qrate.core.Recipient;
import qrate.message.Dates;

/// What postmasters are told of a user.
///
/// @param user in lower case
/// @param kind what becomes of its mail now
record SenderNotice(String user, Kind kind, String why, Instant at) {
    /// What becomes of its mail.
    enum Kind {
        LIMITED("mail is held", """
                Its mail is taken, and held in the queue from now on while the last hour has no room. Mail that is held
                waits until somebody lets it go."""),
        STOPPED("stopped for sending", """
                The account may be in other hands. Its mail is taken and held in the queue, and nothing of it goes out
                until somebody lets it send again. Reading mail goes on."""),
        REFUSED("mail is refused", """
                So that the queue is not filled, no more of its mail is taken (451) until somebody lets it send again.
                Reading mail goes on.""");

        private final String subject;
        private final String text;

        Kind(String subject, String text) {
            this.subject = subject;
            this.text = text;
        }
    }

    /// A message, and who gets it.
    record Letter(Envelope envelope, Body body) {}

    /// The letter to the postmasters of the user's domain and of this system.
    ///
    /// @throws IOException when a control file cannot be read
    Letter letter(Control control) throws IOException {
        String host = host(control, ControlFile.BOUNCEHOST);
        String from = control.value(ControlFile.BOUNCEFROM) + "@" + host;
        List<String> to = new ArrayList<>();
        String domain = SendRules.domain(user);
        if (!domain.isEmpty()) {
            to.add("postmaster@" + domain);
        }
        String system = control.value(ControlFile.DOUBLEBOUNCETO) + "@" + host(control, ControlFile.DOUBLEBOUNCEHOST);
        if (!to.contains(system)) {
            to.add(system);
        }
        String name = Log.escape(user);
        String text = "From: " + Address.quoted(from) + "\n"
                + "To: " + String.join(",\n ", to.stream().map(Address::quoted).toList()) + "\n"
                + "Subject: " + name + ": " + kind.subject + "\n"
                + "Date: " + Dates.header(at) + "\n"
                + "Message-ID: <" + at.toEpochMilli() + "." + Integer.toHexString(user.hashCode()) + ".sendlimits@"
                + host + ">\n"
                + "Auto-Submitted: auto-generated\n"
                + "MIME-Version: 1.0\n"
                + "Content-Type: text/plain; charset=utf-8\n"
                + "Content-Transfer-Encoding: 8bit\n\n"
                + name + ": " + why + ".\n\n" + kind.text + "\n\n"
                + "If its owner did not write that, give the account a new password first. Then:\n\n"
                + "  qrate queue list --held --login " + name + "       shows what is held\n"
                + "  qrate queue delete --held --login " + name + "     deletes it\n"
                + "  qrate queue release --held --login " + name + "    lets it go\n"
                + "  qrate sendlimits --release " + name + "    lets the account send again\n\n"
                + "The page Queue does the same. Limits stand in control/sendlimits.\n";
        boolean ascii = US_ASCII.newEncoder().canEncode(text);
        Envelope envelope = new Envelope(
                "",
                ascii ? "" : "BODY=8BITMIME SMTPUTF8",
                to.stream().map(Recipient::of).toList());
        return new Letter(envelope, Body.of(text.getBytes(UTF_8)));
    }

    private static String host(Control control, ControlFile file) throws IOException {
        Optional<String> own = control.line(file.file());
        return own.isPresent() ? own.get() : control.line("me").orElse(file.file());
    }
}
