package qrate.smoketests;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// A mailbox made for one run by the admin service's REST API, and removed after it.
final class Throwaway implements AutoCloseable {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(30);
    private static final int SHOWN_CHARS_MAX = 200;

    private final HttpClient client;
    private final URI mailboxes;
    private final String root;
    private final String domain;
    private final String token;

    /// @param base where the admin service is: `http://127.0.0.1:8080`
    /// @param token of an administrator of the domain
    /// @param domain where the mailbox is to be
    Throwaway(URI base, String token, String domain, boolean insecure) {
        this.client = HttpClient.newBuilder()
                .connectTimeout(ANSWER_MAX)
                .sslContext(Tls.context(insecure))
                .build();
        this.root = base.toString().replaceFirst("/+$", "");
        this.mailboxes = URI.create(root + "/api/v1/domains/" + encoded(domain) + "/mailboxes");
        this.domain = domain;
        this.token = token;
    }

    /// Makes it.
    void make(String user, String password) throws IOException, InterruptedException {
        String json = "{\"address\":\"" + user + "@" + domain + "\",\"password\":\"" + password + "\"}";
        ask(HttpRequest.newBuilder(mailboxes)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    /// Removes it.
    void remove(String user) throws IOException, InterruptedException {
        ask(HttpRequest.newBuilder(URI.create(root + "/api/v1/mailboxes/" + encoded(user + "@" + domain)))
                .DELETE());
    }

    private void ask(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(
                request.timeout(ANSWER_MAX)
                        .header("Authorization", "Bearer " + token)
                        .header("Accept", "application/json")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            String body = answer.body();
            throw new IOException("admin says " + answer.statusCode() + ": "
                    + body.substring(0, Math.min(SHOWN_CHARS_MAX, body.length())));
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        client.close();
    }
}
