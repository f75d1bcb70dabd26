package qrate.spf;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import qrate.dns.Dns;
import qrate.dns.Question;
import qrate.dns.Questions;

/// The look-ups of one check, within its limits, and a note of each. For one thread.
final class SpfLookups {
    /// Terms that may ask DNS (RFC 7208 §4.6.4).
    static final int TERMS_MAX = 10;

    /// Terms whose questions may find nothing (RFC 7208 §4.6.4).
    static final int VOIDS_MAX = 2;

    /// Hosts of one `mx`, and names of one `ptr`, whose addresses are asked for (RFC 7208 §4.6.4).
    static final int HOSTS_MAX = 10;

    /// The longest that a whole check takes (RFC 7208 §4.6.4).
    static final Duration TIME_MAX = Duration.ofSeconds(20);

    /// Notes kept at most.
    static final int TRACE_MAX = 64;

    private final Dns dns;
    private final InstantSource clock;
    private final Instant end;
    private final Questions terms;
    private final List<SpfLookup> trace;

    private SpfLookups(Dns dns, InstantSource clock, Instant end, List<SpfLookup> trace) {
        this.dns = dns;
        this.clock = clock;
        this.end = end;
        this.trace = trace;
        Duration left = Duration.between(clock.instant(), end);
        this.terms = Questions.of(dns, new Questions.Limits(TERMS_MAX, VOIDS_MAX, left), clock);
    }

    static SpfLookups of(Dns dns, InstantSource clock) {
        return new SpfLookups(dns, clock, clock.instant().plus(TIME_MAX), new ArrayList<>());
    }

    /// As many look-ups once more, within what is left of the time.
    SpfLookups anew() {
        return new SpfLookups(dns, clock, end, trace);
    }

    List<SpfLookup> trace() {
        return List.copyOf(trace);
    }

    Instant now() {
        return clock.instant();
    }

    /// The questions that terms ask.
    Questions terms() {
        return terms;
    }

    /// Others, which do not count as those do.
    Questions part(int asked) {
        return terms.part(asked);
    }

    Dns.Answer<String> texts(String name, Questions by) {
        return ask(Question.texts(name), by);
    }

    Dns.Answer<Dns.Exchanger> exchangers(String name, Questions by) {
        return ask(Question.exchangers(name), by);
    }

    Dns.Answer<InetAddress> ipv4(String name, Questions by) {
        return ask(Question.ipv4(name), by);
    }

    /// Addresses of the kind that the client has.
    Dns.Answer<InetAddress> addresses(String name, InetAddress client, Questions by) {
        return client instanceof Inet4Address ? ipv4(name, by) : ask(Question.ipv6(name), by);
    }

    Dns.Answer<String> names(InetAddress client, Questions by) {
        return ask(Question.names(client), by);
    }

    private <T> Dns.Answer<T> ask(Question<T> question, Questions by) {
        Dns.Answer<T> answer = by.ask(question.anyLabels()).answer();
        if (trace.size() < TRACE_MAX) {
            trace.add(new SpfLookup(question.name(), question.kind(), outcome(answer)));
        }
        return answer;
    }

    private static String outcome(Dns.Answer<?> answer) {
        return switch (answer) {
            case Dns.Answer.Found<?>(var all) -> all.size() == 1 ? "1 record" : all.size() + " records";
            case Dns.Answer.NoSuchName<?> _ -> "no such name";
            case Dns.Answer.NoData<?> _ -> "no such record";
            case Dns.Answer.Failed<?>(var why) -> why;
        };
    }
}
