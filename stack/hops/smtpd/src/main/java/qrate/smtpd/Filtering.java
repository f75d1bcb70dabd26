package qrate.smtpd;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.Address;
import qrate.core.Body;
import qrate.core.Client;
import qrate.core.Connection;
import qrate.core.Envelope;
import qrate.core.Recipient;
import qrate.core.Version;
import qrate.message.Field;
import qrate.message.Wanted;
import qrate.milter.MilterCommand;
import qrate.milter.MilterOutcome;
import qrate.milter.MilterSession;
import qrate.milter.MilterVerdict;
import qrate.milter.Milters;
import qrate.smtp.Command;
import qrate.smtp.MailParameters;

/// One SMTP session as the milters of `control/milters` see it, from its first MAIL on; and what becomes of
/// what they say. Without milters nothing happens here.
final class Filtering implements AutoCloseable {
    /// How often a header is held while it is shown: as it came, as it is edited, as bytes.
    private static final int HEADER_COPIES = 3;

    private static final String TAKEN = "250 2.0.0 ok";
    private static final String SPAM = "550 5.7.1 sorry, your message looks like spam to our filters";

    private final Smtpd.Parts parts;
    private final Kind kind;
    private final Connection connection;
    private final Map<String, String> environment;
    private final EnvelopeEdits edits;
    private Optional<Filters.Begun> session = Optional.empty();
    private boolean begun;
    private boolean connected;
    private String greeted = "";
    private String authType = "";
    private String id = "";
    private boolean discards;
    private int messages;

    Filtering(Smtpd.Parts parts, Kind kind, Connection connection, Policy policy) {
        this.parts = parts;
        this.kind = kind;
        this.connection = connection;
        this.environment = connection.environment();
        this.edits = new EnvelopeEdits(policy);
    }

    /// How a user has logged in.
    ///
    /// @param mechanism of SASL
    void loggedIn(String mechanism) {
        authType = mechanism;
    }

    /// TLS is on now: what the client said of itself before counts no more.
    void secured() {
        greeted = "";
    }

    /// What the message is called in the milters' logs; empty when nobody is asked.
    String id() {
        return id;
    }

    /// Why a sender is refused, if it is.
    ///
    /// @param me name of this host
    /// @throws IOException when it cannot be told who is to be asked
    Optional<String> sender(SessionState.Client client, Command.Mail mail, String me) throws IOException {
        discards = false;
        if (!begun) {
            session = parts.filters().session(connection.memory());
            begun = true;
            session.ifPresent(to -> define(to.session(), me));
        }
        if (session.isEmpty()) {
            return Optional.empty();
        }
        MilterSession to = session.get().session();
        Optional<String> refusal = greeting(to, client.hello());
        if (refusal.isPresent()) {
            end(); // those behind the one that refused have heard nothing: the next MAIL begins with all of them
            return refusal;
        }
        id = MessageId.unique(parts.clock().instant(), environment, ++messages);
        String address = bytes(Address.quoted(mail.from().address()));
        to.define("i", id);
        to.define("{auth_type}", client.isKnown() ? authType : "");
        to.define("{auth_authen}", bytes(client.login()));
        to.define("{mail_addr}", address);
        return meant(to.mail(address, parameters(mail.parameters())));
    }

