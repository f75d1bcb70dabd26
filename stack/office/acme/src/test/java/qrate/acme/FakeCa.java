package qrate.acme;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/// A CA on loopback that can misbehave at each step. It believes every signature; names it looks up by HTTP
/// like a real one, on the port of the test.
final class FakeCa implements AutoCloseable {
    /// What it does in an answer's place.
    @FunctionalInterface
    interface Misbehaviour {
        void answer(HttpExchange exchange) throws IOException;
    }

    /// What it issues for a request.
    @FunctionalInterface
    interface Issuing {
        X509Certificate[] issue(PublicKey key, List<String> names) throws Exception;
    }

    private static final Pattern PAYLOAD = Pattern.compile("\"payload\":\"([^\"]*)\"");
    private static final Pattern VALUE = Pattern.compile("\"value\":\"([^\"]*)\"");
    private static final Pattern CSR = Pattern.compile("\"csr\":\"([^\"]*)\"");
    private static final Pattern EAB = Pattern.compile("externalAccountBinding");

    final Issuer issuer = new Issuer();
    final Map<String, Misbehaviour> misbehaviours = new ConcurrentHashMap<>();
    final List<String> asked = new CopyOnWriteArrayList<>();
    final CountDownLatch closing = new CountDownLatch(1);
    final AtomicInteger orders = new AtomicInteger();
    volatile Issuing issuing = (key, names) -> new X509Certificate[] {
        issuer.sign(key, names, Instant.now().minusSeconds(60), Instant.now().plus(Duration.ofDays(90))), issuer.own()
    };
    volatile int httpPort;
    volatile String window = "";
    volatile boolean accountKnown;
    volatile boolean bindingWanted;
    private final HttpServer server;
    private final Map<Integer, List<String>> names = new ConcurrentHashMap<>();
    private final Map<Integer, String> issued = new ConcurrentHashMap<>();
    private final Map<String, String> states = new ConcurrentHashMap<>();

