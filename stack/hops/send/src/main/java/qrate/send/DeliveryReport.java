package qrate.send;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import qrate.core.Address;
import qrate.core.Body;
import qrate.core.Parameters;
import qrate.core.Recipient;
import qrate.language.Language;
import qrate.message.Dates;
import qrate.message.Header;
import qrate.message.HeaderReader;
import qrate.message.Mime;
import qrate.message.TraceFields;
import qrate.message.Wanted;
import qrate.refusals.Advice;
import qrate.refusals.RefusalWords;
import qrate.wordings.Phrase;
import qrate.wordings.Placeholder;
import qrate.wordings.Wordings;

/// The text of a bounce or success report: a QSBMF text, a delivery status and the original, as one multipart/report
/// (QSBMF, RFC 3462, RFC 3464, RFC 6533, RFC 3834).
final class DeliveryReport {
    /// What became of a recipient (RFC 3464 §2.3.3).
    enum Action {
        FAILED,
        DELAYED,
        DELIVERED,
        RELAYED,
        EXPANDED
    }

    /// One recipient.
    ///
    /// @param why the delivery's text
    record Entry(Recipient recipient, Action action, String why) {
        /// Whether the address needs UTF-8 (RFC 6533).
        boolean international() {
            return !ascii(recipient.address());
        }
    }

    /// The message it is about.
    ///
    /// @param envelopeId decoded ENVID, or empty
    /// @param copy the message or its header, a character a byte
    /// @param whole whether it is the message
    /// @param international whether its header may have more than ASCII in it (SMTPUTF8)
    record Original(
            long id,
            Instant birth,
            String sender,
            String envelopeId,
            String copy,
            boolean whole,
            boolean international) {
        /// What its author reads, or wrote in (RFC 3282).
        private Optional<Language> language() {
            byte[] bytes = copy.getBytes(StandardCharsets.ISO_8859_1);
            HeaderReader reader = new HeaderReader(Wanted.some("accept-language", "content-language"));
            reader.lines(bytes, 0, bytes.length);
            Header header = reader.header();
            return header.value("accept-language")
                    .or(() -> header.value("content-language"))
                    .map(Language::of);
        }

        /// What the copy is (RFC 6532 §3.7, RFC 6533).
        private String type() {
            byte[] bytes = copy.getBytes(StandardCharsets.ISO_8859_1);
            HeaderReader reader = new HeaderReader(Wanted.end());
            reader.lines(bytes, 0, bytes.length);
            if (international && !ascii(copy.substring(0, (int) reader.header().bytes()))) {
                return whole ? "message/global" : "message/global-headers";
            }
            return whole ? "message/rfc822" : "text/rfc822-headers";
        }
    }

    /// Where reports are written.
    record Office(Settings.Bounces settings, Wordings wordings, Instant now) {}

    private static final String EIGHT_BIT = "Content-Transfer-Encoding: 8bit\n";

    private final Settings.Bounces settings;
    private final Wordings wordings;
    private final Instant now;
    private final String to;
    private final Original original;
    private final List<Entry> entries;
    private final boolean single;

    /// @param single false for a double bounce
    DeliveryReport(Office office, String to, Original original, List<Entry> entries, boolean single) {
        this.settings = office.settings;
        this.wordings = office.wordings;
        this.now = office.now;
        this.to = to;
        this.original = original;
        this.entries = entries;
        this.single = single;
    }

    /// The message, lines ended by LF.
    Body body() throws IOException {
        Action action = entries.getFirst().action();
        boolean international = entries.stream().anyMatch(Entry::international);
        String global = international ? "global-" : "";
        String header = TraceFields.date(now)
                + "From: " + Texts.address(settings.from()) + "\n"
                + "To: <" + Texts.address(to) + ">\n"
                + "Subject: " + subject(action) + "\n"
                + TraceFields.messageId(
                        now.getEpochSecond() + "." + original.id() + ".report", Texts.field(settings.host()))
                + "Auto-Submitted: auto-replied\n";
        String status = status(international);
        Body copy = Body.of(original.copy().getBytes(StandardCharsets.ISO_8859_1))
                .prefixed(
                        TraceFields.returnPath(Texts.address(original.sender())).getBytes(StandardCharsets.UTF_8));
        return Mime.multipart(
                header,
                "report; report-type=" + global + "delivery-status",
                Long.toString(original.id()),
                List.of(
                        Mime.Part.text(text(action)),
                        new Mime.Part(
                                "Content-Type: message/" + global + "delivery-status\n"
                                        + (international ? EIGHT_BIT : ""),
                                Body.of(status.getBytes(StandardCharsets.UTF_8))),
                        new Mime.Part("Content-Type: " + original.type() + "\n" + EIGHT_BIT, copy)));
    }

    private static String subject(Action action) {
        return switch (action) {
            case FAILED -> "failure notice";
            case DELAYED -> "delay notice";
            case DELIVERED, RELAYED, EXPANDED -> "success notice";
        };
    }

