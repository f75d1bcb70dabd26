package qrate.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

/// {@link Dns} by dnsjava, asking the system's resolvers, with a memory. For many threads: who asks what is being asked
/// already waits for that answer.
public final class DnsClient implements Dns {
    /// How long one question to one server may take.
    public static final Duration TRY_MAX = Duration.ofSeconds(5);

    /// Servers asked at most, as resolv.conf(5) has it.
    static final int SERVERS_MAX = 3;

    /// Different questions under way at most; more are failures at once.
    static final int UNDERWAY_MAX = 1_000;

    private static final int PORT = 53;

    /// The forwarder in an engine's containers: on loopback, and it validates nothing.
    private static final InetAddress ENGINES = InetAddress.ofLiteral("127.0.0.11");

    /// Where the resolvers are; asked before each question, so that a changed resolv.conf is seen.
    @FunctionalInterface
    public interface Servers {
        /// At least one.
        List<InetSocketAddress> find() throws IOException;
    }

    private final Servers servers;
    private final Resolvers resolvers;
    private final AnswerCache memory;
    private final Map<AnswerCache.Key, CompletableFuture<Reply<Record>>> underway = new ConcurrentHashMap<>();

    /// One with a memory, that believes what a resolver on loopback says of DNSSEC.
    ///
    /// @param tryMax how long one question to one server may take
    public DnsClient(Servers servers, Duration tryMax) {
        this(servers, tryMax, DnsClient::isHere, InstantSource.system());
    }

    /// @param trusted whose AD bit is believed
    /// @param clock for what is remembered
    DnsClient(Servers servers, Duration tryMax, Predicate<InetAddress> trusted, InstantSource clock) {
        this(servers, new Resolvers(tryMax, trusted, clock), new AnswerCache(clock, AnswerCache.BYTES_MAX));
    }

    private DnsClient(Servers servers, Resolvers resolvers, AnswerCache memory) {
        this.servers = servers;
        this.resolvers = resolvers;
        this.memory = memory;
    }

    /// The servers of `QRATE_DNS` (`ADDRESS` or `ADDRESS:PORT`), else those of `/etc/resolv.conf`; `QRATE_DNS_TRUSTED`
    /// names the addresses whose word on DNSSEC is believed, or `none`, else a resolver on loopback is.
    ///
    /// @throws IllegalArgumentException when these make no sense
    public static DnsClient of(Map<String, String> environment) {
        return new DnsClient(servers(environment), TRY_MAX, trusted(environment), InstantSource.system());
    }

    /// The same with more memory, for who asks about many domains again and again.
    ///
    /// @param bytes of answers kept at most
    public static DnsClient remembering(Map<String, String> environment, int bytes) {
        InstantSource clock = InstantSource.system();
        Resolvers resolvers = new Resolvers(TRY_MAX, trusted(environment), clock);
        return new DnsClient(servers(environment), resolvers, new AnswerCache(clock, bytes));
    }

    /// The same without a memory, for who looks whether DNS is right by now.
    public static DnsClient forgetful(Map<String, String> environment) {
        Resolvers resolvers = new Resolvers(TRY_MAX, trusted(environment), InstantSource.system());
        return new DnsClient(servers(environment), resolvers, AnswerCache.none());
    }

    /// The same of these servers, whose word on DNSSEC is not believed: name servers of a zone, say.
    public static DnsClient forgetful(List<InetSocketAddress> servers) {
        List<InetSocketAddress> all = List.copyOf(servers);
        return new DnsClient(() -> all, new Resolvers(TRY_MAX, _ -> false, InstantSource.system()), AnswerCache.none());
    }

    private static Servers servers(Map<String, String> environment) {
        String named = environment.getOrDefault("QRATE_DNS", "");
        if (named.isEmpty()) {
            Path file = Path.of("/etc/resolv.conf");
            return () -> nameservers(Files.readAllLines(file));
        }
        InetSocketAddress server = server(named);
        return () -> List.of(server);
    }

    /// `ADDRESS` or `ADDRESS:PORT`.
    ///
    /// @throws IllegalArgumentException when the port is none
    public static InetSocketAddress server(String named) {
        int colon = named.lastIndexOf(':');
        boolean port = colon > 0 && named.indexOf(':') == colon;
        return port
                ? new InetSocketAddress(named.substring(0, colon), Integer.parseInt(named.substring(colon + 1)))
                : new InetSocketAddress(named, PORT);
    }

    /// resolv.conf(5): only `nameserver` lines; 127.0.0.1 when there is none.
    static List<InetSocketAddress> nameservers(List<String> lines) {
        List<InetSocketAddress> found = new ArrayList<>();
        for (String line : lines) {
            String text = line.strip();
            if (text.startsWith("nameserver") && text.length() > 11 && found.size() < SERVERS_MAX) {
                String address = text.substring(10).strip();
                Hosts.literal(address).ifPresent(a -> found.add(new InetSocketAddress(a, PORT)));
            }
        }
        return found.isEmpty() ? List.of(new InetSocketAddress("127.0.0.1", PORT)) : List.copyOf(found);
    }

