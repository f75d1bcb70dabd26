package qrate.vpopmail;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The directory by the admin service's REST API, for commands that run while it has the database open.
///
/// The JDK's older client: a command that asks by `java.net.http` starts in four times the time.
public final class RemoteVpopmail implements Vpopmail {
    private static final int CONNECT_MILLIS_MAX = 5000;
    private static final int ANSWER_MILLIS_MAX = 30_000;
    private static final int ANSWER_BYTES_MAX = 64 << 20;
    private static final int FAILED = 400;

    private static final String DOMAINS = "domains";

    private final URI api;
    private final String token;

    private record Response(int status, byte[] body) {}

    /// @param url of the admin service: `http://127.0.0.1:8080`
    /// @param token that says who asks
    public RemoteVpopmail(String url, String token) {
        this.api = URI.create(url.endsWith("/") ? url : url + "/").resolve("api/v1/");
        this.token = token;
    }

    private Response send(String method, String path, Map<String, Object> body) throws IOException {
        if (!(api.resolve(path).toURL().openConnection() instanceof HttpURLConnection request)) {
            throw new IOException("admin: " + api + " is not an address of HTTP");
        }
        request.setRequestMethod(method);
        request.setConnectTimeout(CONNECT_MILLIS_MAX);
        request.setReadTimeout(ANSWER_MILLIS_MAX);
        request.setInstanceFollowRedirects(false);
        request.setRequestProperty("Authorization", "Bearer " + token);
        if (!body.isEmpty()) {
            byte[] json = Json.write(body).getBytes(UTF_8);
            request.setRequestProperty("Content-Type", "application/json");
            request.setDoOutput(true);
            request.setFixedLengthStreamingMode(json.length); // else it would be sent twice where no answer comes
            try (OutputStream out = request.getOutputStream()) {
                out.write(json);
            }
        }
        int status = request.getResponseCode();
        try (InputStream in = status < FAILED ? request.getInputStream() : request.getErrorStream()) {
            byte[] bytes = in == null ? new byte[0] : in.readNBytes(ANSWER_BYTES_MAX + 1);
            if (bytes.length > ANSWER_BYTES_MAX) {
                throw new IOException("admin: an answer of more than " + ANSWER_BYTES_MAX + " bytes");
            }
            return new Response(status, bytes);
        }
    }

    private Change change(String method, String path, Map<String, Object> body) throws IOException {
        Response response = send(method, path, body);
        if (response.status() / 100 == 2) {
            return new Change.Done();
        }
        Map<String, Object> problem = problem(response);
        try {
            return Change.refuse(Change.Reason.valueOf(Json.text(problem, "error", "")), Json.text(problem, "why", ""));
        } catch (IllegalArgumentException e) {
            throw new IOException("admin: " + response.status() + " " + Json.text(problem, "why", ""), e);
        }
    }

    private static Map<String, Object> problem(Response response) throws IOException {
        try {
            return Json.object(response.body());
        } catch (IOException e) {
            throw new IOException("admin: answered " + response.status(), e);
        }
    }

    private List<Map<String, Object>> list(String path) throws IOException {
        Response response = send("GET", path, Map.of());
        if (response.status() == 404) {
            return List.of();
        }
        if (response.status() != 200) {
            throw new IOException("admin: " + response.status() + " " + Json.text(problem(response), "why", ""));
        }
        if (!(Json.value(response.body()) instanceof List<?> items)) {
            throw new IOException("admin: not a list");
        }
        List<Map<String, Object>> all = new ArrayList<>();
        for (Object item : items) {
            all.add(Json.asObject(item));
        }
        return all;
    }

    private static String in(String domain, String... more) {
        return DOMAINS + "/" + encode(domain) + (more.length == 0 ? "" : "/" + more[0]);
    }

