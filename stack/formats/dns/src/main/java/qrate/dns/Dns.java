package qrate.dns;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What a mail system asks of DNS. No search path, no hosts file; every question ends within a bounded time.
public interface Dns {
    /// The longest that one question takes in all, whatever the number of servers, tries and aliases.
    Duration QUESTION_MAX = Duration.ofSeconds(15);

    /// Asks, and waits no longer than this.
    ///
    /// @param longest more than {@link #QUESTION_MAX} is that
    <T> Reply<T> ask(Question<T> question, Duration longest);

    /// A domain's mail exchangers, in no order.
    default Answer<Exchanger> exchangers(String domain) {
        return ask(Question.exchangers(domain), QUESTION_MAX).answer();
    }

    /// A name's texts, each with its strings joined (RFC 7208 §3.3), bytes as ISO 8859-1.
    default Answer<String> texts(String name) {
        return ask(Question.texts(name), QUESTION_MAX).answer();
    }

    /// The names that an address leads back to (PTR), lower case, without the final dot.
    default Answer<String> names(InetAddress address) {
        return ask(Question.names(address), QUESTION_MAX).answer();
    }

    /// A host's addresses, IPv4 first.
    default Answer<InetAddress> addresses(String host) {
        return located(host).answer();
    }

    /// The same, and whether all that was found is authentic.
    default Reply<InetAddress> located(String host) {
        Reply<InetAddress> four = ask(Question.ipv4(host), QUESTION_MAX);
        if (four.answer() instanceof Answer.NoSuchName<InetAddress>) {
            return four;
        }
        Reply<InetAddress> six = ask(Question.ipv6(host), QUESTION_MAX);
        List<InetAddress> both = new ArrayList<>();
        boolean authentic = true;
        for (Reply<InetAddress> one : List.of(four, six)) {
            if (one.answer() instanceof Answer.Found<InetAddress>(var all)) {
                both.addAll(all);
                authentic &= one.authentic();
            }
        }
        if (!both.isEmpty()) {
            String name = four.answer() instanceof Answer.Found<InetAddress> ? four.name() : six.name();
            return new Reply<>(new Answer.Found<>(both), authentic, name);
        }
        if (four.answer() instanceof Answer.Failed<InetAddress>) {
            return four;
        }
        return six.answer() instanceof Answer.Failed<InetAddress>
                ? six
                : new Reply<>(new Answer.NoData<>(), four.authentic() && six.authentic(), four.name());
    }

    /// One MX record.
    ///
    /// @param preference lower is better
    /// @param host lower case, without the final dot; empty for the null MX (RFC 7505)
    record Exchanger(int preference, String host) {}

    /// An answer and where it comes from.
    ///
    /// @param authentic whether a trusted validating resolver vouches for it and each alias on the way (the AD bit,
    ///     RFC 4035 §3.2.3); never for a failure
    /// @param name what it is about, behind all aliases (RFC 7672 §2.2.2); lower case, without the final dot
    record Reply<T>(Answer<T> answer, boolean authentic, String name) {}

    /// How a question ended.
    sealed interface Answer<T> {
        /// At least one record.
        record Found<T>(List<T> all) implements Answer<T> {
            public Found {
                all = List.copyOf(all);
            }
        }

        /// The name does not exist, or cannot.
        record NoSuchName<T>() implements Answer<T> {}

        /// The name exists and has no such record.
        record NoData<T>() implements Answer<T> {}

        /// Nobody could tell: silence, SERVFAIL (what a validating resolver says of a forgery too), nonsense, an
        /// endless chain.
        ///
        /// @param why for the text of a deferral
        record Failed<T>(String why) implements Answer<T> {}
    }
}
