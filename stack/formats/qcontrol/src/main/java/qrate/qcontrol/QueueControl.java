package qrate.qcontrol;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import qrate.refusals.Advice;
import qrate.refusals.RefusalWords;

/// What an administrator may ask of the queue: look, try again, end.
///
/// Implemented by qmail-send itself, and by {@link QueueControlClient} over the control socket.
public interface QueueControl {
    /// Most messages given by one {@link #list}.
    int LIST_MESSAGES_MAX = 1000;

    /// How full the queue is.
    Stat stat() throws IOException;

    /// Messages with an id above `after`, in order of id; at most `limit` and {@link #LIST_MESSAGES_MAX}.
    List<Item> list(int limit, long after) throws IOException;

    /// Makes every message due now, as ALRM does.
    void retryAll() throws IOException;

    /// Makes a message due now.
    ///
    /// @return false when there is no such message
    boolean retry(long id) throws IOException;

    /// Holds a message, durably: nothing of it is started until it is let go; or lets it go, to be tried when it is
    /// due. A delivery on its way is not called back.
    ///
    /// @return false when there is no such message
    boolean hold(long id, boolean held) throws IOException;

    /// Gives up on whoever is still owed and bounces; a delivery on its way is waited for.
    ///
    /// @return false when there is no such message
    boolean bounce(long id) throws IOException;

    /// Ends a message without a bounce; a delivery on its way is waited for.
    ///
    /// @return false when there is no such message
    boolean drop(long id) throws IOException;

    /// Users who came to at least half of what they may send in an hour, and all who are stopped; those first. At most
    /// {@link #SENDERS_MAX}.
    List<Sender> senders() throws IOException;

    /// Domains of ours whose mail a large provider refuses until somebody mends something, those longest so first.
    default List<RefusedDomain> refusedDomains() throws IOException {
        return List.of();
    }

    /// Lets a user send again, with counts that begin anew. What is held stays so until it is let go.
    ///
    /// @param login as {@link Sender#login()}; in any case
    /// @return false when nothing is known of that user
    boolean letSend(String login) throws IOException;

    /// Most users given by {@link #senders}.
    int SENDERS_MAX = 1000;

    /// What filters had put aside.
    default Quarantine quarantine() {
        return Quarantine.empty();
    }

    /// What became of messages.
    default Trace trace() {
        return Trace.nothing();
    }

    /// What TLS the deliveries to other hosts had on a day of UTC, a count a word, as `qrate.tlsrpt.TlsTally` reads
    /// them.
    default List<String> tls(LocalDate day) throws IOException {
        return List.of();
    }

    /// What mail there was on a day of UTC, by domain, as far as its ledger is still there; of today what there was
    /// so far. At most {@link #DOMAINS_MAX} domains.
    default List<Traffic> traffic(LocalDate day) throws IOException {
        return List.of();
    }

    /// Most domains given by {@link #traffic}; of a day with more, those that came first.
    int DOMAINS_MAX = 10_000;

    /// Keeps what the queue has on its disk as it is, for a copy of it, while mail goes on: {@link Freeze#BEGIN}
    /// starts, {@link Freeze#KEEP} goes on, at the latest every {@link #FREEZE_MAX}, {@link Freeze#END} ends it.
    ///
    /// @return the number of the first segment that is no part of the copy; for KEEP and END 1, or 0 when
    ///     the freeze had ended by itself, so that there is no whole copy
    long freeze(Freeze what) throws IOException;

    /// How long a freeze lasts when nobody goes on with it.
    Duration FREEZE_MAX = Duration.ofMinutes(5);

    /// What is asked of {@link #freeze}.
    enum Freeze {
        BEGIN,
        KEEP,
        END
    }

    /// How full the queue is.
    ///
    /// @param messages in the queue, whatever they wait for
    /// @param local deliveries on their way, of at most `localMax`
    /// @param remote transactions on their way, of at most `remoteMax`
    record Stat(long messages, int local, int localMax, int remote, int remoteMax) {
        /// For JSON.
        public Map<String, Object> json() {
            Map<String, Object> shape = new LinkedHashMap<>();
            shape.put("messages", messages);
            shape.put("local", local);
            shape.put("localMax", localMax);
            shape.put("remote", remote);
            shape.put("remoteMax", remoteMax);
            return shape;
        }
    }

