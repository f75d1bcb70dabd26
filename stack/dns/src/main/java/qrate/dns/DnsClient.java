package qrate.dns;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import qrate.core.DomainName;

/// {@link Dns} by dnsjava, asking the system's resolvers.
public final class DnsClient implements Dns {
    /// How long one question to one server may take.
    public static final Duration TRY_MAX = Duration.ofSeconds(5);

    /// How often each server is asked.
    static final int ROUNDS = 2;

    /// Servers asked at most, as resolv.conf(5) has it.
    static final int SERVERS_MAX = 3;

    /// Links of a CNAME chain followed at most.
    static final int LINKS_MAX = 8;

    private static final int PORT = 53;

    /// Where the resolvers are; asked before each question, so that a changed resolv.conf is seen.
    @FunctionalInterface
    public interface Servers {
        /// At least one.
        List<InetSocketAddress> find() throws IOException;
    }

    private final Servers servers;
    private final Duration tryMax;

    /// @param tryMax how long one question to one server may take
    public DnsClient(Servers servers, Duration tryMax) {
        this.servers = servers;
        this.tryMax = tryMax;
    }

    /// The servers of `QRATE_DNS` (`host:port`), else those of `/etc/resolv.conf`.
    public static DnsClient of(Map<String, String> environment) {
        String named = environment.getOrDefault("QRATE_DNS", "");
        if (named.isEmpty()) {
            Path file = Path.of("/etc/resolv.conf");
            return new DnsClient(() -> nameservers(Files.readAllLines(file)), TRY_MAX);
        }
        int colon = named.lastIndexOf(':');
        boolean port = colon > 0 && named.indexOf(':') == colon;
        InetSocketAddress server = port
                ? new InetSocketAddress(named.substring(0, colon), Integer.parseInt(named.substring(colon + 1)))
                : new InetSocketAddress(named, PORT);
        return new DnsClient(() -> List.of(server), TRY_MAX);
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

    @Override
    public Answer<Exchanger> exchangers(String domain) {
        return look(name(domain), Type.MX, record -> {
            MXRecord mx = (MXRecord) record;
            return new Exchanger(mx.getPriority(), plain(mx.getTarget()));
        });
    }

    @Override
    public Answer<String> texts(String name) {
        return look(name(name), Type.TXT, record -> {
            StringBuilder text = new StringBuilder();
            ((TXTRecord) record).getStringsAsByteArrays().forEach(part -> text.append(new String(part, ISO_8859_1)));
            return text.toString();
        });
    }

    @Override
    public Answer<String> names(InetAddress address) {
        return look(
                Optional.of(ReverseMap.fromAddress(address)),
                Type.PTR,
                record -> plain(((PTRRecord) record).getTarget()));
    }

    private <T> Answer<T> look(Optional<Name> name, int type, Function<Record, T> read) {
        if (name.isEmpty()) {
            return new Answer.NoSuchName<>();
        }
        return switch (records(name.get(), type)) {
            case Answer.Found<Record>(var all) ->
                new Answer.Found<>(all.stream().map(read).toList());
            case Answer.NoSuchName<Record> _ -> new Answer.NoSuchName<>();
            case Answer.NoData<Record> _ -> new Answer.NoData<>();
            case Answer.Failed<Record>(var why) -> new Answer.Failed<>(why);
        };
    }

    @Override
    public Answer<InetAddress> addresses(String host) {
        Optional<Name> name = name(host);
        if (name.isEmpty()) {
            return new Answer.NoSuchName<>();
        }
        Answer<Record> four = records(name.get(), Type.A);
        if (four instanceof Answer.NoSuchName<Record>) {
            return new Answer.NoSuchName<>();
        }
        Answer<Record> six = records(name.get(), Type.AAAA);
        List<InetAddress> both = new ArrayList<>();
        if (four instanceof Answer.Found<Record>(var all)) {
            all.forEach(r -> both.add(((ARecord) r).getAddress()));
        }
        if (six instanceof Answer.Found<Record>(var all)) {
            all.forEach(r -> both.add(((AAAARecord) r).getAddress()));
        }
        if (!both.isEmpty()) {
            return new Answer.Found<>(both);
        }
        if (four instanceof Answer.Failed<Record>(var why)) {
            return new Answer.Failed<>(why);
        }
        return six instanceof Answer.Failed<Record>(var why) ? new Answer.Failed<>(why) : new Answer.NoData<>();
    }

    /// Follows the aliases, within one answer and over several, until there are records or certainly none.
    private Answer<Record> records(Name start, int type) {
        Name at = start;
        int links = 0;
        while (true) {
            Message message;
            try {
                message = ask(at, type);
            } catch (IOException e) {
                return new Answer.Failed<>(String.valueOf(e.getMessage()));
            }
            List<Record> answers = message.getSection(Section.ANSWER);
            Name asked = at;
            while (true) {
                Name owner = at;
                List<Record> found = answers.stream()
                        .filter(r -> r.getType() == type && r.getName().equals(owner))
                        .toList();
                if (!found.isEmpty()) {
                    return new Answer.Found<>(found);
                }
                Optional<Name> target = answers.stream()
                        .filter(r -> r instanceof CNAMERecord && r.getName().equals(owner))
                        .map(r -> ((CNAMERecord) r).getTarget())
                        .findFirst();
                if (target.isEmpty()) {
                    break;
                }
                at = target.get();
                if (++links > LINKS_MAX) {
                    return new Answer.Failed<>("more than " + LINKS_MAX + " aliases in a row");
                }
            }
            if (message.getRcode() == Rcode.NXDOMAIN) {
                return new Answer.NoSuchName<>();
            }
            if (at.equals(asked)) {
                return new Answer.NoData<>();
            }
        }
    }

    /// Asks each server in turn, twice over, until one answers yes or no.
    private Message ask(Name name, int type) throws IOException {
        IOException last = new IOException("no resolver");
        List<InetSocketAddress> all = servers.find();
        for (int round = 0; round < ROUNDS; round++) {
            for (InetSocketAddress server : all) {
                SimpleResolver resolver = new SimpleResolver(server);
                resolver.setTimeout(tryMax);
                try {
                    Message answer = resolver.send(Message.newQuery(Record.newRecord(name, type, DClass.IN)));
                    if (answer.getRcode() == Rcode.NOERROR || answer.getRcode() == Rcode.NXDOMAIN) {
                        return answer;
                    }
                    last = new IOException("the resolver says " + Rcode.string(answer.getRcode()));
                } catch (IOException e) {
                    last = e;
                }
            }
        }
        throw last;
    }

    /// A host name as DNS wants it: absolute, in ASCII (RFC 5891); empty when it can be no host's name.
    private static Optional<Name> name(String host) {
        try {
            String ascii = DomainName.ascii(host);
            if (ascii.isEmpty() || !ascii.chars().allMatch(DnsClient::fits)) {
                return Optional.empty();
            }
            return Optional.of(Name.concatenate(Name.fromString(ascii), Name.root));
        } catch (TextParseException | NameTooLongException _) {
            return Optional.empty();
        }
    }

    private static boolean fits(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_';
    }

    private static String plain(Name name) {
        return name.equals(Name.root) ? "" : name.toString(true).toLowerCase(Locale.ROOT);
    }
}
