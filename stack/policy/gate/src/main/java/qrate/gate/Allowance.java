package qrate.gate;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import qrate.dns.Dns;
import qrate.dns.Question;

/// DNS for one purpose and one message: no longer in all than so, and no more questions. What is beyond fails, as if
/// DNS had not answered. Each purpose has its own, so that who makes one of them slow does not keep the next from
/// being asked. For one thread.
final class Allowance implements Dns {
    private final Dns dns;
    private final InstantSource clock;
    private Duration left;
    private int questions;

    /// @param left time for all answers together
    Allowance(Dns dns, InstantSource clock, Duration left, int questions) {
        this.dns = dns;
        this.clock = clock;
        this.left = left;
        this.questions = questions;
    }

    @Override
    public <T> Reply<T> ask(Question<T> question, Duration longest) {
        if (questions == 0 || !left.isPositive()) {
            String why = questions == 0 ? "too many questions for one message" : "it took too long for one message";
            return new Reply<>(new Answer.Failed<>(why), false, question.name());
        }
        questions--;
        Instant start = clock.instant();
        Reply<T> reply = dns.ask(question, left.compareTo(longest) < 0 ? left : longest);
        left = left.minus(Duration.between(start, clock.instant()));
        return reply;
    }
}
