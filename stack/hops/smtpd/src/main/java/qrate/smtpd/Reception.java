package qrate.smtpd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Map;
import qrate.address.Addresses;
import qrate.core.Control;
import qrate.core.Recipient;
import qrate.core.Steps;
import qrate.smtp.Command;
import qrate.smtp.CommandParser;

/// Says what qmail-smtpd would answer to RCPT, by the classes that answer it, without a session.
public final class Reception {
    /// Who gives the recipient.
    public enum Client {
        /// somebody of no name, from anywhere
        STRANGER,
        /// a user who has signed in
        USER
    }

    /// What becomes of it.
    public sealed interface Answer {
        /// It is taken, under this address.
        record Taken(String address) implements Answer {}

        /// It is not.
        record Refused(String reply) implements Answer {}
    }

    private static final SessionState.Client USER = new SessionState.Client("explain", true, "somebody");

    private final Policy policy;

    public Reception(Control control, Addresses addresses) {
        this.policy = new Policy(control, addresses, Map.of());
    }

    /// @param address as it would stand between the angle brackets
    /// @throws IOException when it cannot be told now: the answer would be 451
    public Answer ask(String address, Client client, Steps steps) throws IOException {
        byte[] line = ("RCPT TO:<" + address + ">").getBytes(UTF_8);
        return switch (CommandParser.parse(line, 0, line.length)) {
            case Command.Rcpt rcpt -> {
                SessionState.Client who = switch (client) {
                    case STRANGER -> SessionState.Client.STRANGER;
                    case USER -> USER;
                };
                yield switch (policy.recipient(new Policy.Giver(who, 0), rcpt.to(), "", steps)) {
                    case Policy.Judgement.Taken(Recipient recipient) -> new Answer.Taken(recipient.address());
                    case Policy.Judgement.Refused(String reply) -> new Answer.Refused(reply);
                };
            }
            case Command.Wrong(String reply) -> new Answer.Refused(reply);
            case Command other -> throw new IllegalStateException("RCPT was read as " + other);
        };
    }
}