    static Predicate<InetAddress> trusted(Map<String, String> environment) {
        String named = environment.getOrDefault("QRATE_DNS_TRUSTED", "").strip();
        if (named.isEmpty()) {
            return DnsClient::isHere;
        }
        Set<InetAddress> all = new HashSet<>();
        for (String one : named.equals("none") ? new String[0] : named.split("[ ,]+", -1)) {
            all.add(Hosts.literal(one)
                    .orElseThrow(() -> new IllegalArgumentException("QRATE_DNS_TRUSTED: not an address: " + one)));
        }
        return all::contains;
    }

    private static boolean isHere(InetAddress address) {
        return address.isLoopbackAddress() && !address.equals(ENGINES);
    }

    @Override
    public <T> Reply<T> ask(Question<T> question, Duration longest) {
        Optional<Name> name = question.absolute();
        if (name.isEmpty()) {
            return new Reply<>(new Answer.NoSuchName<>(), false, question.name());
        }
        List<InetSocketAddress> all;
        try {
            all = servers.find();
        } catch (IOException e) {
            return question.read(failed(name.get(), e.getMessage()));
        }
        memory.from(all);
        AnswerCache.Key key = new AnswerCache.Key(name.get(), question.type());
        return question.read(memory.find(key).orElseGet(() -> share(key, all, longest)));
    }

    /// Asks in a thread of its own, so that whoever waits may stop waiting and the answer is of use to the next one.
    private Reply<Record> share(AnswerCache.Key key, List<InetSocketAddress> all, Duration longest) {
        CompletableFuture<Reply<Record>> mine = new CompletableFuture<>();
        CompletableFuture<Reply<Record>> other = underway.putIfAbsent(key, mine);
        if (other != null) {
            return await(key.name(), other, longest);
        }
        if (underway.size() > UNDERWAY_MAX) {
            Reply<Record> busy = failed(key.name(), "too many questions at once");
            underway.remove(key);
            mine.complete(busy);
            return busy;
        }
        Thread.ofVirtual().name("dns").start(() -> {
            try {
                Known known = look(key, all);
                memory.keep(key, known.reply(), known.seconds());
                underway.remove(key);
                mine.complete(known.reply());
            } catch (RuntimeException | Error e) {
                underway.remove(key);
                mine.completeExceptionally(e);
            }
        });
        return await(key.name(), mine, longest);
    }

    private static Reply<Record> await(Name name, CompletableFuture<Reply<Record>> reply, Duration longest) {
        long nanos = Math.min(longest.toNanos(), QUESTION_MAX.toNanos());
        try {
            return reply.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            return failed(name, "no resolver answered in time");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return failed(name, "interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /// What was found out.
    ///
    /// @param seconds for which it holds
    private record Known(Reply<Record> reply, long seconds) {}

    /// Follows the aliases, within one message and over several, until there are records or certainly none.
    private Known look(AnswerCache.Key key, List<InetSocketAddress> all) {
        long end = System.nanoTime() + QUESTION_MAX.toNanos();
        Name at = key.name();
        boolean authentic = true;
        long seconds = Reading.TTL_TOP;
        int links = 0;
        while (true) {
            Resolvers.Told told;
            try {
                told = resolvers.ask(at, key.type(), all, end);
            } catch (IOException e) {
                return new Known(failed(at, e.getMessage()), 0);
            }
            authentic &= told.authentic();
            switch (Reading.of(told.message(), at, key.type(), links)) {
                case Reading.Records(var found, var name, var ttl) -> {
                    Answer<Record> answer = new Answer.Found<>(found);
                    return new Known(new Reply<>(answer, authentic, Question.plain(name)), Math.min(seconds, ttl));
                }
                case Reading.Nothing(var exists, var name, var ttl) -> {
                    Answer<Record> answer = exists ? new Answer.NoData<>() : new Answer.NoSuchName<>();
                    return new Known(new Reply<>(answer, authentic, Question.plain(name)), Math.min(seconds, ttl));
                }
                case Reading.Broken(var why) -> {
                    return new Known(failed(at, why), 0);
                }
                case Reading.Onward(var name, var behind, var ttl) -> {
                    at = name;
                    links = behind;
                    seconds = Math.min(seconds, ttl);
                }
            }
        }
    }

    private static Reply<Record> failed(Name name, String why) {
        return new Reply<>(new Answer.Failed<>(String.valueOf(why)), false, Question.plain(name));
    }
}
