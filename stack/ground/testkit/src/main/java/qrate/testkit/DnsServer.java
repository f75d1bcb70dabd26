package qrate.testkit;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// A DNS server on this host, UDP and TCP on one port, that answers from a table and misbehaves when told to.
///
/// Names that are in no table do not exist (NXDOMAIN); names that are, with other types, have no data. CNAMEs are
/// followed as a resolver does, up to eight links.
public final class DnsServer implements AutoCloseable {
    /// How to treat questions about a name, instead of answering.
    public enum Fault {
        /// no answer at all
        SILENCE,
        /// bytes that are no DNS message
        NONSENSE,
        /// an answer with another id and another question
        FOREIGN,
        /// SERVFAIL
        SERVFAIL,
        /// REFUSED
        REFUSED,
        /// UDP answers are cut to nothing and marked so; TCP works
        TRUNCATED,
        /// UDP answers are cut to nothing and marked so; TCP connections are closed at once
        TRUNCATED_FOR_EVER
    }

    private static final int LINKS_MAX = 8;
    private static final int MESSAGE_BYTES_MAX = 65_535;
    private static final int UDP_BYTES_MAX = 512; // without EDNS (RFC 1035 §4.2.1)
    private static final long TTL_SECONDS = 60;
    private static final int HOLD_SECONDS_MAX = 60;

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final Map<String, CopyOnWriteArrayList<Record>> table = new ConcurrentHashMap<>();
    private final Map<String, Fault> faults = new ConcurrentHashMap<>();
    private final List<Message> asked = new CopyOnWriteArrayList<>();
    private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();
    private final Map<String, UnaryOperator<Message>> twists = new ConcurrentHashMap<>();
    private final Map<String, Record> zones = new ConcurrentHashMap<>();
    private volatile long ttl = TTL_SECONDS;
    private volatile boolean authentic;

    private DnsServer(DatagramSocket udp, ServerSocket tcp) {
        this.udp = udp;
        this.tcp = tcp;
    }

    /// Starts one on a free port.
    public static DnsServer start() throws IOException {
        return start("127.0.0.1");
    }

    /// Starts one that listens elsewhere on this host, as where containers reach it.
    ///
    /// @param address of this host
    public static DnsServer start(String address) throws IOException {
        InetAddress here = InetAddress.getByName(address);
        IOException last = new IOException("no port free for both UDP and TCP");
        for (int attempt = 0; attempt < 20; attempt++) {
            DatagramSocket udp = new DatagramSocket(new InetSocketAddress(here, 0));
            try {
                DnsServer server = new DnsServer(udp, new ServerSocket(udp.getLocalPort(), 50, here));
                Thread.ofVirtual().start(server::serveUdp);
                Thread.ofVirtual().start(server::serveTcp);
                return server;
            } catch (IOException e) {
                udp.close();
                last = e;
            }
        }
        throw last;
    }

    /// Where it listens.
    public int port() {
        return udp.getLocalPort();
    }

    /// As `QRATE_DNS` wants it.
    public String hostAndPort() {
        return udp.getLocalAddress().getHostAddress() + ":" + port();
    }

    /// Adds a TXT record of any length, in strings of 200 bytes, as a zone has them.
    public DnsServer putText(String name, String text) {
        return put(name, "TXT", "\"" + text.replaceAll("(.{200})", "$1\" \"") + "\"");
    }

    /// Adds a record: `put("example.test", "MX", "10 mx.example.test.")`.
    public DnsServer put(String name, String type, String data) {
        try {
            Name owner = Name.fromString(name, Name.root);
            Record entry = Record.fromString(owner, Type.value(type), DClass.IN, ttl, data, Name.root);
            table.computeIfAbsent(key(owner), _ -> new CopyOnWriteArrayList<>()).addIfAbsent(entry);
            return this;
        } catch (IOException e) {
            throw new IllegalArgumentException(name + " " + type + " " + data, e);
        }
    }

    /// The TTL of what is put from now on; 60 before.
    public DnsServer ttl(long seconds) {
        ttl = seconds;
        return this;
    }

    /// A zone's SOA, which says with each absence below it how long that holds; without one none is said.
    public DnsServer zone(String name, long ttl, long minimum) {
        try {
            Name owner = Name.fromString(name, Name.root);
            zones.put(key(owner), new SOARecord(owner, DClass.IN, ttl, owner, owner, 1, 2, 3, 4, minimum));
            return this;
        } catch (IOException e) {
            throw new IllegalArgumentException(name, e);
        }
    }

    /// Says AD from now on to whoever asks for it, by AD or DO (RFC 6840 §5.7).
    public DnsServer validating() {
        authentic = true;
        return this;
    }

    /// Answers about this name wait until it is released.
    public DnsServer hold(String name) {
        held.put(name.toLowerCase(Locale.ROOT) + ".", new CountDownLatch(1));
        return this;
    }

    /// Lets the answers go that were held.
    public DnsServer release(String name) {
        CountDownLatch latch = held.remove(name.toLowerCase(Locale.ROOT) + ".");
        if (latch != null) {
            latch.countDown();
        }
        return this;
    }

    /// Changes each good answer about this name.
    public DnsServer twist(String name, UnaryOperator<Message> change) {
        twists.put(name.toLowerCase(Locale.ROOT) + ".", change);
        return this;
    }

    /// Takes back every record of a name.
    public DnsServer remove(String name) {
        table.remove(name.toLowerCase(Locale.ROOT) + ".");
        return this;
    }

