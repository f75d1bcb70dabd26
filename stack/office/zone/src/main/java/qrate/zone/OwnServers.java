package qrate.zone;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import qrate.core.DomainName;
import qrate.dns.Dns;
import qrate.dns.DnsClient;
import qrate.dns.Question;

/// Asks each zone's own name servers, past what resolvers remember. For many threads; for one look.
final class OwnServers implements Dns {
    /// Name servers of a zone that are asked, at most.
    static final int SERVERS_MAX = 3;

    /// Labels of a name above which no zone is looked for.
    static final int LABELS_MAX = 32;

    private static final int PORT = 53;

    private final Dns resolver;
    private final int port;
    private final Map<String, Optional<Dns>> zones = new ConcurrentHashMap<>();

    /// @param resolver which knows whose servers these are
    OwnServers(Dns resolver) {
        this(resolver, PORT);
    }

    OwnServers(Dns resolver, int port) {
        this.resolver = resolver;
        this.port = port;
    }

    @Override
    public <T> Reply<T> ask(Question<T> question, Duration longest) {
        String name = DomainName.ascii(question.name()).toLowerCase(Locale.ROOT);
        for (int up = 0; up < LABELS_MAX && name.contains("."); up++) {
            Optional<Dns> servers = zones.computeIfAbsent(name, this::servers);
            if (servers.isPresent()) {
                return servers.get().ask(question, longest);
            }
            name = name.substring(name.indexOf('.') + 1);
        }
        return new Reply<>(new Answer.Failed<>("the name servers of its zone are not known"), false, question.name());
    }

    /// Those of a zone; nothing where there is none of that name.
    private Optional<Dns> servers(String zone) {
        if (!(resolver.ask(Question.nameServers(zone), QUESTION_MAX).answer()
                instanceof Answer.Found<String>(List<String> names))) {
            return Optional.empty();
        }
        List<InetSocketAddress> found = new ArrayList<>();
        for (String each : names.stream().sorted().limit(SERVERS_MAX).toList()) {
            if (resolver.addresses(each) instanceof Answer.Found<InetAddress>(List<InetAddress> addresses)) {
                found.add(new InetSocketAddress(addresses.getFirst(), port));
            }
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(DnsClient.forgetful(found));
    }
}
