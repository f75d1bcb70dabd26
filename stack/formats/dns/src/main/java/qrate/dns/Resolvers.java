package qrate.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;

/// Asks the resolvers: by UDP, and by TCP what was cut (RFC 7766), each in turn, twice over.
final class Resolvers {
    /// How often each server is asked for one answer.
    static final int ROUNDS = 2;

    /// The largest answer by UDP, in bytes: what passes without fragments.
    static final int UDP_BYTES_MAX = 1_232;

    /// A server that said nothing is asked after the others, and once only, for this long.
    static final Duration REST = Duration.ofSeconds(30);

    private final Duration tryMax;
    private final Predicate<InetAddress> trusted;
    private final InstantSource clock;
    private final Map<InetSocketAddress, Instant> silent = new ConcurrentHashMap<>();

    /// @param tryMax how long one question to one server may take
    /// @param trusted whose AD bit is believed
    Resolvers(Duration tryMax, Predicate<InetAddress> trusted, InstantSource clock) {
        this.tryMax = tryMax;
        this.trusted = trusted;
        this.clock = clock;
    }

    /// A message, and whether a trusted resolver says that it is authentic.
    record Told(Message message, boolean authentic) {}

    /// Asks until one server answers yes or no.
    ///
    /// @param end of the time there is, by `System.nanoTime()`
    /// @throws IOException says what the last server did instead
    Told ask(Name name, int type, List<InetSocketAddress> servers, long end) throws IOException {
        IOException last = new IOException("no resolver");
        for (InetSocketAddress server : inTurn(servers)) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new IOException("no resolver answered in time", last);
            }
            try {
                Message answer = ask(name, type, server, left);
                silent.remove(server);
                if (answer.getRcode() == Rcode.NOERROR || answer.getRcode() == Rcode.NXDOMAIN) {
                    boolean vouches = answer.getHeader().getFlag(Flags.AD);
                    return new Told(answer, vouches && trusted.test(server.getAddress()));
                }
                last = new IOException("the resolver says " + Rcode.string(answer.getRcode()));
            } catch (IOException e) {
                silent.put(server, clock.instant());
                last = e;
            }
        }
        throw last;
    }

    /// Each server twice, and those that said nothing of late once, behind the others' first turn.
    private List<InetSocketAddress> inTurn(List<InetSocketAddress> servers) {
        silent.keySet().retainAll(servers);
        List<InetSocketAddress> lively = new ArrayList<>();
        List<InetSocketAddress> resting = new ArrayList<>();
        for (InetSocketAddress server : servers) {
            (isResting(server) ? resting : lively).add(server);
        }
        List<InetSocketAddress> order = new ArrayList<>(lively);
        order.addAll(resting);
        for (int round = 1; round < ROUNDS; round++) {
            order.addAll(lively);
        }
        return order;
    }

    private boolean isResting(InetSocketAddress server) {
        Instant since = silent.get(server);
        if (since == null) {
            return false;
        }
        Duration ago = Duration.between(since, clock.instant());
        return !ago.isNegative() && ago.compareTo(REST) < 0;
    }

    /// AD in the question asks for AD in the answer, without the signatures that DO would bring (RFC 6840 §5.7).
    private Message ask(Name name, int type, InetSocketAddress server, long left) throws IOException {
        SimpleResolver resolver = new SimpleResolver(server);
        resolver.setTimeout(Duration.ofNanos(Math.min(tryMax.toNanos(), left)));
        resolver.setEDNS(0, UDP_BYTES_MAX, 0, List.of());
        Message question = Message.newQuery(Record.newRecord(name, type, DClass.IN));
        question.getHeader().setFlag(Flags.AD);
        return resolver.send(question);
    }
}
