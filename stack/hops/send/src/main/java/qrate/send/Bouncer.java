package qrate.send;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.Body;
import qrate.core.Envelope;
import qrate.core.Parameters;
import qrate.core.Recipient;
import qrate.core.Spawner;
import qrate.message.Header;
import qrate.message.Wanted;
import qrate.qcontrol.Channel;
import qrate.queue.Queue.Message;
import qrate.queue.Queue.State;
import qrate.wordings.Wordings;

/// Decides who hears what about a message that ended: bounces, double bounces, success reports (qmail-send(8),
/// RFC 3461 §5.2).
final class Bouncer {
    /// A message about a message.
    record Report(Envelope envelope, Body body) {}

    /// A delivery whose sender wants to hear of it.
    record Success(int number, Channel channel, String text) {}

    /// Largest header sent back when the whole message is not, in bytes.
    private static final int HEADER_BYTES_MAX = 64 << 10;

    private final Settings.Bounces settings;
    private final Wordings wordings;
    private final InstantSource clock;

    Bouncer(Settings.Bounces settings, Wordings wordings, InstantSource clock) {
        this.settings = settings;
        this.wordings = wordings;
        this.clock = clock;
    }

    /// Whether a recipient's NOTIFY asks for a kind of report.
    static boolean notify(Message message, int number, String kind) {
        return message.envelope().recipients().get(number).notifies(kind);
    }

    /// The bounce for a message whose refused recipients are known; empty when nobody wants to hear of it.
    ///
    /// Of a message without a sender nobody hears but the postmaster, as qmail-send(8) has it, whatever its NOTIFY
    /// says: that is about what its sender gets (RFC 3461 §4.1), and bounces of other hosts say NEVER.
    Optional<Report> failure(Message message) throws IOException {
        boolean twice = message.envelope().sender().isEmpty();
        List<DeliveryReport.Entry> entries = new ArrayList<>();
        for (int i = 0; i < message.states().size(); i++) {
            if (message.states().get(i) instanceof State.Refused(var why) && (twice || notify(message, i, "FAILURE"))) {
                entries.add(new DeliveryReport.Entry(
                        message.envelope().recipients().get(i), DeliveryReport.Action.FAILED, why));
            }
        }
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        String to = twice ? settings.doubleTo() : Verp.plain(message.envelope().sender());
        String sender = twice ? Envelope.DOUBLE_BOUNCE_SENDER : "";
        return Optional.of(report(message, sender, to, entries));
    }

    /// Whether a message is so old that its sender is told.
    boolean isLate(Message message, Instant now) {
        return !settings.late().isZero()
                && Duration.between(message.birth(), now).compareTo(settings.late()) >= 0;
    }

    /// The warning that some recipients are still tried; empty when nobody wants one.
    ///
    /// @param why what their last temporary failures said, by their numbers
    Optional<Report> late(Message message, Map<Integer, String> why) throws IOException {
        List<DeliveryReport.Entry> entries = new ArrayList<>();
        for (Map.Entry<Integer, String> one : why.entrySet()) {
            int number = one.getKey();
            if (message.states().get(number) instanceof State.Pending && notify(message, number, "DELAY")) {
                entries.add(new DeliveryReport.Entry(
                        message.envelope().recipients().get(number), DeliveryReport.Action.DELAYED, one.getValue()));
            }
        }
        return entries.isEmpty()
                ? Optional.empty()
                : Optional.of(report(message, "", Verp.plain(message.envelope().sender()), entries));
    }

    /// The report for recipients with NOTIFY=SUCCESS.
    Report success(Message message, List<Success> successes) throws IOException {
        List<DeliveryReport.Entry> entries = successes.stream()
                .map(success -> new DeliveryReport.Entry(
                        message.envelope().recipients().get(success.number),
                        switch (success.channel) {
                            case LOCAL ->
                                Texts.opensWith(success.text, Spawner.EXPANDED)
                                        ? DeliveryReport.Action.EXPANDED
                                        : DeliveryReport.Action.DELIVERED;
                            case REMOTE -> DeliveryReport.Action.RELAYED;
                        },
                        success.text))
                .toList();
        return report(message, "", Verp.plain(message.envelope().sender()), entries);
    }

    private Report report(Message message, String sender, String to, List<DeliveryReport.Entry> entries)
            throws IOException {
        Parameters parameters = new Parameters(message.envelope().parameters());
        boolean secret = message.envelope().requiresTls(); // RFC 8689 §5: the header alone, and by TLS as well
        boolean failed = entries.getFirst().action() == DeliveryReport.Action.FAILED;
        boolean whole = failed
                && !secret
                && message.body().size() <= settings.copyBytes()
                && !parameters.value("RET").orElse("FULL").equalsIgnoreCase("HDRS");
        DeliveryReport.Original original = new DeliveryReport.Original(
                message.id(),
                message.birth(),
                message.envelope().sender(),
                parameters.value("ENVID").flatMap(Texts::xtext).orElse(""),
                new String(whole ? whole(message.body()) : header(message.body()), StandardCharsets.ISO_8859_1),
                whole,
                parameters.has("SMTPUTF8"));
        boolean utf8 = !StandardCharsets.US_ASCII.newEncoder().canEncode(to)
                || entries.stream().anyMatch(DeliveryReport.Entry::international);
        Body content = new DeliveryReport(
                        new DeliveryReport.Office(settings, wordings, clock.instant()),
                        to,
                        original,
                        entries,
                        sender.isEmpty())
                .body();
        Envelope envelope =
                new Envelope(sender, utf8 ? "BODY=8BITMIME SMTPUTF8" : "BODY=8BITMIME", List.of(Recipient.of(to)));
        return new Report(secret ? envelope.requiringTls() : envelope, content);
    }

    private static byte[] whole(Body body) throws IOException {
        try (InputStream in = body.open()) {
            return in.readAllBytes();
        }
    }

    /// Everything up to the first empty line, or as much of it as is whole lines under the limit.
    private static byte[] header(Body body) throws IOException {
        Wanted.Limits limits = Wanted.Limits.USUAL.within(HEADER_BYTES_MAX, HEADER_BYTES_MAX);
        Header header = Header.of(body, Wanted.end().within(limits));
        try (InputStream in = body.open()) {
            return in.readNBytes((int) header.bytes());
        }
    }
}
