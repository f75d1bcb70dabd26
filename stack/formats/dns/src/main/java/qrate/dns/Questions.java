package qrate.dns;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// What one check may ask in all: a number of questions, a number of them that find nothing, and a time. A stranger's
/// records decide what is asked next, so each check has its own (SPF: 10 and 2, RFC 7208 §4.6.4; DMARC's tree walk:
/// 8, RFC 9989 §4.10).
///
/// What goes beyond is not asked and answered {@link Dns.Answer.Failed}; {@link #spent} then says what was used up.
/// For one thread.
public final class Questions {
    /// What may be used up.
    public enum Limit {
        /// too many questions
        ASKED,
        /// too many that found nothing
        VOID,
        /// the time is over
        TIME
    }

    /// How much there is.
    ///
    /// @param asked questions; 0 and more
    /// @param voids questions that find nothing; 0 and more
    /// @param time from the start
    public record Limits(int asked, int voids, Duration time) {}

    private final Dns dns;
    private final InstantSource clock;
    private final Instant end;
    private final int askedMax;
    private int asked;
    private int voidsLeft;
    private Limit spent;

    private Questions(Dns dns, InstantSource clock, Instant end, int askedMax, int voidsLeft) {
        this.dns = dns;
        this.clock = clock;
        this.end = end;
        this.askedMax = askedMax;
        this.voidsLeft = voidsLeft;
    }

    /// The time begins now.
    public static Questions of(Dns dns, Limits limits, InstantSource clock) {
        return new Questions(dns, clock, clock.instant().plus(limits.time()), limits.asked(), limits.voids());
    }

    /// A part with its own number of questions, within the same time: the hosts of one `mx` in SPF. All of them may
    /// find nothing. RFC 7208 §4.6.4 counts terms there; three mail exchangers without an IPv6 address are no fault
    /// of their domain.
    ///
    /// @param asked questions; 0 and more
    public Questions part(int asked) {
        return new Questions(dns, clock, end, asked, asked);
    }

    /// Asks, if that is still allowed.
    public <T> Dns.Reply<T> ask(Question<T> question) {
        Duration left = Duration.between(clock.instant(), end);
        if (spent == null && asked >= askedMax) {
            spent = Limit.ASKED;
        }
        if (spent == null && !left.isPositive()) {
            spent = Limit.TIME;
        }
        if (spent != null) {
            return over(question);
        }
        asked++;
        Dns.Reply<T> reply = dns.ask(question, left);
        if (reply.answer() instanceof Dns.Answer.NoSuchName<T> || reply.answer() instanceof Dns.Answer.NoData<T>) {
            voidsLeft--;
            if (voidsLeft < 0) {
                spent = Limit.VOID;
                return over(question);
            }
        }
        if (reply.answer() instanceof Dns.Answer.Failed<T> && !clock.instant().isBefore(end)) {
            spent = Limit.TIME;
        }
        return reply;
    }

    /// What was used up first, once something was refused.
    public Optional<Limit> spent() {
        return Optional.ofNullable(spent);
    }

    private static <T> Dns.Reply<T> over(Question<T> question) {
        String why = "too many questions for one check, or too long";
        return new Dns.Reply<>(new Dns.Answer.Failed<>(why), false, question.name());
    }
}
