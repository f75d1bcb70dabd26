package qrate.remote;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import qrate.core.Body;
import qrate.core.Control;
import qrate.core.Log;
import qrate.core.Recipient;
import qrate.core.Spawner;
import qrate.core.Verdict;
import qrate.dns.DnsClient;
import qrate.remote.routes.OwnHosts;
import qrate.remote.routes.TimeoutTable;
import qrate.remote.session.Connector;
import qrate.remote.tls.Authorities;
import qrate.testkit.DnsServer;

/// A rspawn with its own DNS and control files, and a network on which 192.0.2.0/24 leads to fake servers.
final class Rig implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    static final Limits LIMITS = new Limits(
            50,
            Duration.ofMillis(500),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            PATIENCE);
    private static final int ANSWER_SECONDS_MAX = 60;

    final DnsServer dns = DnsServer.start();
    final Path control;
    final AtomicLong now = new AtomicLong(1_764_000_000_000L);
    final List<String> dialled = new CopyOnWriteArrayList<>();
    final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final Map<String, Integer> network = new ConcurrentHashMap<>();
    final Surroundings surroundings;
    final RemoteSpawner spawner;

    Rig(Path control) throws IOException {
        this(control, LIMITS, DnsClient.TRY_MAX);
    }

    /// @param dnsWait for one question
    Rig(Path control, Limits limits, Duration dnsWait) throws IOException {
        this(control, limits, dnsWait, Authorities.ofTheJdk(), Surroundings.Signer.NONE);
    }

    /// One that signs.
    Rig(Path control, Surroundings.Signer signing) throws IOException {
        this(control, LIMITS, DnsClient.TRY_MAX, Authorities.ofTheJdk(), signing);
    }

    /// One that believes these authorities.
    Rig(Path control, Authorities authorities) throws IOException {
        this(control, LIMITS, DnsClient.TRY_MAX, authorities, Surroundings.Signer.NONE);
    }

    private Rig(Path control, Limits limits, Duration dnsWait, Authorities authorities, Surroundings.Signer signing)
            throws IOException {
        this.control = control;
        control("me", "client.test");
        InstantSource clock = () -> Instant.ofEpochMilli(now.get());
        Control files = new Control(control, InstantSource.system());
        surroundings = new Surroundings(
                files,
                new DnsClient(() -> List.of(new InetSocketAddress("127.0.0.1", dns.port())), dnsWait),
                (server, wait) -> {
                    String address = server.getAddress().getHostAddress();
                    dialled.add(address + ":" + server.getPort());
                    Integer port = network.get(address);
                    if (port == null) {
                        throw new ConnectException("refused");
                    }
                    if (port == 0) {
                        throw new SocketTimeoutException("nobody there");
                    }
                    return Connector.direct().connect(new InetSocketAddress("127.0.0.1", port), wait);
                },
                OwnHosts.of(files, address -> false),
                clock,
                new Random(7),
                new Log(new PrintStream(log, true, StandardCharsets.UTF_8), Log.Stamp.NONE, clock),
                new TimeoutTable(control.resolve("tcpto")),
                authorities,
                signing);
        spawner = new RemoteSpawner(surroundings, limits);
    }

    Rig control(String name, String text) throws IOException {
        Files.writeString(control.resolve(name), text + "\n");
        return this;
    }

    /// An address of the test network leads to this port; 0 to nobody who answers.
    Rig at(String address, int port) {
        network.put(address, port);
        return this;
    }

    /// The usual domain: there.test, one exchanger, at 192.0.2.1.
    Rig there(FakeSmtp server) {
        dns.put("there.test", "MX", "10 mx.there.test.").put("mx.there.test", "A", "192.0.2.1");
        return at("192.0.2.1", server.port());
    }

    /// One message to one recipient at there.test.
    Verdict send() throws Exception {
        return send("me@client.test", "you@there.test").getFirst();
    }

    List<Verdict> send(String sender, String... recipients) throws Exception {
        return send(sender, "", Body.of("Subject: hello\n\nworld\n".getBytes(StandardCharsets.UTF_8)), recipients);
    }

    List<Verdict> send(String sender, String parameters, Body body, String... recipients) throws Exception {
        List<Recipient> all = new ArrayList<>();
        for (String recipient : recipients) {
            int blank = recipient.indexOf(' ');
            all.add(
                    blank < 0
                            ? Recipient.of(recipient)
                            : new Recipient(recipient.substring(0, blank), recipient.substring(blank + 1)));
        }
        return wait(start(sender, parameters, body, all));
    }

    /// Starts a job; the future ends once every delivery was answered, and fails if one is answered twice.
    CompletableFuture<List<Verdict>> start(String sender, String parameters, Body body, List<Recipient> recipients) {
        List<Spawner.Delivery> deliveries = new ArrayList<>();
        for (int i = 0; i < recipients.size(); i++) {
            deliveries.add(new Spawner.Delivery(i, recipients.get(i)));
        }
        String address = recipients.getFirst().address();
        String host = address.substring(address.lastIndexOf('@') + 1);
        CompletableFuture<List<Verdict>> done = new CompletableFuture<>();
        Map<Integer, Verdict> answers = new TreeMap<>();
        Spawner.Job job =
                new Spawner.Job(1, Instant.ofEpochMilli(now.get()), sender, parameters, body, host, deliveries);
        spawner.start(job, (number, verdict) -> {
            synchronized (answers) {
                if (answers.put(number, verdict) != null) {
                    done.completeExceptionally(new AssertionError("answered twice: " + number));
                }
                if (answers.size() == deliveries.size()) {
                    done.complete(List.copyOf(answers.values()));
                }
            }
        });
        return done;
    }

    static List<Verdict> wait(CompletableFuture<List<Verdict>> job) throws Exception {
        return job.get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
    }

    String logged() {
        return log.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        spawner.close();
        dns.close();
    }
}
