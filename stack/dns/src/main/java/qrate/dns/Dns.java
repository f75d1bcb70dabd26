package qrate.dns;

import java.net.InetAddress;
import java.util.List;

/// What a mail system asks of DNS. No search path, no hosts file; every question ends within a bounded time.
public interface Dns {
    /// A domain's mail exchangers, in no order.
    Answer<Exchanger> exchangers(String domain);

    /// A host's addresses, IPv4 first.
    Answer<InetAddress> addresses(String host);

    /// A name's texts, each with its strings joined (RFC 7208 §3.3), bytes as ISO 8859-1.
    Answer<String> texts(String name);

    /// The names that an address leads back to (PTR), lower case, without the final dot.
    Answer<String> names(InetAddress address);

    /// One MX record.
    ///
    /// @param preference lower is better
    /// @param host lower case, without the final dot; empty for the null MX (RFC 7505)
    record Exchanger(int preference, String host) {}

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

        /// Nobody could tell: silence, SERVFAIL, nonsense, an endless chain.
        ///
        /// @param why for the text of a deferral
        record Failed<T>(String why) implements Answer<T> {}
    }
}
