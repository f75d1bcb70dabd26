package qrate.acme;

import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;

/// An HTTP client whose answers are bounded in bytes and time as a whole: the library above reads whatever
/// comes for as long as it comes. It also remembers when the server wants to be asked again (`Retry-After`,
/// RFC 9110 §10.2.3), which the library forgets for answers that are no problem document.
final class Bounded extends HttpClient {
    /// Largest answer, in bytes: a chain of certificates has some 10,000.
    static final int ANSWER_BYTES_MAX = 256 << 10;

    /// How long one answer may take from the connection to its last byte.
    static final Duration ANSWER_MAX = Duration.ofSeconds(30);

    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;

    private final HttpClient client;
    private final Duration limit;
    private final InstantSource clock;
    private volatile Optional<Instant> retryAfter = Optional.empty();

    Bounded(HttpClient client, Duration limit, InstantSource clock) {
        super();
        this.client = client;
        this.limit = limit;
        this.clock = clock;
    }

    /// When the server wants to be asked again, if it refused and said so.
    Optional<Instant> retryAfter() {
        return retryAfter;
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
        HttpResponse<byte[]> whole;
        try {
            whole = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException(where(request) + " gave no whole answer in " + limit.toSeconds() + " seconds", e);
        } catch (ExecutionException e) {
            throw new IOException(where(request) + ": " + reason(e.getCause()), e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        }
        if (whole.headers().firstValue("Content-Encoding").isPresent()) {
            throw new IOException(where(request) + " answers in a form that nobody asked for");
        }
        if (whole.statusCode() == TOO_MANY || whole.statusCode() == UNAVAILABLE) {
            retryAfter = whole.headers().firstValue("Retry-After").flatMap(value -> time(value, clock.instant()));
        }
        return new Whole<>(whole, body(whole, handler));
    }

    private static String where(HttpRequest request) {
        return request.uri().getScheme() + "://" + request.uri().getAuthority();
    }

    private static String reason(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    static Optional<Instant> time(String value, Instant now) {
        try {
            return Optional.of(
                    value.strip().matches("[0-9]{1,9}")
                            ? now.plusSeconds(Long.parseLong(value.strip()))
                            : ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant());
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    private static <T> T body(HttpResponse<byte[]> whole, BodyHandler<T> handler) {
        HttpResponse.BodySubscriber<T> subscriber = handler.apply(new HttpResponse.ResponseInfo() {
            @Override
            public int statusCode() {
                return whole.statusCode();
            }

            @Override
            public HttpHeaders headers() {
                return whole.headers();
            }

            @Override
            public Version version() {
                return whole.version();
            }
        });
        subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long count) {}

            @Override
            public void cancel() {}
        });
        subscriber.onNext(List.of(ByteBuffer.wrap(whole.body())));
        subscriber.onComplete();
        return subscriber.getBody().toCompletableFuture().join();
    }

    /// An answer that is here already, in the form that the caller wants.
    private record Whole<T>(HttpResponse<byte[]> answer, T body) implements HttpResponse<T> {
        @Override
        public int statusCode() {
            return answer.statusCode();
        }

        @Override
        public HttpRequest request() {
            return answer.request();
        }

        @Override
        public Optional<HttpResponse<T>> previousResponse() {
            return Optional.empty();
        }

        @Override
        public HttpHeaders headers() {
            return answer.headers();
        }

        @Override
        public Optional<SSLSession> sslSession() {
            return answer.sslSession();
        }

        @Override
        public URI uri() {
            return answer.uri();
        }

        @Override
        public Version version() {
            return answer.version();
        }
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, BodyHandler<T> handler) {
        throw new UnsupportedOperationException("answers are waited for here");
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, BodyHandler<T> handler, PushPromiseHandler<T> push) {
        throw new UnsupportedOperationException("answers are waited for here");
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return client.cookieHandler();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return client.connectTimeout();
    }

    @Override
    public Redirect followRedirects() {
        return client.followRedirects();
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return client.proxy();
    }

    @Override
    public SSLContext sslContext() {
        return client.sslContext();
    }

    @Override
    public SSLParameters sslParameters() {
        return client.sslParameters();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return client.authenticator();
    }

    @Override
    public Version version() {
        return client.version();
    }

    @Override
    public Optional<Executor> executor() {
        return client.executor();
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
