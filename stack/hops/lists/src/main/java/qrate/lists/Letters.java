package qrate.lists;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import qrate.core.Body;
import qrate.core.Envelope;
import qrate.core.Intake;
import qrate.core.Verdict;
import qrate.language.Language;
import qrate.message.Header;
import qrate.message.Mime;
import qrate.message.TraceFields;
import qrate.wordings.Placeholder;
import qrate.wordings.Wordings;

/// What a list writes to one person: answers, questions, warnings.
record Letters(Intake queue, RandomGenerator random, Wordings wordings) {
    /// Bytes of a bounce that are looked at and kept.
    static final int QUOTE_BYTES_MAX = 8 << 10;

    /// Lines of somebody's message that a letter quotes: strangers write messages for the sake of being quoted.
    static final int QUOTE_LINES_MAX = 8;

    /// Longest of these, in characters.
    static final int QUOTE_LINE_CHARS_MAX = 200;

    private static final Pattern TELLING =
            Pattern.compile("(?i)(received|date|message-id|reporting-mta|final-recipient|status|diagnostic-code):.*"
                    + "|<[^<>\\s]{3,400}>:.*");

    /// The same for what goes over sure connections only.
    Letters requiringTls() {
        return new Letters(queue.requiringTls(), random, wordings);
    }

    /// One letter.
    ///
    /// @param returns local part behind `list-` that its bounces go to, `return-` for nobody
    /// @param replyTo local part behind `list-` that answers go to
    /// @param subject without tags
    /// @param texts names in `text/`, in order
    /// @param about the address that it is about, for `<#A#>`
    record Letter(String to, String returns, String replyTo, String subject, List<String> texts, String about) {}

    /// What stands below the texts of a letter.
    ///
    /// @param more as it stands; may be empty
    /// @param quoted below a line that says so; may be empty
    record Below(String more, String quoted) {}

    /// Sends a letter; what is quoted stands below a line that says so.
    Verdict send(MailingList list, Letter letter, Instant now, String quoted) throws IOException {
        return send(list, letter, now, new Below("", quoted));
    }

    /// Sends a letter.
    Verdict send(MailingList list, Letter letter, Instant now, Below below) throws IOException {
        StringBuilder text = new StringBuilder(texts(list, letter)).append(below.more);
        if (!below.quoted.isEmpty()) {
            text.append("\n--- Copy, in part, of the message this is about:\n\n")
                    .append(below.quoted);
        }
        return accept(list, letter, Mime.text(header(list, letter, now), text.toString()));
    }

    /// Sends a letter with whole messages attached.
    ///
    /// @param more text below that of the letter; may be empty
    Verdict attach(MailingList list, Letter letter, Instant now, String more, List<Body> messages) throws IOException {
        List<Mime.Part> parts = new ArrayList<>(List.of(Mime.Part.text(texts(list, letter) + more)));
        messages.forEach(message -> parts.add(new Mime.Part("Content-Type: message/rfc822\n", message)));
        String name = Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
        return accept(list, letter, Mime.multipart(header(list, letter, now), "mixed", name, parts));
    }

    private Verdict accept(MailingList list, Letter letter, Body body) {
        return queue.accept(Envelope.of(list.address(letter.returns), letter.to), body);
    }

    private String header(MailingList list, Letter letter, Instant now) {
        String id = now.getEpochSecond() + "." + Long.toHexString(random.nextLong()) + ".lists";
        return mailingList(list)
                + listId(list)
                + "Auto-Submitted: auto-replied\n" // RFC 3834 §5
                + TraceFields.date(now)
                + TraceFields.messageId(id, list.host())
                + "From: " + list.address("help") + "\n"
                + "To: " + letter.to + "\n"
                + "Reply-To: " + list.address(letter.replyTo) + "\n"
                + "Subject: " + letter.subject + "\n";
    }

    static String mailingList(MailingList list) {
        return "Mailing-List: contact " + list.address("help") + "; run by ezmlm\n";
    }

    static String listId(MailingList list) {
        return "List-Id: <" + list.local() + "." + list.host() + ">\n"; // RFC 2919 §3
    }

    /// In what its reader reads, where that is known, else in what the list's domain speaks.
    private String texts(MailingList list, Letter letter) throws IOException {
        Language language = wordings.language(letter.to)
                .or(() -> wordings.spoken(list.host()))
                .orElse(Language.ENGLISH);
        Map<Placeholder, String> values = Map.of(
                Placeholder.LIST, list.local(),
                Placeholder.HOST, list.host(),
                Placeholder.ADDRESS, letter.about,
                Placeholder.FOLDED, MailingList.folded(letter.about),
                Placeholder.REPLY, list.address(letter.replyTo));
        StringBuilder whole = new StringBuilder();
        for (String name : letter.texts) {
            whole.append(new Texts(wordings).say(list, name, language, values));
        }
        return whole.toString();
    }

    /// The beginning of a message, as text to quote.
    static String quote(Body message) throws IOException {
        try (InputStream in = message.open()) {
            return new String(in.readNBytes(QUOTE_BYTES_MAX), UTF_8);
        }
    }

    /// Where a message came from, for whoever did not send it: three fields, and nothing of what it says.
    static String origin(Mail mail) throws IOException {
        Header header = mail.header();
        StringBuilder lines = new StringBuilder(TraceFields.returnPath(mail.sender()));
        for (String name : List.of("Received", "Date")) {
            Optional<String> value = header.value(name.toLowerCase(Locale.ROOT));
            value.ifPresent(
                    text -> lines.append(name).append(": ").append(line(text)).append('\n'));
        }
        return lines.toString();
    }

    /// What a bounce says about its reason: the lines that programs read, a few of them.
    static String excerpt(List<String> lines) {
        StringBuilder few = new StringBuilder();
        lines.stream()
                .filter(line -> TELLING.matcher(line).matches())
                .map(Letters::line)
                .distinct()
                .limit(QUOTE_LINES_MAX)
                .forEach(line -> few.append(line).append('\n'));
        return few.toString();
    }

    /// Text of a stranger as one line that is not long.
    static String line(String text) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < text.length() && line.length() < QUOTE_LINE_CHARS_MAX; i++) {
            char c = text.charAt(i);
            boolean blank = c <= ' ' || c == 0x7f;
            if (!blank) {
                line.append(c < 0x7f ? c : '?');
            } else if (!line.isEmpty() && line.charAt(line.length() - 1) != ' ') {
                line.append(' ');
            }
        }
        return line.toString().strip();
    }
}