    FakeCa() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
    }

    URI directory() {
        return URI.create(base() + "/directory");
    }

    private String base() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /// Says nothing until the test ends.
    void hang(HttpExchange exchange) throws IOException {
        try {
            closing.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        exchange.close();
    }

    /// Says something without an end.
    static void endless(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        byte[] some = "[[[[[[[[".repeat(1000).getBytes(UTF_8);
        for (int i = 0; i < 10_000; i++) {
            exchange.getResponseBody().write(some);
        }
        exchange.close();
    }

    static Misbehaviour saying(int status, String type, String body, String... fields) {
        return exchange -> {
            for (int i = 0; i < fields.length; i += 2) {
                exchange.getResponseHeaders().add(fields[i], fields[i + 1]);
            }
            reply(exchange, status, type, body);
        };
    }

    private static void reply(HttpExchange exchange, int status, String type, String body) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", type);
        if (!exchange.getRequestMethod().equals("GET")) {
            exchange.getResponseHeaders().add("Replay-Nonce", "bm9uY2U");
        }
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(
                status, bytes.length == 0 || exchange.getRequestMethod().equals("HEAD") ? -1 : bytes.length);
        if (!exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private void serve(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String step = path.split("/", -1)[1];
        asked.add(step);
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        Misbehaviour misbehaviour = misbehaviours.get(step);
        if (misbehaviour != null) {
            misbehaviour.answer(exchange);
            return;
        }
        String payload = group(PAYLOAD, body)
                .map(text -> new String(Base64.getUrlDecoder().decode(text), UTF_8))
                .orElse("");
        try {
            step(exchange, step, path, payload);
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            reply(exchange, 500, "text/plain", e.toString());
        }
    }

    private static Optional<String> group(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }

    private void step(HttpExchange exchange, String step, String path, String payload) throws Exception {
        String json = "application/json";
        switch (step) {
            case "directory" ->
                reply(exchange, 200, json, """
                    {"newNonce":"%1$s/nonce","newAccount":"%1$s/account","newOrder":"%1$s/new","revokeCert":"%1$s/revoke",\
                    %2$s"meta":{"externalAccountRequired":%3$s}}""".formatted(
                        base(), window.isEmpty() ? "" : "\"renewalInfo\":\"" + base() + "/renewal\",", bindingWanted));
            case "nonce" -> reply(exchange, 200, json, "");
            case "account" -> account(exchange, payload);
            case "new" -> {
                List<String> wanted = new ArrayList<>();
                VALUE.matcher(payload).results().forEach(found -> wanted.add(found.group(1)));
                int id = orders.incrementAndGet();
                names.put(id, wanted);
                order(exchange, id, 201);
            }
            case "order" -> order(exchange, id(path), 200);
            case "authz" -> authorization(exchange, id(path), index(path));
            case "chall" -> {
                states.put(id(path) + "/" + index(path), believed(index(path)));
                reply(exchange, 200, json, challenge(id(path), index(path)));
            }
            case "finalize" -> {
                PKCS10CertificationRequest csr = new PKCS10CertificationRequest(
                        Base64.getUrlDecoder().decode(group(CSR, payload).orElseThrow()));
                issued.put(
                        id(path),
                        Issuer.pem(issuing.issue(
                                new JcaPKCS10CertificationRequest(csr).getPublicKey(), names.get(id(path)))));
                order(exchange, id(path), 200);
            }
            case "cert" -> reply(exchange, 200, "application/pem-certificate-chain", issued.get(id(path)));
            case "renewal" -> {
                exchange.getResponseHeaders().add("Retry-After", "21600");
                reply(exchange, 200, json, "{\"suggestedWindow\":" + window + "}");
            }
            default -> reply(exchange, 404, "text/plain", "nothing");
        }
    }

    private void account(HttpExchange exchange, String payload) throws IOException {
        if (!accountKnown && payload.contains("onlyReturnExisting")) {
            reply(
                    exchange,
                    400,
                    "application/problem+json",
                    "{\"type\":\"urn:ietf:params:acme:error:accountDoesNotExist\",\"detail\":\"none\"}");
            return;
        }
        if (bindingWanted && !accountKnown && !EAB.matcher(payload).find()) {
            reply(
                    exchange,
                    403,
                    "application/problem+json",
                    "{\"type\":\"urn:ietf:params:acme:error:externalAccountRequired\",\"detail\":\"bind it\"}");
            return;
        }
        accountKnown = true;
        exchange.getResponseHeaders().add("Location", base() + "/acct/1");
        reply(exchange, 200, "application/json", "{\"status\":\"valid\"}");
    }

    private static int id(String path) {
        return Integer.parseInt(path.split("/", -1)[2]);
    }

    private static int index(String path) {
        return Integer.parseInt(path.split("/", -1)[3]);
    }

    private void order(HttpExchange exchange, int id, int status) throws IOException {
        List<String> wanted = names.get(id);
        List<String> authorizations = new ArrayList<>();
        List<String> identifiers = new ArrayList<>();
        boolean ready = true;
        for (int i = 0; i < wanted.size(); i++) {
            authorizations.add("\"" + base() + "/authz/" + id + "/" + i + "\"");
            identifiers.add("{\"type\":\"dns\",\"value\":\"" + wanted.get(i) + "\"}");
            ready &= "valid".equals(states.get(id + "/" + i));
        }
        String state = issued.containsKey(id) ? "valid" : ready ? "ready" : "pending";
        exchange.getResponseHeaders().add("Location", base() + "/order/" + id);
        reply(exchange, status, "application/json", """
                {"status":"%s","identifiers":[%s],"authorizations":[%s],"finalize":"%s/finalize/%d"%s}""".formatted(
                        state,
                        String.join(",", identifiers),
                        String.join(",", authorizations),
                        base(),
                        id,
                        issued.containsKey(id) ? ",\"certificate\":\"" + base() + "/cert/" + id + "\"" : ""));
    }

    private void authorization(HttpExchange exchange, int id, int index) throws IOException {
        String state = states.getOrDefault(id + "/" + index, "pending");
        reply(exchange, 200, "application/json", """
                {"status":"%s","identifier":{"type":"dns","value":"%s"},"challenges":[%s]}""".formatted(
                        state, names.get(id).get(index), challenge(id, index)));
    }

    private String challenge(int id, int index) {
        String state = states.getOrDefault(id + "/" + index, "pending");
        String error = state.equals("invalid")
                ? ",\"error\":{\"type\":\"urn:ietf:params:acme:error:connection\",\"detail\":\"nobody there\"}"
                : "";
        return """
                {"type":"http-01","url":"%s/chall/%d/%d","token":"dG9rZW4%d","status":"%s"%s}""".formatted(base(), id, index, index, state, error);
    }

    /// Looks at the name's port like a real CA, whose DNS has all names here.
    private String believed(int index) {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://127.0.0.1:" + httpPort + "/.well-known/acme-challenge/dG9rZW4" + index)
                            .toURL()
                            .openConnection();
            String found = new String(connection.getInputStream().readAllBytes(), UTF_8);
            return found.startsWith("dG9rZW4" + index + ".") ? "valid" : "invalid";
        } catch (IOException _) {
            return "invalid";
        }
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
    }
}