    private static String box(String address) {
        return "mailboxes/" + encode(address);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    private static Map<String, Object> with(Map<String, Object> shape, String name, String value) {
        Map<String, Object> more = new LinkedHashMap<>(shape);
        more.put(name, value);
        return more;
    }

    @Override
    public Change addDomain(String domain, Password postmaster) throws IOException {
        return change("POST", DOMAINS, with(Shapes.of(postmaster), "name", domain));
    }

    @Override
    public Change deleteDomain(String domain) throws IOException {
        return change("DELETE", in(domain), Map.of());
    }

    @Override
    public Change addAliasDomain(AliasDomain alias) throws IOException {
        return change("POST", DOMAINS, Map.of("name", alias.alias(), "aliasOf", alias.domain()));
    }

    @Override
    public Change setCatchAll(String domain, String target) throws IOException {
        return change("PUT", in(domain), Map.of("catchAll", target));
    }

    @Override
    public Change setLimits(String domain, Limits limits) throws IOException {
        return change("PUT", in(domain, "limits"), Shapes.of(limits));
    }

    @Override
    public Change addMailbox(String address, Password password) throws IOException {
        String domain = address.substring(address.lastIndexOf('@') + 1);
        return change("POST", in(domain, "mailboxes"), with(Shapes.of(password), "address", address));
    }

    @Override
    public Change deleteMailbox(String address) throws IOException {
        return change("DELETE", box(address), Map.of());
    }

    @Override
    public Change setPassword(String address, Password password) throws IOException {
        return change("PUT", box(address) + "/password", Shapes.of(password));
    }

    @Override
    public Change modify(Mailbox mailbox) throws IOException {
        return change("PUT", box(mailbox.address()), Shapes.of(mailbox));
    }

    @Override
    public Change addAlias(Alias alias) throws IOException {
        String domain = alias.address().substring(alias.address().lastIndexOf('@') + 1);
        return change("POST", in(domain, "aliases"), Shapes.of(alias));
    }

    @Override
    public Change deleteAlias(Alias alias) throws IOException {
        String domain = alias.address().substring(alias.address().lastIndexOf('@') + 1);
        String query = "?address=" + encode(alias.address()) + "&target=" + encode(alias.target());
        return change("DELETE", in(domain, "aliases") + query, Map.of());
    }

    @Override
    public List<Domain> domains() throws IOException {
        List<Domain> all = new ArrayList<>();
        for (Map<String, Object> shape : list(DOMAINS)) {
            all.add(Shapes.domain(shape));
        }
        return all;
    }

    @Override
    public Optional<Domain> domain(String domain) throws IOException {
        Optional<Map<String, Object>> shape = find(in(domain));
        return shape.isEmpty() ? Optional.empty() : Optional.of(Shapes.domain(shape.get()));
    }

    @Override
    public List<Mailbox> mailboxes(String domain) throws IOException {
        List<Mailbox> all = new ArrayList<>();
        for (Map<String, Object> shape : list(in(domain, "mailboxes"))) {
            all.add(Shapes.mailbox(shape));
        }
        return all;
    }

    @Override
    public Optional<Mailbox> mailbox(String address) throws IOException {
        Optional<Map<String, Object>> shape = find(box(address));
        return shape.isEmpty() ? Optional.empty() : Optional.of(Shapes.mailbox(shape.get()));
    }

    @Override
    public List<Alias> aliases(String domain) throws IOException {
        List<Alias> all = new ArrayList<>();
        for (Map<String, Object> shape : list(in(domain, "aliases"))) {
            all.add(Shapes.alias(shape));
        }
        return all;
    }

    private Optional<Map<String, Object>> find(String path) throws IOException {
        Response response = send("GET", path, Map.of());
        if (response.status() == 404) {
            return Optional.empty();
        }
        if (response.status() != 200) {
            throw new IOException("admin: answered " + response.status());
        }
        return Optional.of(Json.object(response.body()));
    }

    /// Whether an admin service answers there.
    public boolean answers() {
        try {
            return send("GET", DOMAINS, Map.of()).status() == 200;
        } catch (IOException _) {
            // nobody there: the caller opens the database itself
            return false;
        }
    }

    @Override
    public void close() {
        // each request is whole by itself
    }
}