    /// One message.
    ///
    /// @param next when its next attempt is due; the present or past when it is under way or waits for a free slot
    /// @param held whether it waits for an administrator
    /// @param login who handed it over with a login, or empty
    /// @param why for what it was held when it came in, or empty
    record Item(
            long id,
            Instant birth,
            String sender,
            long size,
            Instant next,
            boolean held,
            String login,
            String why,
            List<Line> recipients) {
        public Item {
            recipients = List.copyOf(recipients);
        }

        /// One of which no more is known.
        public Item(
                long id, Instant birth, String sender, long size, Instant next, boolean held, List<Line> recipients) {
            this(id, birth, sender, size, next, held, "", "", recipients);
        }

        /// For JSON.
        public Map<String, Object> json() {
            Map<String, Object> shape = new LinkedHashMap<>();
            shape.put("id", id);
            shape.put("sender", sender);
            shape.put("born", birth.toString());
            shape.put("bytes", size);
            shape.put("next", next.toString());
            shape.put("held", held);
            shape.put("login", login);
            shape.put("why", why);
            shape.put(
                    "recipients",
                    recipients.stream().map(line -> line.json(sender)).toList());
            return shape;
        }
    }

    /// A domain of ours whose mail a provider refuses.
    ///
    /// @param provider its domain, to which the mail was
    /// @param since the first refusal
    /// @param last the last one
    /// @param reply what was said then, its beginning
    record RefusedDomain(String domain, String provider, Instant since, Instant last, String reply) {
        /// Most characters of {@link #reply}.
        public static final int REPLY_CHARS_MAX = 1_000;

        public RefusedDomain {
            reply = reply.length() <= REPLY_CHARS_MAX ? reply : reply.substring(0, REPLY_CHARS_MAX);
        }

        /// What that means, and what to do.
        public Optional<Advice> advice() {
            return RefusalWords.explain(reply).map(advice -> advice.forSender("postmaster@" + domain));
        }

        /// For JSON.
        public Map<String, Object> json() {
            Map<String, Object> shape = new LinkedHashMap<>();
            shape.put("provider", provider);
            shape.put("since", since.toString());
            shape.put("last", last.toString());
            shape.put("reply", reply);
            advice().ifPresent(advice -> shape.putAll(advice.json()));
            return shape;
        }
    }

    /// A domain's mail of a day.
    ///
    /// @param domain in ASCII, small letters
    /// @param received deliveries to its addresses that succeeded, and the bytes of their messages
    /// @param spam how many of those a filter of ours called spam
    /// @param sent messages of its users, however many recipients each had, and their bytes
    /// @param bounced messages of its users that came back
    record Traffic(
            String domain, long received, long receivedBytes, long spam, long sent, long sentBytes, long bounced) {}

    /// A user who sends, and how much came in the last hour.
    ///
    /// @param since of {@link Freedom#STOPPED} and {@link Freedom#REFUSED}, else the epoch
    /// @param why the same, or what holds new messages now; else empty
    /// @param held messages that were held in the last day
    record Sender(String login, Freedom freedom, Instant since, String why, long held, List<Use> uses) {
        public Sender {
            uses = List.copyOf(uses);
        }

        /// Whether nothing goes out until somebody lets it.
        public boolean stopped() {
            return freedom == Freedom.STOPPED || freedom == Freedom.REFUSED;
        }

        /// For JSON.
        public Map<String, Object> json() {
            Map<String, Object> shape = new LinkedHashMap<>();
            shape.put("login", login);
            shape.put("freedom", freedom.word());
            if (stopped()) {
                shape.put("since", since.toString());
            }
            shape.put("why", why);
            shape.put("held", held);
            for (Use use : uses) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("count", use.count);
                one.put("most", use.most);
                shape.put(use.measure, one);
            }
            return shape;
        }
    }

    /// One count of a user.
    ///
    /// @param measure `messages`, `recipients`, `bounces`, `networks`
    /// @param most what is let pass in an hour; 0 for no limit
    record Use(String measure, long count, long most) {}

    /// What becomes of a user's mail.
    enum Freedom {
        /// it goes out
        FREE,
        /// it is held until the hour allows more
        LIMITED,
        /// it is held until somebody lets the user send again
        STOPPED,
        /// it is not taken any more until then
        REFUSED;

        /// `free` and its like.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// One recipient of a message.
    ///
    /// @param why what was said at the last attempt that did not succeed; empty where nothing is known of one, and
    ///     for {@link Progress#DELIVERED}
    record Line(String address, Channel channel, Progress progress, String why) {
        /// What that means, where it is known.
        ///
        /// @param sender of the message
        public Optional<Advice> advice(String sender) {
            return RefusalWords.explain(why).map(advice -> advice.forSender(sender));
        }

        private Map<String, Object> json(String sender) {
            Map<String, Object> shape = new LinkedHashMap<>();
            shape.put("address", address);
            shape.put("channel", channel.word());
            shape.put("progress", progress.name().toLowerCase(Locale.ROOT));
            shape.put("why", why);
            advice(sender).ifPresent(advice -> shape.putAll(advice.json()));
            return shape;
        }
    }

    /// How far a recipient got.
    enum Progress {
        /// still owed
        PENDING,
        /// over and well
        DELIVERED,
        /// over, the bounce is owed
        REFUSED
    }
}