    private Optional<String> greeting(MilterSession to, String hello) {
        if (!connected) {
            connected = true;
            Optional<String> refusal = meant(to.connect(MilterCommand.Connect.of(
                    bytes(environment.getOrDefault("TCPREMOTEHOST", "")),
                    environment.getOrDefault("TCPREMOTEIP", ""),
                    port())));
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        if (greeted.equals(hello)) {
            return Optional.empty();
        }
        greeted = hello;
        return meant(greet(to));
    }

    private void define(MilterSession to, String me) {
        String ip = environment.getOrDefault("TCPREMOTEIP", "");
        String host = bytes(environment.getOrDefault("TCPREMOTEHOST", ""));
        String name = host.isEmpty() ? "[" + ip + "]" : host;
        to.define("j", bytes(me));
        to.define("v", "Qrate " + Version.text());
        to.define("_", host.isEmpty() ? name : host + " [" + ip + "]");
        to.define(Milters.OURS, environment.containsKey(Client.RELAYCLIENT) ? "yes" : "");
        to.define("{daemon_name}", kind.door());
        to.define("{if_addr}", environment.getOrDefault("TCPLOCALIP", ""));
        to.define("{client_addr}", ip);
        to.define("{client_port}", environment.getOrDefault("TCPREMOTEPORT", ""));
        to.define("{client_name}", name);
        to.define("{client_ptr}", host.isEmpty() ? "unknown" : host);
    }

    private int port() {
        try {
            return Integer.parseInt(environment.getOrDefault("TCPREMOTEPORT", "0"));
        } catch (NumberFormatException _) {
            return 0; // whoever started this knows none
        }
    }

    private MilterVerdict greet(MilterSession to) {
        String[] tls = connection.secured() ? connection.cipher().split(" ", 2) : new String[] {""};
        String cipher = tls.length > 1 ? tls[1] : "";
        to.define("{tls_version}", tls[0]);
        to.define("{cipher}", cipher);
        to.define(
                "{cipher_bits}",
                cipher.contains("_256_") || cipher.contains("CHACHA20")
                        ? "256"
                        : cipher.contains("_128_") ? "128" : "");
        return to.helo(bytes(greeted));
    }

    private static String parameters(MailParameters parameters) {
        String size = parameters.size() == MailParameters.UNSAID ? "" : "SIZE=" + parameters.size() + " ";
        return size + parameters.travelling();
    }

    /// Milters know bytes, and we characters.
    private static String bytes(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }

    /// Why a recipient is refused, if it is; asked for those only that we take ourselves.
    Optional<String> recipient(Recipient recipient) {
        if (session.isEmpty() || discards) {
            return Optional.empty();
        }
        String address = bytes(Address.quoted(recipient.address()));
        MilterSession to = session.get().session();
        to.define("{rcpt_addr}", address);
        return meant(to.rcpt(address, bytes(recipient.parameters())));
    }

    /// Why the message is refused before it comes, if it is.
    Optional<String> data() {
        return session.isEmpty() || discards
                ? Optional.empty()
                : meant(session.get().session().data());
    }

    private Optional<String> meant(MilterVerdict verdict) {
        return switch (verdict) {
            case MilterVerdict.Pass _ -> Optional.empty();
            case MilterVerdict.Refuse refuse -> Optional.of(Replies.of(refuse));
            case MilterVerdict.Discard _ -> {
                discards = true;
                yield Optional.empty();
            }
            case MilterVerdict.Quarantine _ -> throw new IllegalStateException("there is no message yet");
        };
    }

    /// Shows the message, and hands it on as the milters have left it.
    ///
    /// @param message without our trace field
    /// @param received the trace field, with its LF
    /// @return what the client is told
    /// @throws IOException when the message cannot be read, or what is to stand in its place cannot be kept
    String accept(Envelope envelope, Body message, byte[] received) throws IOException {
        if (session.isEmpty()) {
            return Replies.of(parts.intake().accept(envelope, message.prefixed(received)));
        }
        if (discards) {
            return discarded("by a milter");
        }
        long cost = HEADER_COPIES * Math.min(message.size(), Wanted.HEADER_BYTES_MAX);
        if (!connection.memory().take(cost)) {
            return "452 4.3.1 sorry, that is more than I can hold for one client now";
        }
        Field own = new Field(new String(received, ISO_8859_1), 0, true);
        try (MilterOutcome outcome = session.get().session().message(message, List.of(own))) {
            return switch (outcome.verdict()) {
                case MilterVerdict.Refuse refuse -> Replies.of(refuse);
                case MilterVerdict.Discard _ -> discarded("by a milter");
                case MilterVerdict.Pass _ -> handed(envelope, outcome, Optional.empty());
                case MilterVerdict.Quarantine(String reason) -> handed(envelope, outcome, Optional.of(reason));
            };
        } finally {
            connection.memory().give(cost);
        }
    }

    private String handed(Envelope envelope, MilterOutcome outcome, Optional<String> quarantine) throws IOException {
        Optional<Envelope> edited;
        try {
            edited = edits.made(envelope, outcome.envelope());
        } catch (EnvelopeEdits.Nonsense e) {
            log("warning: a milter wants what cannot be: " + e.getMessage());
            return "451 4.7.1 sorry, a filter of mine does not work now";
        }
        if (edited.isEmpty()) {
            return discarded("since milters took every recipient away");
        }
        Envelope last = edited.get();
        if (outcome.spam()) {
            Optional<String> refusal = spam(last);
            if (refusal.isPresent()) {
                return refusal.get();
            }
            last = last.from(last.client().withSpam());
        }
        if (quarantine.isPresent()) {
            last = last.toQuarantine(quarantine.get());
        }
        String reply = Replies.of(parts.intake().accept(last, outcome.message()));
        quarantine.ifPresent(reason -> log("held for a milter: " + reason + ": " + reply));
        return reply;
    }

    /// Why spam is refused, if it is.
    private Optional<String> spam(Envelope envelope) {
        try {
            return parts.filters().refusesSpam(envelope.recipients()) ? Optional.of(SPAM) : Optional.empty();
        } catch (IOException e) {
            log("warning: spam is put off: " + e.getMessage());
            return Optional.of(Replies.LATER);
        }
    }

    private String discarded(String why) {
        log("discarded " + why);
        return TAKEN;
    }

    private void log(String what) {
        parts.log()
                .line("qmail-smtpd: " + what + " remote=" + environment.getOrDefault("TCPREMOTEIP", "unknown") + " i="
                        + id);
    }

    /// The message under way, if there is one, is given up.
    void abort() {
        session.ifPresent(one -> one.session().abort());
    }

    private void end() {
        session.ifPresent(one -> {
            one.session().close();
            connection.memory().give(one.bytes());
        });
        session = Optional.empty();
        begun = false;
        connected = false;
        greeted = "";
        id = "";
    }

    /// The session is over.
    @Override
    public void close() {
        end();
    }
}
