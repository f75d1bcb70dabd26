package qrate.smtpd;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import qrate.core.Address;
import qrate.core.Envelope;
import qrate.core.Parameters;
import qrate.core.Recipient;
import qrate.milter.MilterReply;
import qrate.smtp.Command;
import qrate.smtp.CommandParser;
import qrate.smtp.MailPath;

/// What milters change of an envelope, read by the grammar and the limits of SMTP as if a client had said it.
/// It needs no leave to relay: milters are ours.
final class EnvelopeEdits {
    private final Policy policy;

    EnvelopeEdits(Policy policy) {
        this.policy = policy;
    }

    /// What no envelope can be.
    static final class Nonsense extends Exception {
        private static final long serialVersionUID = 1L;

        Nonsense(String why) {
            super(why);
        }
    }

    /// @param changes in order
    /// @return nothing when no recipient is left
    /// @throws IOException when a control file cannot be read
    Optional<Envelope> made(Envelope envelope, List<MilterReply.EnvelopeChange> changes) throws IOException, Nonsense {
        String sender = envelope.sender();
        String parameters = envelope.parameters();
        List<Recipient> recipients = new ArrayList<>(envelope.recipients());
        for (MilterReply.EnvelopeChange change : changes) {
            switch (change) {
                case MilterReply.ChangeSender(String address, String said) -> {
                    Command.Mail mail = mail(address, said);
                    parameters = said.isBlank() ? parameters : mail.parameters().travelling();
                    sender = spoken(mail.from(), parameters);
                }
                case MilterReply.AddRecipient(String address, String said) ->
                    add(address, said, parameters, recipients);
                case MilterReply.DeleteRecipient(String address) ->
                    recipients.removeIf(recipient -> isNamed(recipient, address));
            }
        }
        if (recipients.isEmpty()) {
            return Optional.empty();
        }
        Envelope made = new Envelope(sender, parameters, envelope.client(), recipients);
        return Optional.of(envelope.requiresTls() ? made.requiringTls() : made);
    }

    private static Command.Mail mail(String address, String parameters) throws Nonsense {
        return switch (parsed("MAIL FROM:", address, parameters)) {
            case Command.Mail mail -> mail;
            case Command other -> throw nonsense(address, parameters, other);
        };
    }

    private void add(String address, String said, String parameters, List<Recipient> recipients)
            throws IOException, Nonsense {
        Command.Rcpt rcpt = switch (parsed("RCPT TO:", address, said)) {
            case Command.Rcpt it -> it;
            case Command other -> throw nonsense(address, said, other);
        };
        spoken(rcpt.to(), parameters);
        switch (policy.added(recipients, rcpt)) {
            case Policy.Judgement.Taken(Recipient recipient) -> {
                if (recipients.stream().noneMatch(one -> isSame(one.address(), recipient.address()))) {
                    recipients.add(recipient);
                }
            }
            case Policy.Judgement.Refused(String reply) -> throw new Nonsense(text(address) + ": " + reply);
        }
    }

    private static Command parsed(String verb, String address, String parameters) {
        String path = address.startsWith("<") ? address : "<" + address + ">";
        byte[] line = (verb + path + " " + parameters).getBytes(ISO_8859_1);
        return CommandParser.parse(line, 0, line.length);
    }

    private static Nonsense nonsense(String address, String parameters, Command read) {
        String why = read instanceof Command.Wrong(String reply) ? reply : "no address";
        return new Nonsense((text(address) + " " + text(parameters)).strip() + ": " + why);
    }

    private static String text(String bytes) {
        return new String(bytes.getBytes(ISO_8859_1), UTF_8);
    }

    /// The address, if a message with these parameters may have it (RFC 6531 §3.5).
    private static String spoken(MailPath path, String parameters) throws Nonsense {
        if (path.utf8() && !new Parameters(parameters).has("SMTPUTF8")) {
            throw new Nonsense(path.address() + ": that address needs SMTPUTF8");
        }
        return path.address();
    }

    /// Whether a milter means this one, in quotes and brackets or not.
    private static boolean isNamed(Recipient recipient, String address) {
        String bare =
                address.startsWith("<") && address.endsWith(">") ? address.substring(1, address.length() - 1) : address;
        return isSame(text(bare), recipient.address()) || isSame(text(bare), Address.quoted(recipient.address()));
    }

    private static boolean isSame(String one, String other) {
        return Address.of(one).equals(Address.of(other));
    }
}