    /// The part for people, which programs can read too (QSBMF): introduction, recipients, break.
    private String text(Action action) {
        StringBuilder text = new StringBuilder(Wordings.greeting(Texts.field(settings.host())));
        text.append(introduction(action)).append('\n');
        for (Entry entry : entries) {
            text.append('<').append(Texts.field(entry.recipient.address())).append(">:\n");
            text.append(Texts.paragraph(entry.why));
            explained(entry)
                    .ifPresent(advice -> text.append(advice.meaningLine())
                            .append('\n')
                            .append(advice.actionLine())
                            .append('\n'));
            text.append('\n');
        }
        return text.append("--- Below this line is a copy of the ")
                .append(original.whole() ? "message.\n" : "message's header.\n")
                .toString();
    }

    /// In English first, since programs know a report by it, and in what its reader reads.
    private String introduction(Action action) {
        Phrase about = switch (action) {
            case FAILED -> single ? Phrase.BOUNCE_FAILED : Phrase.BOUNCE_DOUBLE;
            case DELAYED -> Phrase.BOUNCE_DELAYED;
            case DELIVERED, RELAYED, EXPANDED -> Phrase.BOUNCE_DONE;
        };
        Set<Language> languages = EnumSet.of(Language.ENGLISH);
        original.language().or(() -> wordings.language(to)).ifPresent(languages::add);
        StringBuilder text = new StringBuilder();
        for (Language language : languages) {
            Map<Placeholder, String> values = Map.of(
                    Placeholder.HOST,
                    Texts.field(settings.host()),
                    Placeholder.SENDER,
                    Texts.field(to),
                    Placeholder.UNTIL,
                    language.time(original.birth().plus(settings.lifetime())));
            text.append(wordings.say(Address.of(to).domain(), about, language, values));
        }
        return text.toString();
    }

    /// What another host's refusal means: below its own words, which stay as they are.
    private Optional<Advice> explained(Entry entry) {
        return entry.action == Action.FAILED || entry.action == Action.DELAYED
                ? RefusalWords.explain(entry.why).map(advice -> advice.forSender(original.sender()))
                : Optional.empty();
    }

    /// The part for programs (RFC 3464 §2).
    private String status(boolean international) {
        StringBuilder status = new StringBuilder();
        if (!original.envelopeId().isEmpty()) {
            status.append("Original-Envelope-Id: ")
                    .append(original.envelopeId())
                    .append('\n');
        }
        status.append("Reporting-MTA: dns; ")
                .append(Texts.field(settings.host()))
                .append('\n');
        status.append("Arrival-Date: ").append(Dates.header(original.birth())).append('\n');
        for (Entry entry : entries) {
            status.append('\n');
            originalRecipient(entry)
                    .ifPresent(value ->
                            status.append("Original-Recipient: ").append(value).append('\n'));
            status.append("Final-Recipient: ")
                    .append(entry.international() ? "utf-8; " : "rfc822; ")
                    .append(Texts.address(entry.recipient.address()))
                    .append('\n');
            status.append("Action: ")
                    .append(entry.action.name().toLowerCase(Locale.ROOT))
                    .append('\n');
            status.append("Status: ").append(code(entry)).append('\n');
            if (entry.action == Action.DELAYED) {
                status.append("Will-Retry-Until: ")
                        .append(Dates.header(original.birth().plus(settings.lifetime())))
                        .append('\n');
            }
            if (entry.action == Action.FAILED || entry.action == Action.DELAYED) {
                Texts.reply(entry.why, international)
                        .ifPresent(reply -> status.append("Diagnostic-Code: smtp; ")
                                .append(reply)
                                .append('\n'));
            }
        }
        return status.toString();
    }

    private static String code(Entry entry) {
        return switch (entry.action) {
            case FAILED -> Texts.status(entry.why).orElse("5.0.0");
            case DELAYED ->
                Texts.status(entry.why).filter(code -> code.startsWith("4")).orElse("4.0.0");
            case DELIVERED, RELAYED, EXPANDED -> "2.0.0";
        };
    }

    /// ORCPT as it was given, decoded (RFC 3461 §4.2).
    private static Optional<String> originalRecipient(Entry entry) {
        Optional<String> given = new Parameters(entry.recipient.parameters()).value("ORCPT");
        int semicolon = given.map(value -> value.indexOf(';')).orElse(-1);
        if (semicolon < 0) {
            return Optional.empty();
        }
        String type = given.get().substring(0, semicolon);
        return Texts.xtext(given.get().substring(semicolon + 1))
                .filter(address -> !address.isEmpty() && type.matches("[A-Za-z0-9-]{1,20}"))
                .map(address -> type + "; " + address);
    }

    private static boolean ascii(String text) {
        return StandardCharsets.US_ASCII.newEncoder().canEncode(text);
    }
}
