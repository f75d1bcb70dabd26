package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import qrate.httpd.Answer;
import qrate.httpd.Asked;

/// What programs that got no answer ask again: a POST with the same `Idempotency-Key` is done once, and whoever sends
/// it
/// again gets the answer of the first time (draft-ietf-httpapi-idempotency-key-header-07).
///
/// Answers are kept in memory, since tokens and passwords stand in some: for a day, as far as there is room, and until
/// a restart. One that says that the server is at fault is not kept, so that the request can be made again.
final class IdempotencyKeys {
    /// Name of the field.
    static final String FIELD = "Idempotency-Key";

    /// Says that an answer is that of the first time.
    static final String REPLAYED = "Idempotency-Replayed";

    /// Longest key, in characters.
    static final int KEY_CHARS_MAX = 255;

    /// How long an answer is kept.
    static final Duration KEPT = Duration.ofDays(1);

    /// Most bytes of answers that are kept, of one caller and of all.
    static final int BYTES_EACH_MAX = 1 << 18;

    static final int BYTES_MAX = 1 << 20;

    /// What an entry takes beside its answer.
    private static final int ENTRY_BYTES = 1 << 10;

    private static final int OURS = 500;

    private final InstantSource clock;
    private final Map<Key, Entry> entries = new LinkedHashMap<>();
    private final Map<String, Integer> bytesOf = new HashMap<>();
    private int bytes;

    IdempotencyKeys(InstantSource clock) {
        this.clock = clock;
    }

    private record Key(String caller, String text) {}

    /// @param answer empty while it is being made
    private record Entry(String request, Optional<Answer> answer, long until) {
        int bytes() {
            return ENTRY_BYTES + answer.map(done -> done.body().length).orElse(0);
        }
    }

    /// Does something that may fail.
    @FunctionalInterface
    interface Work {
        Answer answer() throws IOException;
    }

    /// Whether a request is to be done once: a change by REST, of somebody who is known.
    ///
    /// @throws Api.BadBody where its key is none
    static boolean isAsked(Asked asked, Request request, Router.Route route) throws Api.BadBody {
        String key = asked.header(FIELD);
        boolean keyed = route.door() == Router.Door.API
                && route.method().equals("POST")
                && request.who().isPresent()
                && !key.isEmpty();
        if (keyed && (key.length() > KEY_CHARS_MAX || !key.chars().allMatch(c -> c > ' ' && c < 0x7f))) {
            throw new Api.BadBody(
                    new IOException(FIELD + ": must be 1 to " + KEY_CHARS_MAX + " characters of ASCII without blanks"));
        }
        return keyed;
    }

    private static Reply.Data refusal(int status, String why) {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("error", "IDEMPOTENCY_KEY");
        said.put("why", why);
        return new Reply.Data(status, said);
    }

    /// The answer to a request: of its work, or of the time before.
    ///
    /// @param refused shows 409 where the first one is not done yet, and 422 where the key was another request's
    Answer once(String caller, Asked asked, Work work, Function<Reply.Data, Answer> refused) throws IOException {
        Key key = new Key(caller, asked.header(FIELD));
        String request = digest(asked);
        Optional<Answer> before = before(key, request, refused);
        if (before.isPresent()) {
            return before.get();
        }
        Optional<Answer> done = Optional.empty();
        try {
            done = Optional.of(work.answer());
            return done.get();
        } finally {
            settle(key, request, done.filter(answer -> answer.status() < OURS));
        }
    }

    private synchronized Optional<Answer> before(Key key, String request, Function<Reply.Data, Answer> refused) {
        forget();
        Entry entry = entries.get(key);
        if (entry == null) {
            put(key, new Entry(request, Optional.empty(), clock.millis() + KEPT.toMillis()));
            return Optional.empty();
        }
        if (!entry.request.equals(request)) {
            return Optional.of(refused.apply(refusal(422, "this " + FIELD + " was that of another request")));
        }
        return Optional.of(entry.answer
                .map(IdempotencyKeys::replayed)
                .orElseGet(() -> refused.apply(
                        refusal(409, "the first request with this " + FIELD + " is not done yet: ask again"))));
    }

    private static Answer replayed(Answer answer) {
        Map<String, String> headers = new HashMap<>(answer.headers());
        headers.put(REPLAYED, "true");
        return new Answer(answer.status(), headers, answer.body());
    }

    private synchronized void settle(Key key, String request, Optional<Answer> answer) {
        take(key);
        if (answer.isPresent()) {
            put(key, new Entry(request, answer, clock.millis() + KEPT.toMillis()));
            room(key.caller);
        }
    }

    private void put(Key key, Entry entry) {
        entries.put(key, entry);
        bytes += entry.bytes();
        bytesOf.merge(key.caller, entry.bytes(), Integer::sum);
    }

    private void take(Key key) {
        Entry entry = entries.remove(key);
        if (entry != null) {
            gone(key, entry);
        }
    }

    private void gone(Key key, Entry entry) {
        bytes -= entry.bytes();
        bytesOf.computeIfPresent(key.caller, (_, of) -> of == entry.bytes() ? null : of - entry.bytes());
    }

    private void forget() {
        long now = clock.millis();
        Iterator<Map.Entry<Key, Entry>> all = entries.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<Key, Entry> one = all.next();
            if (now >= one.getValue().until) {
                all.remove();
                gone(one.getKey(), one.getValue());
            }
        }
    }

    /// Lets the oldest answers go: those of a caller who has too many, then anybody's. One that is being made stays.
    private void room(String caller) {
        Iterator<Map.Entry<Key, Entry>> all = entries.entrySet().iterator();
        while (all.hasNext() && (bytes > BYTES_MAX || bytesOf.getOrDefault(caller, 0) > BYTES_EACH_MAX)) {
            Map.Entry<Key, Entry> one = all.next();
            boolean his = one.getKey().caller.equals(caller);
            if (one.getValue().answer.isPresent() && (his || bytes > BYTES_MAX)) {
                all.remove();
                gone(one.getKey(), one.getValue());
            }
        }
    }

    private static String digest(Asked asked) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((asked.method() + "\n" + asked.path() + "\n" + asked.query() + "\n").getBytes(UTF_8));
            return HexFormat.of().formatHex(digest.digest(asked.body()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
