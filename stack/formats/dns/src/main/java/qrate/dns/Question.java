package qrate.dns;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.InetAddress;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CAARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.TLSARecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import qrate.core.DomainName;

/// One question to DNS: a name, a kind of record, and what is read from each.
///
/// Names are hosts' names and those with `_` (RFC 8552), in Unicode or ASCII; what cannot be one is answered
/// {@link Dns.Answer.NoSuchName} without asking anybody.
public final class Question<T> {
    /// One TLSA record (RFC 6698 §2.1).
    ///
    /// @param usage 0 to 255; for SMTP 2 and 3 count (RFC 7672 §3.1)
    /// @param selector 0 the certificate, 1 its public key
    /// @param matching 0 the bytes themselves, 1 SHA-256, 2 SHA-512
    /// @param data the association, in lower-case hex
    public record Association(int usage, int selector, int matching, String data) {}

    /// One SRV record (RFC 2782).
    ///
    /// @param priority lower is better
    /// @param weight how much of the traffic, among equals
    /// @param host lower case, without the final dot; empty where the service is decidedly not offered
    public record Service(int priority, int weight, int port, String host) {}

    /// One CAA record (RFC 8659 §4).
    ///
    /// @param critical whether a CA that does not know the tag must refuse
    /// @param tag lower case: `issue`, `issuewild`, `iodef`
    /// @param value bytes as ISO 8859-1
    public record Authority(boolean critical, String tag, String value) {}

    private static final int CRITICAL = 128;

    private static final int LOWEST_PRINTABLE = ' ';
    private static final int HIGHEST_PRINTABLE = '~';

    private final String name;
    private final int type;
    private final boolean anyLabels;
    private final Function<Record, T> read;

    private Question(String name, int type, Function<Record, T> read) {
        this(name, type, false, read);
    }

    private Question(String name, int type, boolean anyLabels, Function<Record, T> read) {
        this.name = name;
        this.type = type;
        this.anyLabels = anyLabels;
        this.read = read;
    }

    /// A domain's mail exchangers, in no order.
    public static Question<Dns.Exchanger> exchangers(String domain) {
        return new Question<>(domain, Type.MX, record -> {
            MXRecord mx = (MXRecord) record;
            return new Dns.Exchanger(mx.getPriority(), plain(mx.getTarget()));
        });
    }

    /// A zone's name servers, lower case, without the final dot.
    public static Question<String> nameServers(String zone) {
        return new Question<>(zone, Type.NS, record -> plain(((NSRecord) record).getTarget()));
    }

    /// A host's IPv4 addresses.
    public static Question<InetAddress> ipv4(String host) {
        return new Question<>(host, Type.A, record -> ((ARecord) record).getAddress());
    }

    /// A host's IPv6 addresses.
    public static Question<InetAddress> ipv6(String host) {
        return new Question<>(host, Type.AAAA, record -> ((AAAARecord) record).getAddress());
    }

    /// The name that a name is an alias of, lower case, without the final dot; no further link of the chain.
    public static Question<String> alias(String name) {
        return new Question<>(name, Type.CNAME, record -> plain(((CNAMERecord) record).getTarget()));
    }

    /// A name's texts, each with its strings joined (RFC 7208 §3.3), bytes as ISO 8859-1; each 64 KiB at most.
    public static Question<String> texts(String name) {
        return new Question<>(name, Type.TXT, record -> {
            StringBuilder text = new StringBuilder();
            ((TXTRecord) record).getStringsAsByteArrays().forEach(part -> text.append(new String(part, ISO_8859_1)));
            return text.toString();
        });
    }

    /// The names that an address leads back to (PTR), lower case, without the final dot.
    public static Question<String> names(InetAddress address) {
        String reverse = ReverseMap.fromAddress(address).toString(true);
        return new Question<>(reverse, Type.PTR, record -> plain(((PTRRecord) record).getTarget()));
    }

