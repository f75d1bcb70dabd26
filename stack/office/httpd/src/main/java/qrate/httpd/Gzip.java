package qrate.httpd;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.zip.GZIPOutputStream;

/// Answers in gzip (RFC 1952) for whoever takes it: pages and data say the same words again and again.
///
/// How long a compressed text is says something of what stands in it (BREACH): whoever makes a browser ask for a page,
/// with a guess in the query, and sees how long the answer is, finds out what it says beside the guess. Therefore only
/// answers to GET and HEAD are compressed: what is shown once (a password, a token, recovery codes) is the answer to a
/// form, and a form's token looks different in each answer, which is the service's to see to.
final class Gzip {
    /// Shorter texts stay as they are: they go into one packet as it is.
    static final int BYTES_MIN = 1_024;

    /// So many at once: each takes a quarter of a megabyte outside the heap while it works, and a page is done in
    /// about a millisecond.
    private static final int AT_ONCE_MAX = 2;

    private static final int ELEMENTS_MAX = 32;

    private final Semaphore places = new Semaphore(AT_ONCE_MAX, true);

    /// An answer as it goes back.
    ///
    /// @throws InterruptedException when the door is closed meanwhile
    Answer of(Asked asked, Answer answer) throws IOException, InterruptedException {
        if (!isText(answer) || !looks(asked) || answer.body().length < BYTES_MIN) {
            return answer;
        }
        // caches keep one for those who take gzip and one for all others (RFC 9110 §12.5.5)
        Map<String, String> headers = new HashMap<>(answer.headers());
        headers.put("Vary", "Accept-Encoding");
        if (!isTaken(asked.header("Accept-Encoding"))) {
            return new Answer(answer.status(), headers, answer.body());
        }
        headers.put("Content-Encoding", "gzip");
        places.acquire();
        try {
            return new Answer(answer.status(), headers, compressed(answer.body()));
        } finally {
            places.release();
        }
    }

    private static byte[] compressed(byte[] body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 4);
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(body);
        }
        return bytes.toByteArray();
    }

    private static boolean looks(Asked asked) {
        return asked.method().equals("GET") || asked.method().equals("HEAD");
    }

    /// What has a strong tag stays as it is: its bytes are what the tag is of (RFC 9110 §8.8.3), and `If-Match` takes
    /// no other.
    private static boolean isText(Answer answer) {
        String type = answer.headers().getOrDefault("Content-Type", "");
        boolean text = type.startsWith("text/")
                || type.startsWith("application/json")
                || type.startsWith("application/problem+json");
        return text && !answer.headers().containsKey("ETag");
    }

    /// Whether a client takes gzip, by its `Accept-Encoding` (RFC 9110 §12.5.3): by its name first, else by `*`; with
    /// the weight 0 it is what the client does not take.
    static boolean isTaken(String accepts) {
        boolean others = false;
        for (String element : accepts.toLowerCase(Locale.ROOT).split(",", ELEMENTS_MAX)) {
            String[] parts = element.split(";", 2);
            String coding = parts[0].strip();
            boolean wanted = parts.length == 1 || weighs(parts[1].strip());
            if (coding.equals("gzip") || coding.equals("x-gzip")) {
                return wanted;
            }
            others |= coding.equals("*") && wanted;
        }
        return others;
    }

    /// Whether a weight is one and not zero; what is no weight counts for nothing.
    private static boolean weighs(String parameter) {
        if (!parameter.startsWith("q=")) {
            return false;
        }
        String weight = parameter.substring(2).strip();
        return !weight.isEmpty()
                && weight.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'))
                && weight.chars().anyMatch(c -> c >= '1' && c <= '9');
    }
}
