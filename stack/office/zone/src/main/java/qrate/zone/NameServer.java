package qrate.zone;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import qrate.core.Control;
import qrate.dns.DnsClient;

/// A name server of one's own that takes updates (RFC 2136) signed with a shared key (TSIG, RFC 8945). Every message
/// goes by TCP, is signed, and every answer must be.
///
/// @param place where it is
/// @param key that both sides know
public record NameServer(InetSocketAddress place, TSIG key) {
    /// How long one answer may take.
    static final Duration ANSWER_MAX = Duration.ofSeconds(10);

    /// Shortest secret, in bytes: what HMAC-SHA256 asks for at least (RFC 8945 §6 leaves it to who chooses).
    static final int SECRET_BYTES_MIN = 16;

    private static final int SECRET_FILE_BYTES_MAX = 4096;
    private static final String SHAPE = "control/dnsupdate: not SERVER[:PORT] KEY [ALGORITHM]";
    private static final Set<String> ALGORITHMS = Set.of("hmac-sha256", "hmac-sha384", "hmac-sha512");

    private static final Set<PosixFilePermission> OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    /// As `control/dnsupdate` and `control/dnsupdatekey` say.
    ///
    /// @return nothing when there is no `dnsupdate`
    /// @throws IOException names the file that cannot be read or makes no sense; the secret is in no message
    public static Optional<NameServer> of(Control control) throws IOException {
        Optional<String> line = control.line("dnsupdate");
        if (line.isEmpty()) {
            return Optional.empty();
        }
        String[] words = line.get().strip().split("\\s+", -1);
        String algorithm = words.length > 2 ? words[2] : "hmac-sha256";
        if (words.length < 2 || words.length > 3) {
            throw new IOException(SHAPE);
        }
        if (!ALGORITHMS.contains(algorithm)) {
            throw new IOException("control/dnsupdate: the algorithm is none of "
                    + String.join(", ", ALGORITHMS.stream().sorted().toList()));
        }
        try {
            InetSocketAddress place = DnsClient.server(words[0]);
            Name name = Name.fromString(words[1], Name.root);
            byte[] secret = secret(control.folder().resolve("dnsupdatekey"));
            return Optional.of(new NameServer(place, new TSIG(Name.fromString(algorithm, Name.root), name, secret)));
        } catch (IllegalArgumentException | TextParseException e) {
            throw new IOException(SHAPE, e);
        }
    }

    private static byte[] secret(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new IOException("control/dnsupdatekey: missing: the secret of the key, in base64");
        }
        if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
            throw new IOException("control/dnsupdatekey: others than its owner may read it: chmod 600 it");
        }
        byte[] secret;
        try (var in = Files.newInputStream(file)) {
            secret = Base64.getDecoder().decode(new String(in.readNBytes(SECRET_FILE_BYTES_MAX), US_ASCII).strip());
        } catch (IllegalArgumentException _) {
            secret = new byte[0]; // the exception may quote what stands there
        }
        if (secret.length < SECRET_BYTES_MIN) {
            throw new IOException(
                    "control/dnsupdatekey: not a secret in base64 of at least " + SECRET_BYTES_MIN + " bytes");
        }
        return secret;
    }

    @Override
    public String toString() {
        return place.getHostString() + ":" + place.getPort(); // the key is a secret
    }

    /// The zone of this server's that a name is in; nothing when it serves none.
    Optional<Name> zone(Name name) throws IOException {
        Message answer = ask(name, Type.SOA);
        boolean knows = answer.getRcode() == Rcode.NOERROR || answer.getRcode() == Rcode.NXDOMAIN;
        if (!knows || !answer.getHeader().getFlag(Flags.AA)) {
            return Optional.empty();
        }
        for (int section : List.of(Section.ANSWER, Section.AUTHORITY)) {
            for (Record record : answer.getSection(section)) {
                if (record instanceof SOARecord && name.subdomain(record.getName())) {
                    return Optional.of(record.getName());
                }
            }
        }
        return Optional.empty();
    }

    /// The records of one kind at a name, as the server has them.
    List<Record> records(Name name, int type) throws IOException {
        Message answer = ask(name, type);
        if (answer.getRcode() != Rcode.NOERROR && answer.getRcode() != Rcode.NXDOMAIN) {
            throw new IOException(this + " answers " + Rcode.string(answer.getRcode()) + " for " + name);
        }
        return answer.getSection(Section.ANSWER).stream()
                .filter(record -> record.getType() == type && record.getName().equals(name))
                .toList();
    }

    private Message ask(Name name, int type) throws IOException {
        Message question = Message.newQuery(Record.newRecord(name, type, DClass.IN));
        question.getHeader().unsetFlag(Flags.RD);
        return send(question);
    }

    /// Sends a message and waits for its answer, which must be signed with the key.
    ///
    /// @throws IOException when it does not come, or is not
    Message send(Message message) throws IOException {
        SimpleResolver resolver = new SimpleResolver(place);
        resolver.setTCP(true);
        resolver.setTimeout(ANSWER_MAX);
        resolver.setTSIGKey(key);
        Message answer;
        try {
            answer = resolver.send(message);
        } catch (IOException e) {
            throw new IOException(this + " does not answer: " + e.getMessage(), e);
        }
        if (answer.getTSIG() != null && answer.getTSIG().getError() != Rcode.NOERROR) {
            throw new IOException(this + " does not take our key: "
                    + Rcode.TSIGstring(answer.getTSIG().getError())
                    + " (control/dnsupdate, control/dnsupdatekey, and the clocks on both sides)");
        }
        if (!answer.isVerified()) {
            throw new IOException(this + " answers " + Rcode.string(answer.getRcode())
                    + " without our key's signature: it is not believed");
        }
        return answer;
    }
}
