package qrate.core;

import java.time.Instant;
import java.util.List;

/// The way out of the queue: qmail-lspawn's and qmail-rspawn's place (qmail-lspawn(8), qmail-rspawn(8)).
///
/// Behind it stands the deliverer itself in one process, or a stream to one in another.
public interface Spawner extends AutoCloseable {
    /// At the start of a {@link Verdict.Later} that says no delivery was tried, since nobody was there to try it:
    /// the scheduler asks again soon and does not count it as an attempt.
    String NO_ANSWER = "4.3.0 no answer from";

    /// The first line of a {@link Verdict.Delivered} from a next hop that took over NOTIFY, and so reports to the
    /// sender
    /// itself (RFC 3461 §5.2.2): we do not.
    String REPORTS_ITSELF = "The remote host accepted the message and reports on it itself (DSN).";

    /// The first line of a {@link Verdict.Delivered} that came to no mailbox: the message was sent on under its own
    /// sender, who hears of what becomes of it from there (RFC 3461 §5.2).
    String EXPANDED = "The message was sent on to other addresses, where it may still fail (DSN).";

    /// Whether deliveries are worth starting now. While one whose other end is away says no, nothing is started:
    /// a restart of either end is no failed attempt of everything that is due, and a long queue does not say for
    /// each message, every few seconds, that nobody is there.
    default boolean isReady() {
        return true;
    }

    /// Starts deliveries of one message and returns at once.
    ///
    /// Each delivery of the job is answered exactly once, in any order, from any thread. A spawner that dies
    /// answers whatever is open with {@link Verdict.Later}.
    void start(Job job, Answers answers);

    /// Says that the answers for these deliveries of a message are durable in the queue and will not be asked for
    /// again, so that notes kept against a second delivery can go. Losing this call does no harm.
    void settled(long id, List<Integer> numbers);

    /// Says that the end is near: what can still be broken off is answered with {@link Verdict.Later}, so that
    /// only those deliveries are waited for that would else be made twice. A spawner in another process hears
    /// of its end by TERM, and not by this.
    default void ending() {}

    @Override
    void close();

    /// Takes the answers of one job.
    @FunctionalInterface
    interface Answers {
        /// @param number {@link Delivery#number()} of the delivery that ended
        void answer(int number, Verdict verdict);

        /// Says that the job's host lets it wait, or does so no longer: while it waits, it is none of those that may be
        /// under way at once (`concurrencyremote`). A hint that may get lost; the last one counts.
        default void waits(boolean waits) {}
    }

    /// One message on its way to some of its recipients.
    ///
    /// @param id queue id, unique for ever in this queue
    /// @param birth when the queue accepted it
    /// @param sender reverse-path, VERP already expanded
    /// @param parameters ESMTP parameters of MAIL, or empty ({@link Envelope#parameters()})
    /// @param client who handed the message over
    /// @param body the message
    /// @param host for remote jobs the domain they share (lower case), for local jobs empty
    /// @param deliveries at least one
    record Job(
            long id,
            Instant birth,
            String sender,
            String parameters,
            Client client,
            Body body,
            String host,
            List<Delivery> deliveries) {
        public Job {
            deliveries = List.copyOf(deliveries);
        }

        /// A job of a message from nobody that is known.
        public Job(
                long id,
                Instant birth,
                String sender,
                String parameters,
                Body body,
                String host,
                List<Delivery> deliveries) {
            this(id, birth, sender, parameters, Client.UNKNOWN, body, host, deliveries);
        }

        /// The message's envelope for some of its recipients.
        public Envelope envelope(List<Recipient> recipients) {
            return new Envelope(sender, parameters, client, recipients);
        }
    }

    /// One recipient of a job.
    ///
    /// @param number index of the recipient in the message's envelope, from 0; with the queue id it names the
    ///     delivery
    /// @param recipient after qmail-send's rewriting: for a virtual domain `prefix-local@domain`, with the ESMTP
    ///     parameters of RCPT
    record Delivery(int number, Recipient recipient) {}
}
