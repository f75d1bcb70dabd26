package qrate.httpd;

import io.undertow.io.IoCallback;
import io.undertow.io.Receiver;
import io.undertow.io.Sender;
import io.undertow.server.AbstractServerConnection;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Protocols;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;

/// The way of a request: read whole without a thread, worked on with one, sent without.
final class Requests {
    /// What a byte of a body costs until it has been answered: as it grows, as text, as fields.
    private static final int BODY_BYTE_COST = 4;

    /// An answer of so many bytes is never too much.
    private static final int SMALL_BYTES_MAX = 4096;

    private static final int LOG_CHARS_MAX = 300;

    private final HttpListener.Parts parts;
    private final Seats seats;
    private final Turns turns;
    private final ExecutorService threads;
    private final Gzip gzip = new Gzip();

    Requests(HttpListener.Parts parts, Seats seats, Turns turns, ExecutorService threads) {
        this.parts = parts;
        this.seats = seats;
        this.turns = turns;
        this.threads = threads;
    }

    static StreamConnection channel(HttpServerExchange exchange) {
        return ((AbstractServerConnection) exchange.getConnection()).getChannel();
    }

    /// One request and the seat of its connection.
    private record Talk(HttpServerExchange exchange, Seats.Seat seat, Asked.Client client, String group) {}

    /// A request whose header has come. Runs on the thread of all connections, and so waits for nothing.
    ///
    /// @param seat of its connection; empty when that has just been ended
    void begin(HttpServerExchange exchange, Optional<Seats.Seat> seat) {
        if (seat.isEmpty()) {
            IoUtils.safeClose(exchange.getConnection());
            return;
        }
        HeaderMap headers = exchange.getRequestHeaders();
        InetAddress peer = exchange.getSourceAddress().getAddress();
        int wrong = Wording.problem(headers, exchange.getProtocol().equals(Protocols.HTTP_1_1))
                        .isPresent()
                ? 400
                : 0;
        Asked.Client client;
        try {
            client = Proxies.client(
                    peer,
                    new Proxies.Said(
                            all(headers, "Forwarded"),
                            all(headers, "X-Forwarded-For"),
                            all(headers, "X-Forwarded-Proto")),
                    parts.proxies());
        } catch (Proxies.Contradiction _) {
            // refused below, as any other request that can be read in two ways
            client = new Asked.Client(peer.getHostAddress(), false);
            wrong = 400;
        }
        String group = ClientGroup.group(Proxies.address(client.address()).orElse(peer));
        seats.asks(seat.get(), group);
        seats.enter(seat.get(), Seats.Phase.BODY);
        exchange.addExchangeCompleteListener((_, next) -> {
            seats.enter(seat.get(), Seats.Phase.IDLE);
            next.proceed();
        });
        Talk talk = new Talk(exchange, seat.get(), client, group);
        long length = exchange.getRequestContentLength();
        if (wrong == 0 && length > HttpListener.BODY_BYTES_MAX) {
            wrong = 413;
        }
        if (wrong == 400 || length > HttpListener.READ_ON_BYTES_MAX) {
            exchange.setPersistent(false); // what follows on the connection is not read
            work(talk, new byte[0], wrong);
        } else {
            new Body(talk, wrong).read();
        }
    }

    /// The body of a request as it comes in, on the thread of all connections.
    private final class Body implements Receiver.PartialBytesCallback, Receiver.ErrorCallback {
        private final Talk talk;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private int wrong;

        Body(Talk talk, int wrong) {
            this.talk = talk;
            this.wrong = wrong;
        }

        void read() {
            talk.exchange.getRequestReceiver().receivePartialBytes(this, this);
        }

        @Override
        public void handle(HttpServerExchange exchange, byte[] more, boolean last) {
            if (wrong == 0 && bytes.size() + more.length > HttpListener.BODY_BYTES_MAX) {
                wrong = 413;
            }
            if (wrong == 0 && !seats.hold(talk.seat, (long) more.length * BODY_BYTE_COST)) {
                wrong = 503;
            }
            if (wrong == 0) {
                bytes.writeBytes(more);
            } else {
                bytes.reset();
            }
            if (last) {
                work(talk, bytes.toByteArray(), wrong);
            }
        }

