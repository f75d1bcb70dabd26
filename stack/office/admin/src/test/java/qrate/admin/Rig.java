package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import qrate.certificate.Report;
import qrate.core.Body;
import qrate.core.Control;
import qrate.core.Envelope;
import qrate.core.Figure;
import qrate.core.Log;
import qrate.core.State;
import qrate.core.Verdict;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.Passkey;
import qrate.directory.Password;
import qrate.directory.Settings;
import qrate.directory.Tokens;
import qrate.qcontrol.Channel;
import qrate.qcontrol.Quarantine;
import qrate.qcontrol.QueueControl;
import qrate.qcontrol.Trace;
import qrate.qcontrol.Whose;
import qrate.status.ServiceStatus;
import qrate.zone.PublishedZones;

/// A running service with a domain, three people and a queue of one message.
final class Rig implements AutoCloseable {
    /// A trusted proxy: who connects from there.
    static final String PROXY = "127.0.0.77";

    private static final String WHY = "<b>why</b>\nRemote host said: 552 5.2.2 over quota";

    static final String PASSWORD = "correct horse";

    final State state;
    final Domains domains;
    WhatIf whatIf = address -> new WhatIf.Fate(
            "delivered",
            "would be delivered: " + address,
            List.of(new WhatIf.Step("smtpd", 0, "250 ok"), new WhatIf.Step("local", 1, address)));
    final FakeQueue queue = new FakeQueue();
    Admin admin;
    private final HttpClient client =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();

    Rig(Path folder) throws IOException {
        state = new State(folder);
        Files.createDirectories(state.control());
        Files.createDirectories(state.db());
        domains = Domains.open(state, Settings.of(Map.of("QRATE_BCRYPT_COST", "4"), state), InstantSource.system());
        domains.apply(new Edit.AddDomain("example.test", new Password.Clear(PASSWORD)));
        domains.apply(new Edit.AddMailbox("ann@example.test", new Password.Clear(PASSWORD)));
        domains.apply(new Edit.AddDomain("other.test", new Password.Clear(PASSWORD)));
        domains.apply(new Edit.AddAdministrator("admin", new Password.Clear(PASSWORD)));
        admin = start();
    }

    private Admin.Parts parts() {
        return new Admin.Parts(
                domains,
                queue,
                new Admin.Links(this::known, this::follow),
                this::accept,
                proxy -> proxy.getHostAddress().equals(PROXY),
                () -> Report.of(state.tls(), new Control(state.control(), InstantSource.system())),
                new PublishedZones(
                        new Control(state.control(), InstantSource.system()),
                        state.tls(),
                        _ -> List.of(),
                        (rows, ours, made) -> looking.look(rows, ours, made),
                        InstantSource.system()),
                () -> problems,
                () -> List.of(new ServiceStatus(ServiceStatus.WHOLE, List.of(Figure.HEAP.of(42)))),
                address -> whatIf.of(address),
                Log.silent(),
                () -> Instant.now().plus(ahead));
    }

    private Admin start() throws IOException {
        return Admin.start(state, parts(), new InetSocketAddress("127.0.0.1", 0));
    }

    /// Stops the service and starts it again, on another port.
    void restart() throws IOException {
        admin.close();
        admin = start();
    }

    /// Every route that there is.
    List<Router.Route> routes() throws IOException {
        return Admin.router(state, parts(), post(), new Sessions(new byte[32], InstantSource.system()), new Metrics())
                .routes();
    }

    /// One that hands over nothing by itself.
    RecoveryPost post() {
        Admin.Parts parts = parts();
        Control control = new Control(state.control(), parts.clock());
        return new RecoveryPost(domains, control, parts.intake(), parts.clock(), parts.log());
    }

    /// What the other services say.
    volatile List<String> problems = List.of();

    /// How DNS is looked at.
    volatile PublishedZones.Looking looking = (_, _, _) -> List.of();

    private volatile Duration ahead = Duration.ZERO;

    /// Moves on until what was remembered of health and figures does not count any more.
    void later() {
        later(Duration.ofSeconds(3));
    }

    void later(Duration by) {
        ahead = ahead.plus(by);
    }

    /// Messages that lists got from pages: to whom, and what they say.
    final List<String> told = new CopyOnWriteArrayList<>();

