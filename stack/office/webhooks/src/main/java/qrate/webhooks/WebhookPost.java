package qrate.webhooks;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import qrate.core.Reasons;

/// Brings a message to its place.
@FunctionalInterface
interface WebhookPost {
    /// How long it may take, the connection and all.
    Duration POST_MAX = Duration.ofSeconds(10);

    /// @return the status of the answer; its body is not read
    /// @throws IOException when there is none in time
    int post(URI url, Map<String, String> headers, String body) throws IOException, InterruptedException;

    /// By HTTP/1.1 and TLS, to whoever the certificates of the system vouch for; nobody is followed elsewhere.
    static WebhookPost byHttp() {
        return (url, headers, body) -> {
            try (HttpClient client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(POST_MAX)
                    .build()) {
                HttpRequest.Builder request =
                        HttpRequest.newBuilder(url).timeout(POST_MAX).POST(HttpRequest.BodyPublishers.ofString(body));
                headers.forEach(request::header);
                // ends with the header of the answer: a body may have no end
                CompletableFuture<HttpResponse<InputStream>> answer =
                        client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream());
                try {
                    return answer.get(POST_MAX.toMillis(), TimeUnit.MILLISECONDS)
                            .statusCode();
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof IOException cause
                            ? new IOException(Reasons.of(cause), cause)
                            : new IOException(String.valueOf(e.getCause()), e);
                } catch (TimeoutException e) {
                    throw new IOException("no answer within " + POST_MAX.toSeconds() + " seconds", e);
                } finally {
                    client.shutdownNow();
                }
            }
        };
    }
}