    /// Misbehaves for a name from now on, or for every name if it is `*`.
    public DnsServer fault(String name, Fault fault) {
        faults.put(name.equals("*") ? "*" : name.toLowerCase(Locale.ROOT) + ".", fault);
        return this;
    }

    /// Behaves again.
    public DnsServer mend() {
        faults.clear();
        return this;
    }

    /// What was asked so far: `example.test. MX`.
    public List<String> questions() {
        return asked.stream()
                .map(m -> key(m.getQuestion().getName()) + " "
                        + Type.string(m.getQuestion().getType()))
                .toList();
    }

    /// The questions as they came.
    public List<Message> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }

    private void serveUdp() {
        byte[] buffer = new byte[MESSAGE_BYTES_MAX];
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                byte[] question = Arrays.copyOf(buffer, packet.getLength());
                SocketAddress from = packet.getSocketAddress();
                Thread.ofVirtual().start(() -> answerUdp(question, from));
            } catch (IOException _) {
                // closed, or a question that is none: the next one counts
            }
        }
    }

    private void answerUdp(byte[] question, SocketAddress from) {
        try {
            byte[] reply = reply(question, false);
            if (reply.length > 0) {
                udp.send(new DatagramPacket(reply, reply.length, from));
            }
        } catch (IOException _) {
            // closed, or a question that is none
        }
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try {
                Socket socket = tcp.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException _) {
                // closed: the loop ends
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            while (true) {
                byte[] question = new byte[in.readUnsignedShort()];
                in.readFully(question);
                byte[] reply = reply(question, true);
                if (reply.length == 0) {
                    return;
                }
                out.writeShort(reply.length);
                out.write(reply);
                out.flush();
            }
        } catch (IOException _) {
            // the client is done
        }
    }

    /// The reply, or nothing at all.
    private byte[] reply(byte[] wire, boolean overTcp) throws IOException {
        Message question = new Message(wire);
        Record asked = question.getQuestion();
        String name = key(asked.getName());
        this.asked.add(question);
        wait(held.get(name));
        Fault fault = faults.getOrDefault(name, faults.get("*"));
        if (fault == null) {
            Message good = twists.getOrDefault(name, UnaryOperator.identity()).apply(answer(question));
            OPTRecord edns = question.getOPT();
            int udpMax = edns == null ? UDP_BYTES_MAX : edns.getPayloadSize();
            return good.toWire(overTcp ? MESSAGE_BYTES_MAX : udpMax); // marks itself when it does not fit
        }
        return switch (fault) {
            case SILENCE -> new byte[0];
            case NONSENSE -> new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17};
            case FOREIGN -> {
                Record other = Record.newRecord(Name.fromString("other.test."), asked.getType(), DClass.IN);
                yield answer(Message.newQuery(other)).toWire();
            }
            case SERVFAIL -> failed(question, Rcode.SERVFAIL);
            case REFUSED -> failed(question, Rcode.REFUSED);
            case TRUNCATED -> overTcp ? answer(question).toWire() : truncated(question);
            case TRUNCATED_FOR_EVER -> overTcp ? new byte[0] : truncated(question);
        };
    }

    private Message answer(Message question) {
        Record asked = question.getQuestion();
        Message answer = headed(question, Rcode.NOERROR);
        OPTRecord edns = question.getOPT();
        boolean wanted =
                question.getHeader().getFlag(Flags.AD) || (edns != null && (edns.getFlags() & ExtendedFlags.DO) != 0);
        if (authentic && wanted) {
            answer.getHeader().setFlag(Flags.AD);
        }
        Name at = asked.getName();
        for (int link = 0; link <= LINKS_MAX; link++) {
            List<Record> entries = table.getOrDefault(key(at), new CopyOnWriteArrayList<>());
            if (entries.isEmpty()) {
                answer.getHeader().setRcode(Rcode.NXDOMAIN);
                return absent(answer, at);
            }
            List<Record> fitting =
                    entries.stream().filter(r -> r.getType() == asked.getType()).toList();
            fitting.forEach(r -> answer.addRecord(r, Section.ANSWER));
            List<Record> aliases =
                    entries.stream().filter(r -> r.getType() == Type.CNAME).toList();
            if (!fitting.isEmpty()) {
                return answer;
            }
            if (aliases.isEmpty()) {
                return absent(answer, at);
            }
            Record alias = aliases.getFirst();
            answer.addRecord(alias, Section.ANSWER);
            at = ((org.xbill.DNS.CNAMERecord) alias).getTarget();
        }
        return answer;
    }

    private Message absent(Message answer, Name at) {
        for (int labels = at.labels(); labels > 1; labels--) {
            Record soa = zones.get(key(new Name(at, at.labels() - labels)));
            if (soa != null) {
                answer.addRecord(soa, Section.AUTHORITY);
                return answer;
            }
        }
        return answer;
    }

    private static void wait(CountDownLatch latch) throws IOException {
        try {
            if (latch != null && !latch.await(HOLD_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new IOException("held for too long");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static byte[] failed(Message question, int rcode) {
        return headed(question, rcode).toWire();
    }

    private static byte[] truncated(Message question) {
        Message answer = headed(question, Rcode.NOERROR);
        answer.getHeader().setFlag(Flags.TC);
        return answer.toWire();
    }

    private static Message headed(Message question, int rcode) {
        Message answer = new Message(question.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setFlag(Flags.RD);
        answer.getHeader().setFlag(Flags.RA);
        answer.getHeader().setRcode(rcode);
        answer.addRecord(question.getQuestion(), Section.QUESTION);
        return answer;
    }

    private static String key(Name name) {
        return name.toString().toLowerCase(Locale.ROOT);
    }
}
