package qrate.smtpd;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import qrate.address.Addresses;
import qrate.checkpassword.PasswordChecker;
import qrate.core.Address;
import qrate.core.Connection;
import qrate.core.Control;
import qrate.core.DomainName;
import qrate.core.Intake;
import qrate.core.Log;
import qrate.core.RefusedCounts;
import qrate.core.Service;
import qrate.core.Spool;
import qrate.posix.Posix;
import qrate.posix.QueueProgram;
import qrate.qmqp.QmtpServer;
import qrate.snapshots.Directory;

/// qmail-smtpd: speaks SMTP over a connection and hands each message to the queue.
public final class Smtpd implements Service {
    /// What it works with.
    ///
    /// @param addresses says who exists
    /// @param spool for messages on their way in
    /// @param filters are asked before a message goes on
    /// @param refused counts recipients that are refused
    public record Parts(
            Control control,
            Addresses addresses,
            PasswordChecker checker,
            Intake intake,
            Log log,
            InstantSource clock,
            Spool spool,
            Filters filters,
            RefusedCounts refused) {
        /// Where nobody looks at what is refused.
        public Parts(
                Control control,
                Addresses addresses,
                PasswordChecker checker,
                Intake intake,
                Log log,
                InstantSource clock,
                Spool spool,
                Filters filters) {
            this(control, addresses, checker, intake, log, clock, spool, filters, new RefusedCounts(clock));
        }

        /// Counts a recipient in a domain of ours that is refused for good.
        void refused(String recipient, String reply) {
            if (!reply.startsWith("5")) {
                return;
            }
            Address address = Address.of(recipient);
            try {
                if (!(addresses.directory().route(address) instanceof Directory.Route.NotOurs)) {
                    refused.add(DomainName.ascii(address.domain()));
                }
            } catch (IOException _) {
                // whose it is nobody can tell now
            }
        }

        /// The same with another way into the queue.
        Parts withIntake(Intake other) {
            return new Parts(control, addresses, checker, other, log, clock, spool, filters, refused);
        }

        /// The same with another checker of logins.
        Parts withChecker(PasswordChecker other) {
            return new Parts(control, addresses, other, intake, log, clock, spool, filters, refused);
        }

        /// qmail-qmtpd with the same parts: who may send to whom is one thing for both protocols.
        ///
        /// @param queue names a program in the queue's place, from the environment of a connection
        public QmtpServer.Parts qmtp(Queues queue) {
            return new QmtpServer.Parts(
                    QmtpRules.of(control, addresses),
                    environment -> queue.named(environment).orElse(intake),
                    spool,
                    log,
                    clock);
        }
    }

    private final Parts parts;
    private final Kind kind;
    private final Queues queue;

    public Smtpd(Parts parts, Kind kind) {
        this(parts, kind, Queues.programs(new Posix(), Map.of()));
    }

    /// @param queue names a program in the queue's place, from the environment of a connection
    public Smtpd(Parts parts, Kind kind, Queues queue) {
        this.parts = parts;
        this.kind = kind;
        this.queue = queue;
    }

    /// Another way into the queue for one connection.
    @FunctionalInterface
    public interface Queues {
        /// The program that an environment names.
        Optional<Intake> named(Map<String, String> environment);

        /// The one that QMAILQUEUE names.
        ///
        /// @param process environment that the connection's stands in front of
        static Queues programs(Posix posix, Map<String, String> process) {
            return environment -> {
                if (!process.containsKey(QueueProgram.VARIABLE) && !environment.containsKey(QueueProgram.VARIABLE)) {
                    return Optional.empty();
                }
                Map<String, String> all = new TreeMap<>(process);
                all.putAll(environment);
                return QueueProgram.named(posix, all);
            };
        }
    }

    @Override
    public void serve(Connection connection) throws IOException {
        // QMAILQUEUE of the rules, or of whoever started this, names a program in the queue's place
        Parts now = queue.named(connection.environment()).map(parts::withIntake).orElse(parts);
        new Session(now, kind, connection).run();
    }
}