        @Override
        public void error(HttpServerExchange exchange, IOException e) {
            // cut off in the middle, or longer than we read on
            IoUtils.safeClose(exchange.getConnection());
        }
    }

    private void work(Talk talk, byte[] body, int wrong) {
        seats.enter(talk.seat, Seats.Phase.WORK);
        try {
            talk.exchange.dispatch(threads, () -> send(talk, answer(talk, body, wrong)));
        } catch (RejectedExecutionException _) {
            // the door is being closed
            IoUtils.safeClose(talk.exchange.getConnection());
        }
    }

    /// The one place where everything that can go wrong with a request ends, as an answer.
    private Answer answer(Talk talk, byte[] body, int wrong) {
        try {
            Asked asked = asked(talk, body);
            if (wrong != 0) {
                return parts.service().refusal(asked, wrong);
            }
            if (!turns.take(talk.group)) {
                return parts.service().refusal(asked, 503);
            }
            try {
                return gzip.of(asked, worked(asked));
            } finally {
                turns.give(talk.group);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Answer.plain(503, "The service is being stopped.");
        } catch (Throwable e) { // an Error of one request is no reason to leave all others without an answer
            note(talk.exchange.getRequestPath(), e);
            return Answer.plain(500, "That should not have happened.");
        }
    }

    private Answer worked(Asked asked) throws IOException {
        try {
            return parts.service().answer(asked);
        } catch (IOException e) {
            note(asked.path(), e);
            return parts.service().refusal(asked, 503);
        } catch (RuntimeException | Error e) {
            note(asked.path(), e);
            return parts.service().refusal(asked, 500);
        }
    }

    private void note(String path, Throwable e) {
        String what = e instanceof IOException ? e.getMessage() : e.toString();
        String line = "admin: " + path + ": " + what;
        parts.log().line(line.length() <= LOG_CHARS_MAX ? line : line.substring(0, LOG_CHARS_MAX) + " [cut]");
    }

    private static Asked asked(Talk talk, byte[] body) {
        HttpServerExchange exchange = talk.exchange;
        Map<String, List<String>> query = new HashMap<>();
        exchange.getQueryParameters().forEach((name, values) -> query.put(name, List.copyOf(values)));
        Map<String, String> headers = new HashMap<>();
        for (HeaderValues values : exchange.getRequestHeaders()) {
            headers.put(values.getHeaderName().toString().toLowerCase(Locale.ROOT), values.getFirst());
        }
        return new Asked(
                exchange.getRequestMethod().toString(), exchange.getRequestPath(), query, headers, body, talk.client);
    }

    private static List<String> all(HeaderMap headers, String name) {
        HeaderValues values = headers.get(name);
        return values == null ? List.of() : List.copyOf(values);
    }

    private void send(Talk talk, Answer made) {
        seats.enter(talk.seat, Seats.Phase.ANSWER); // from here on it can give way
        int bytes = made.body().length;
        Answer answer = bytes <= SMALL_BYTES_MAX || seats.hold(talk.seat, bytes)
                ? made
                : Answer.plain(503, "Too much is on its way to you. Try again in a minute.");
        HttpServerExchange exchange = talk.exchange;
        parts.service().answered(answer.status());
        HeaderMap headers = exchange.getResponseHeaders();
        Answer.EVERY.forEach((name, value) -> headers.put(new HttpString(name), value));
        answer.headers().forEach((name, value) -> headers.put(new HttpString(name), value));
        exchange.setStatusCode(answer.status());
        if (answer.status() == 503) {
            headers.put(Headers.RETRY_AFTER, "5");
        }
        if (answer.body().length == 0) {
            exchange.endExchange();
            return;
        }
        exchange.setResponseContentLength(answer.body().length);
        exchange.getResponseSender().send(ByteBuffer.wrap(answer.body()), new IoCallback() {
            @Override
            public void onComplete(HttpServerExchange done, Sender sender) {
                if (done.isRequestComplete()) {
                    done.endExchange();
                } else {
                    IoUtils.safeClose(done.getConnection());
                }
            }

            @Override
            public void onException(HttpServerExchange failed, Sender sender, IOException e) {
                // the client is gone, or was too slow
                IoUtils.safeClose(failed.getConnection());
            }
        });
    }
}
