package qrate.webhooks;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.Control;
import qrate.core.JsonWriter;
import qrate.core.Log;
import qrate.core.Repeating;
import qrate.core.SaidOnce;

/// Tells every place of `control/webhooks` what begins and what ends, a message after the other.
public final class Webhooks implements AutoCloseable {
    /// How often it is looked whether there is something to tell.
    static final Duration EVERY = Duration.ofSeconds(5);

    /// Most messages to one place before the next one has its turn.
    static final int TURN_MAX = 20;

    private static final int OK_MIN = 200;
    private static final int OK_MAX = 299;

    private final Control control;
    private final NoticeSource standing;
    private final WebhookPost post;
    private final InstantSource clock;
    private final Log log;
    private final Map<WebhookTarget, Telling> places = new LinkedHashMap<>();
    private final Repeating loop;
    private volatile Optional<String> problem = Optional.empty();
    private final SaidOnce said;

    Webhooks(Control control, NoticeSource standing, WebhookPost post, InstantSource clock, Log log) {
        this.control = control;
        this.standing = standing;
        this.post = post;
        this.clock = clock;
        this.log = log;
        this.said = new SaidOnce(log::line);
        this.loop = new Repeating("webhooks", EVERY, this::round);
    }

    /// Begins.
    public static Webhooks start(Control control, NoticeSource standing, InstantSource clock, Log log) {
        Webhooks webhooks = new Webhooks(control, standing, WebhookPost.byHttp(), clock, log);
        webhooks.loop.start();
        return webhooks;
    }

    /// One look at everything, and what comes of it.
    void round() throws InterruptedException {
        String trouble = "";
        try {
            List<WebhookTarget> wanted = WebhookTarget.of(control);
            places.keySet().retainAll(wanted);
            wanted.forEach(place -> places.computeIfAbsent(place, _ -> new Telling()));
            if (!wanted.isEmpty()) {
                Signature signature = Signature.of(control);
                List<Notice> notices = standing.notices();
                for (Map.Entry<WebhookTarget, Telling> place : places.entrySet()) {
                    tell(place.getKey(), place.getValue(), notices, signature);
                }
                trouble = places.entrySet().stream()
                        .filter(place -> !place.getValue().why().isEmpty())
                        .findFirst()
                        .map(place -> place.getKey().shown() + " is not told: "
                                + place.getValue().why())
                        .orElse("");
            }
        } catch (IOException e) {
            trouble = String.valueOf(e.getMessage());
        } catch (RuntimeException e) {
            trouble = "unexpected: " + e;
        }
        if (trouble.isEmpty()) {
            said.well();
        } else {
            said.say("webhooks: " + trouble);
        }
        problem = trouble.isEmpty() ? Optional.empty() : Optional.of(trouble);
    }

    private void tell(WebhookTarget place, Telling telling, List<Notice> notices, Signature signature)
            throws IOException, InterruptedException {
        List<Notice> wanted = notices.stream()
                .filter(notice -> place.events().contains(notice.about().event()))
                .toList();
        telling.look(wanted, clock.instant());
        for (int i = 0; i < TURN_MAX; i++) {
            Optional<Telling.Message> next = telling.next(wanted, clock.instant());
            if (next.isEmpty()) {
                return;
            }
            String failure = send(place, next.get(), signature);
            if (failure.isEmpty()) {
                telling.heard(next.get());
                log.line("webhooks: told " + place.shown() + ": " + words(next.get()));
            } else {
                telling.failed(failure, clock.instant());
                return;
            }
        }
    }

    private static String words(Telling.Message message) {
        Notice.About about = message.notice().about();
        return about.event().word() + " " + about.subject() + (message.begins() ? " begins" : " ends");
    }

    /// @return why it was not heard; empty when it was
    private String send(WebhookTarget place, Telling.Message message, Signature signature)
            throws IOException, InterruptedException {
        long seconds = clock.instant().getEpochSecond();
        String body = body(message, control.lineOrMe("me"), Instant.ofEpochSecond(seconds));
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("User-Agent", "Qrate");
        headers.put("Qrate-Timestamp", Long.toString(seconds));
        headers.put("Qrate-Signature", "sha256=" + signature.of(seconds, body));
        try {
            int status = post.post(place.url(), headers, body);
            return status >= OK_MIN && status <= OK_MAX ? "" : "it answers " + status;
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static String body(Telling.Message message, String host, Instant at) {
        Notice notice = message.notice();
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", notice.id());
        members.put("event", notice.about().event().word());
        members.put("state", message.begins() ? "begins" : "ends");
        members.put("subject", notice.about().subject());
        members.put("text", notice.text());
        members.put("since", notice.since().toString());
        members.put("at", at.toString());
        members.put("host", host);
        return JsonWriter.write(members);
    }

    /// Why somebody is not told what he wants to know.
    public Optional<String> problem() {
        return problem;
    }

    @Override
    public void close() {
        loop.close();
    }
}
