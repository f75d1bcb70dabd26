package qrate.reports;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// Posts reports on TLS (RFC 8460 §5.4).
@FunctionalInterface
public interface WebPost {
    /// How long it may take.
    Duration POST_MAX = Duration.ofSeconds(30);

    /// Hands a report over.
    ///
    /// @param packed by gzip
    /// @throws IOException when it was not taken
    void post(URI place, byte[] packed) throws IOException;

    /// The real one: a certificate must be believed, so that nobody inside is meant; nobody is followed elsewhere, and
    /// what is answered is not read.
    static WebPost byHttps() {
        return (place, packed) -> {
            HttpRequest request = HttpRequest.newBuilder(place)
                    .timeout(POST_MAX)
                    .header("Content-Type", "application/tlsrpt+gzip")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(packed))
                    .build();
            HttpClient client = HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(POST_MAX)
                    .build();
            try {
                int status = client.send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode();
                if (status / 100 != 2) {
                    throw new IOException("it answers " + status);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("stopped", e);
            } finally {
                client.shutdownNow();
            }
        };
    }
}
