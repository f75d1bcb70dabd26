package qrate.smtpd;

import java.util.List;
import qrate.core.Recipient;
import qrate.smtp.Command;

/// Where a session stands; each state holds exactly its data.
sealed interface SessionState {
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
    sealed interface Transaction extends SessionState {
        Command.Mail mail();

        List<Recipient> recipients();
    }

    /// Before EHLO.
    record Fresh(Client client) implements SessionState {}

    /// Between transactions.
    ///
    /// @param followers how many commands may still come that a client sent behind a refused MAIL before it
    ///     knew (RFC 2920 §3.1), and that are no error of its own
    record Greeted(Client client, int followers) implements SessionState {
        Greeted(Client client) {
            this(client, 0);
        }
    }

    /// After MAIL.
    ///
    /// @param followers the same behind recipients of whom none has been taken
    record Opened(Client client, Command.Mail mail, int followers) implements Transaction {
        Opened(Client client, Command.Mail mail) {
            this(client, mail, 0);
        }

        @Override
        public List<Recipient> recipients() {
            return List.of();
        }
    }

    /// After the first accepted RCPT.
    record Filled(Client client, Command.Mail mail, List<Recipient> recipients) implements Transaction {}

    /// After the first BDAT.
    record Chunking(Filled filled, Incoming incoming) implements SessionState {
        @Override
        public Client client() {
            return filled.client();
        }
    }
}
