package qrate.zone;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Asks for a domain's policy on TLS as others do (RFC 8461 §3.3): by HTTPS, with a certificate that is believed,
/// without following anybody elsewhere.
@FunctionalInterface
public interface StsFetch {
    /// Longest policy that is read, in bytes (RFC 8461 §3.3: 64,000 or so).
    int POLICY_BYTES_MAX = 64_000;

    /// How long it may take.
    Duration FETCH_MAX = Duration.ofSeconds(10);

    /// Compares what is served with what should be.
    ///
    /// @param domain in ASCII
    RowSeen look(String domain, OwnStsPolicy wanted) throws InterruptedException;

    /// The real one.
    static StsFetch byHttps() {
        return (domain, wanted) -> {
            URI place = URI.create("https://" + OwnStsPolicy.HOST_PREFIX + domain + OwnStsPolicy.PATH);
            try (HttpClient client = HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(FETCH_MAX)
                    .build()) {
                CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(
                        HttpRequest.newBuilder(place).timeout(FETCH_MAX).build(),
                        HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), POLICY_BYTES_MAX));
                try {
                    HttpResponse<byte[]> response = answer.get(FETCH_MAX.toMillis(), TimeUnit.MILLISECONDS);
                    return of(response.statusCode(), response.body(), wanted);
                } finally {
                    client.shutdownNow();
                }
            } catch (ExecutionException e) {
                return RowSeen.wrong(List.of(), place + " is not answered: " + reason(e));
            } catch (TimeoutException _) {
                return RowSeen.wrong(
                        List.of(), place + " is not answered within " + FETCH_MAX.toSeconds() + " seconds");
            }
        };
    }

    /// Where there is no way out to anybody's web server.
    static StsFetch none() {
        return (_, _) -> RowSeen.unknown("there is no way from here to see whether the policy is served");
    }

    /// What an answer says.
    static RowSeen of(int status, byte[] body, OwnStsPolicy wanted) {
        if (status != 200) {
            return RowSeen.wrong(List.of(), "the policy's server answers " + status);
        }
        String served = new String(body, US_ASCII).replace("\r", "").strip();
        return served.equals(wanted.text().replace("\r", "").strip())
                ? RowSeen.right(List.of("the policy"))
                : RowSeen.wrong(List.of(), "another policy is served than control/mtasts and control/me say");
    }

    private static String reason(ExecutionException e) {
        Throwable last = e.getCause();
        while (last.getCause() != null) {
            last = last.getCause();
        }
        return last.getMessage() == null ? last.getClass().getSimpleName() : last.getMessage();
    }
}
