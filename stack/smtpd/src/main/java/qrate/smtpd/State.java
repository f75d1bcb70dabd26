package qrate.smtpd;

import java.util.List;
import qrate.core.Recipient;
import qrate.smtp.Command;

/// Where a session stands; each state holds exactly its data.
sealed interface State {
    /// Who the client says it is, and who it has shown to be.
    ///
    /// @param hello what EHLO or HELO said, `""` before
    /// @param extended whether it was EHLO
    /// @param login canonical address of the authenticated user, `""` for none
    record Client(String hello, boolean extended, String login) {
        static final Client STRANGER = new Client("", false, "");

        boolean isKnown() {
            return !login.isEmpty();
        }
    }

    Client client();

    /// MAIL has been accepted.
    sealed interface Transaction extends State {
        Command.Mail mail();

        List<Recipient> recipients();
    }

    /// Before EHLO.
    record Fresh(Client client) implements State {}

    /// Between transactions.
    record Greeted(Client client) implements State {}

    /// After MAIL.
    record Opened(Client client, Command.Mail mail) implements Transaction {
        @Override
        public List<Recipient> recipients() {
            return List.of();
        }
    }

    /// After the first accepted RCPT.
    record Filled(Client client, Command.Mail mail, List<Recipient> recipients) implements Transaction {}

    /// After the first BDAT.
    record Chunking(Filled filled, Incoming incoming) implements State {
        @Override
        public Client client() {
            return filled.client();
        }
    }
}