    private Verdict accept(Envelope envelope, Body body) {
        if (queue.down) {
            return new Verdict.Later("the queue is full");
        }
        try (InputStream in = body.open()) {
            told.add(envelope.recipients().getFirst().address() + "\n" + new String(in.readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Verdict.Delivered("ok");
    }

    private boolean known(Map<String, String> query) {
        return query.getOrDefault("list", "").equals("team@example.test");
    }

    private Verdict follow(Map<String, String> query) {
        if (!known(query)) {
            return new Verdict.Never("");
        }
        if (queue.down) {
            return new Verdict.Later("the queue is full");
        }
        queue.asked.add("unsubscribe " + query.get("address") + " " + query.get("code"));
        return new Verdict.Delivered("");
    }

    String url() {
        return "http://127.0.0.1:" + admin.address().getPort();
    }

    String token(String name) throws IOException {
        return domains.tokens()
                .create(domains.accounts().principal(name).orElseThrow(), Tokens.Wish.usual("test"))
                .orElseThrow();
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    HttpResponse<String> api(String method, String path, String token, String body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        return send(token.isEmpty() ? request : request.header("Authorization", "Bearer " + token));
    }

    Browser browser() {
        return new Browser();
    }

    /// A passkey that nobody has.
    static Passkey passkey(String label) {
        return new Passkey(label, new Passkey.Credential("mail.example.test", "AQID", "BAUG"), "", 0);
    }

    /// A client that keeps its cookie and knows the token of the last page it saw.
    final class Browser {
        String cookie = "";
        String csrf = "";

        HttpResponse<String> get(String path) throws IOException {
            return seen(send(request(path).GET()));
        }

        HttpResponse<String> post(String path, Map<String, String> fields) throws IOException {
            String body = fields.entrySet().stream()
                    .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), UTF_8))
                    .collect(Collectors.joining("&", "csrf=" + csrf + (fields.isEmpty() ? "" : "&"), ""));
            return seen(send(request(path)
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(body))));
        }

        /// Reads a page that asks, and says yes to it.
        HttpResponse<String> agree(String path) throws IOException {
            HttpResponse<String> page = get(path);
            assertEquals(200, page.statusCode(), page.body());
            Map<String, String> fields = hidden(page.body());
            Matcher typed = Pattern.compile("<label>Type (\\S+) to go on").matcher(page.body());
            if (typed.find()) {
                fields.put("typed", typed.group(1));
            }
            int query = path.indexOf('?');
            return post(query < 0 ? path : path.substring(0, query), fields);
        }

        private static Map<String, String> hidden(String page) {
            Map<String, String> fields = new HashMap<>();
            Matcher hidden = Pattern.compile("type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")
                    .matcher(page);
            while (hidden.find()) {
                fields.put(hidden.group(1), hidden.group(2));
            }
            fields.remove("csrf");
            return fields;
        }

        /// With a recovery code beside the password.
        Browser signIn(String login, String code) throws IOException {
            get("/sign-in");
            Map<String, String> fields = hidden(post("/sign-in", Map.of("login", login, "password", PASSWORD))
                    .body());
            fields.put("code", code);
            post("/sign-in/code", fields);
            get("/account");
            return this;
        }

        Browser signIn(String login) throws IOException {
            get("/sign-in");
            post("/sign-in", Map.of("login", login, "password", PASSWORD));
            get("/account");
            return this;
        }

        private HttpRequest.Builder request(String path) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url() + path));
            return cookie.isEmpty() ? request : request.header("Cookie", cookie);
        }

        private HttpResponse<String> seen(HttpResponse<String> response) {
            response.headers().firstValue("Set-Cookie").ifPresent(c -> cookie = c.substring(0, c.indexOf(';')));
            Matcher token = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"").matcher(response.body());
            if (token.find()) {
                csrf = token.group(1);
            }
            return response;
        }
    }

    @Override
    public void close() throws IOException {
        admin.close();
        domains.close();
        client.close();
    }

    /// A queue that notes what is asked of it.
    static final class FakeQueue implements QueueControl {
        final List<String> asked = new CopyOnWriteArrayList<>();
        final List<Sender> senders = new CopyOnWriteArrayList<>(List.of(new Sender(
                "postmaster@example.test",
                Freedom.STOPPED,
                Instant.EPOCH,
                "more than <b>5</b> recipients that failed in an hour",
                3,
                List.of(
                        new Use("messages", 9, 10),
                        new Use("recipients", 9, 10),
                        new Use("bounces", 6, 5),
                        new Use("networks", 1, 30)))));
        final List<RefusedDomain> refused = new CopyOnWriteArrayList<>();
        volatile boolean down;
        volatile boolean bug;
        volatile boolean empty;
        volatile Instant born = Instant.EPOCH;
        volatile long messages = 1;

        private void up() throws IOException {
            if (bug) {
                throw new IllegalStateException("a bug");
            }
            if (down) {
                throw new IOException("send does not answer");
            }
        }

        @Override
        public List<RefusedDomain> refusedDomains() throws IOException {
            up();
            return List.copyOf(refused);
        }

        @Override
        public Stat stat() throws IOException {
            up();
            return new Stat(messages, 0, 10, 1, 20);
        }

        @Override
        public List<Item> list(int limit, long after) throws IOException {
            up();
            return empty
                    ? List.of()
                    : Stream.concat(Stream.of(usual()), others.stream())
                            .filter(item -> item.id() > after)
                            .limit(limit)
                            .toList();
        }

        final List<Trace.Query> traced = new CopyOnWriteArrayList<>();

        @Override
        public Trace trace() {
            return query -> {
                up();
                traced.add(query);
                boolean theirs = query.whose().means("ann@example.test");
                return empty || !theirs
                        ? new Trace.Part(List.of(), 0)
                        : new Trace.Part(List.of(TracePagesTest.HOSTILE), 6);
            };
        }

        /// Messages beside the one that is always there.
        final List<Item> others = new CopyOnWriteArrayList<>();

        private Item usual() {
            return new Item(
                    7,
                    born,
                    "<script>alert(1)</script>@evil.test",
                    1234,
                    Instant.EPOCH,
                    false,
                    List.of(new Line("\"onmouseover=x\"@x.test", Channel.REMOTE, Progress.PENDING, WHY)));
        }

        @Override
        public void retryAll() throws IOException {
            up();
            asked.add("retry all");
        }

        @Override
        public boolean retry(long id) {
            asked.add("retry " + id);
            return id == 7;
        }

        @Override
        public boolean hold(long id, boolean held) {
            asked.add((held ? "hold " : "release ") + id);
            return id == 7;
        }

        @Override
        public List<Sender> senders() {
            return senders;
        }

        @Override
        public boolean letSend(String login) {
            asked.add("let " + login);
            return senders.removeIf(sender -> sender.login().equals(login));
        }

        /// What was put aside: one message for ann, with scripts in all that a stranger writes, and one for bob.
        final List<Quarantine.Kept> kept = new CopyOnWriteArrayList<>(
                List.of(aside(7, "ann@example.test"), aside(8, "bob@alias.test"), aside(9, "sales@example.test")));

        static Quarantine.Kept aside(long id, String recipient) {
            String evil = "canary <script>alert(1)</script>";
            return new Quarantine.Kept(
                    id,
                    new Quarantine.Stay(Instant.EPOCH.plusSeconds(id), id == 9 ? 0 : 30),
                    "<script>@evil.test",
                    1234,
                    evil + " example.test",
                    new Quarantine.About(evil, evil, evil, evil),
                    List.of(
                            "mx.example.test; dmarc=fail reason=\"" + evil
                                    + "\" header.from=\"<b>.test\" policy.dmarc=quarantine",
                            "elsewhere.test; spf=pass smtp.mailfrom=forged.test"),
                    List.of(recipient));
        }

        @Override
        public Quarantine quarantine() {
            return new Quarantine() {
                @Override
                public Part list(Whose whose, int limit, long before) throws IOException {
                    up();
                    List<Kept> found = kept.stream()
                            .filter(one -> whose.means(one.recipients().getFirst()))
                            .filter(one -> before == 0 || one.id() < before)
                            .sorted(Comparator.comparingLong(Kept::id).reversed())
                            .toList();
                    List<Kept> part = found.subList(0, Math.min(limit, found.size()));
                    return new Part(
                            part, part.size() < found.size() ? part.getLast().id() : 0);
                }

                @Override
                public boolean letOut(Whose whose, long id) {
                    return end("let out ", whose, id);
                }

                @Override
                public boolean delete(Whose whose, long id) {
                    return end("discard ", whose, id);
                }

                private boolean end(String verb, Whose whose, long id) {
                    return kept.stream()
                            .filter(one -> one.id() == id
                                    && whose.means(one.recipients().getFirst()))
                            .peek(one -> asked.add(verb + id + " " + one.recipients()))
                            .toList()
                            .stream()
                            .anyMatch(kept::remove);
                }
            };
        }

        @Override
        public long freeze(Freeze what) {
            return 7;
        }

        @Override
        public boolean bounce(long id) {
            asked.add("bounce " + id);
            return id == 7;
        }

        @Override
        public boolean drop(long id) {
            asked.add("drop " + id);
            return id == 7;
        }
    }
}