    /// What a server's certificate must match (DANE).
    ///
    /// @param name `_25._tcp.` and the host
    public static Question<Association> associations(String name) {
        return new Question<>(name, Type.TLSA, record -> {
            TLSARecord tlsa = (TLSARecord) record;
            return new Association(
                    tlsa.getCertificateUsage(),
                    tlsa.getSelector(),
                    tlsa.getMatchingType(),
                    HexFormat.of().formatHex(tlsa.getCertificateAssociationData()));
        });
    }

    /// Where a service is, in no order.
    ///
    /// @param name `_submission._tcp.` and the domain
    public static Question<Service> services(String name) {
        return new Question<>(name, Type.SRV, record -> {
            SRVRecord srv = (SRVRecord) record;
            return new Service(srv.getPriority(), srv.getWeight(), srv.getPort(), plain(srv.getTarget()));
        });
    }

    /// Which CAs may give certificates for a domain.
    public static Question<Authority> authorities(String domain) {
        return new Question<>(domain, Type.CAA, record -> {
            CAARecord caa = (CAARecord) record;
            return new Authority(
                    (caa.getFlags() & CRITICAL) != 0,
                    caa.getTag().toLowerCase(Locale.ROOT),
                    new String(caa.getValueAsByteArray(), ISO_8859_1));
        });
    }

    /// The same about a name that need be no host's (RFC 2181 §11): any printable ASCII but the dot may stand in its
    /// labels, `+` and `=` of a local part in SPF's macros for one.
    public Question<T> anyLabels() {
        return new Question<>(name, type, true, read);
    }

    /// What is asked about, as it was given.
    public String name() {
        return name;
    }

    /// The kind of record in DNS's word: `A`, `AAAA`, `MX`, `PTR`, `TXT` and so on.
    public String kind() {
        return Type.string(type);
    }

    int type() {
        return type;
    }

    /// The name as DNS wants it: absolute, in ASCII (RFC 5891); empty when it can be no host's name.
    Optional<Name> absolute() {
        try {
            String ascii = DomainName.ascii(name);
            if (ascii.isEmpty() || !ascii.chars().allMatch(anyLabels ? Question::isPrintable : Question::fits)) {
                return Optional.empty();
            }
            return Optional.of(Name.concatenate(Name.fromString(anyLabels ? escaped(ascii) : ascii), Name.root));
        } catch (TextParseException | NameTooLongException _) {
            return Optional.empty();
        }
    }

    /// The reply in the question's own words.
    Dns.Reply<T> read(Dns.Reply<Record> reply) {
        Dns.Answer<T> answer = switch (reply.answer()) {
            case Dns.Answer.Found<Record>(var all) ->
                new Dns.Answer.Found<>(all.stream().map(read).toList());
            case Dns.Answer.NoSuchName<Record> _ -> new Dns.Answer.NoSuchName<>();
            case Dns.Answer.NoData<Record> _ -> new Dns.Answer.NoData<>();
            case Dns.Answer.Failed<Record>(var why) -> new Dns.Answer.Failed<>(why);
        };
        return new Dns.Reply<>(answer, reply.authentic(), reply.name());
    }

    static String plain(Name name) {
        return name.equals(Name.root) ? "" : name.toString(true).toLowerCase(Locale.ROOT);
    }

    private static boolean isPrintable(int c) {
        return c >= LOWEST_PRINTABLE && c <= HIGHEST_PRINTABLE;
    }

    /// What a zone file gives a meaning of its own, as `\DDD` (RFC 1035 §5.1).
    private static String escaped(String ascii) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < ascii.length(); i++) {
            char c = ascii.charAt(i);
            if (c == '.' || fits(c)) {
                text.append(c);
            } else {
                text.append('\\').append(c < 100 ? "0" : "").append((int) c);
            }
        }
        return text.toString();
    }

    private static boolean fits(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_';
    }
}
