package qrate.local.deliver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import qrate.core.Address;
import qrate.core.Body;
import qrate.core.Client;
import qrate.core.DurableFile;
import qrate.core.Envelope;
import qrate.core.Intake;
import qrate.core.Log;
import qrate.core.Recipient;
import qrate.core.Verdict;
import qrate.language.Language;
import qrate.local.plan.Deed;
import qrate.message.AddressList;
import qrate.message.Automatic;
import qrate.message.EncodedWords;
import qrate.message.Field;
import qrate.message.Header;
import qrate.message.Mime;
import qrate.message.TraceFields;
import qrate.message.Wanted;
import qrate.snapshots.Vacation;
import qrate.wordings.Phrase;
import qrate.wordings.Placeholder;
import qrate.wordings.Wordings;

/// Answers for somebody who is away (RFC 3834): a person who wrote to him in person, once in a while, and nobody else.
///
/// Who was answered stands in `.answered` beside the Maildir, durable before the answer goes: a delivery that is
/// made again after a crash answers nobody twice.
final class VacationReplies {
    /// Who was answered and when: a line each, milliseconds since 1970 and the address.
    static final String FILE = ".answered";

    /// Most addresses kept there; past it the oldest are forgotten.
    static final int KEPT_MAX = 1000;

    /// Most answers of a mailbox in a day: strangers can give any sender, and make it write to whom they like.
    static final int DAILY_MAX = 100;

    private static final int ADDRESS_CHARS_MAX = 320;
    private static final int SUBJECT_CHARS_MAX = 200;
    private static final int ID_CHARS_MAX = 500;
    private static final int LOCKS = 64;

    /// Whom nobody reads behind (RFC 3834 §2, RFC 5230 §4.6).
    private static final Set<String> PROGRAMS =
            Set.of("mailer-daemon", "postmaster", "listserv", "majordomo", "noreply", "no-reply", "donotreply");

    private static final List<String> TO_HIM = List.of("to", "cc", "bcc", "resent-to", "resent-cc", "resent-bcc");

    private static final Wanted WANTED = Wanted.some(Stream.concat(
                    TO_HIM.stream(),
                    Stream.of(
                            "auto-submitted",
                            "precedence",
                            "list-id",
                            "list-help",
                            "list-post",
                            "list-unsubscribe",
                            "mailing-list",
                            "x-auto-response-suppress",
                            "x-spam-flag",
                            "accept-language",
                            "content-language",
                            "subject",
                            "message-id",
                            "references"))
            .toArray(String[]::new));

    private final Intake queue;
    private final Wordings wordings;
    private final InstantSource clock;
    private final Log log;
    private final Lock[] locks =
            Stream.generate(ReentrantLock::new).limit(LOCKS).toArray(Lock[]::new);

    /// @param queue takes the answers
    /// @param wordings what is answered for somebody who wrote no text
    VacationReplies(Intake queue, Wordings wordings, InstantSource clock, Log log) {
        this.queue = queue;
        this.wordings = wordings;
        this.clock = clock;
        this.log = log;
    }

    /// Answers a message if it is one to be answered. What goes wrong is logged: the message itself is delivered.
    void answer(Mailing mailing, Deed.Answer away) {
        Instant now = clock.instant();
        String sender = mailing.job().sender();
        boolean spam = mailing.job().client().spam();
        if (spam || !away.vacation().isAt(now) || !isPerson(sender) || isHim(sender, mailing, away)) {
            return;
        }
        try {
            Header header = Header.of(mailing.job().body(), WANTED);
            if (!isPersonal(header, mailing, away) || !takes(away, sender, now)) {
                return;
            }
            Envelope plain = new Envelope("", "BODY=8BITMIME", Client.UNKNOWN, List.of(new Recipient(sender, "")));
            Envelope envelope = mailing.requiresTls() ? plain.requiringTls() : plain; // RFC 8689 §6
            if (!(queue.accept(envelope, reply(header, mailing, away, now)) instanceof Verdict.Delivered)) {
                log.line("lspawn: warning: the queue did not take an answer of " + away.address());
            }
        } catch (IOException | IllegalArgumentException e) {
            log.line("lspawn: warning: no answer of " + away.address() + ": " + e);
        }
    }

    /// Whether somebody may stand behind a reverse-path.
    private static boolean isPerson(String sender) {
        Address address = Address.of(sender);
        String local = address.local().toLowerCase(Locale.ROOT);
        return !sender.equals(Envelope.DOUBLE_BOUNCE_SENDER)
                && !local.isEmpty()
                && !address.domain().isEmpty()
                && sender.length() <= ADDRESS_CHARS_MAX
                && !PROGRAMS.contains(local)
                && !local.startsWith("owner-")
                && !local.endsWith("-owner")
                && !local.endsWith("-request")
                && !local.contains("-bounce")
                && !local.contains("-return-")
                && sender.chars().allMatch(c -> c > ' ' && c != 0x7f);
    }

    private static boolean isHim(String address, Mailing mailing, Deed.Answer away) {
        return address.equalsIgnoreCase(away.address()) || address.equalsIgnoreCase(asWritten(mailing));
    }

    /// The recipient without the virtual domain's prefix.
    private static String asWritten(Mailing mailing) {
        String prefix = mailing.to().domain() + "-";
        String address = mailing.to().toString();
        return address.startsWith(prefix) ? address.substring(prefix.length()) : address;
    }

    /// Whether a person wrote it to him: no program, no list, and his address stands in it (RFC 3834 §2).
    private static boolean isPersonal(Header header, Mailing mailing, Deed.Answer away) {
        boolean program = Automatic.isByProgram(header)
                || Automatic.isBulk(header)
                || header.fields().stream()
                        .map(Field::name)
                        .anyMatch(name -> name.startsWith("list-") || name.equals("mailing-list"))
                || word(header, "x-auto-response-suppress")
                        .filter(v -> v.contains("oof") || v.contains("all") || v.contains("autoreply"))
                        .isPresent()
                || word(header, "x-spam-flag").filter(v -> v.startsWith("yes")).isPresent();
        return !header.cut()
                && !program
                && TO_HIM.stream()
                        .flatMap(name -> header.named(name).stream())
                        .flatMap(field -> addresses(field.value()))
                        .anyMatch(address -> isHim(address, mailing, away));
    }

    private static Optional<String> word(Header header, String name) {
        return header.value(name).map(value -> value.toLowerCase(Locale.ROOT));
    }

    private static Stream<String> addresses(String value) {
        return switch (AddressList.parse(value)) {
            case AddressList.Parsed.Good(AddressList list) ->
                list.mailboxes().stream().map(AddressList.Mailbox::address);
            case AddressList.Parsed.Bad _ -> Stream.of();
        };
    }

    /// Notes that a sender is answered now, unless he was a while ago.
    private boolean takes(Deed.Answer away, String sender, Instant now) throws IOException {
        Path file = away.home().resolve(FILE);
        Lock lock = locks[Math.floorMod(file.hashCode(), LOCKS)];
        lock.lock();
        try {
            Map<String, Instant> answered = read(file);
            Instant before = answered.get(key(sender));
            long today = answered.values().stream()
                    .filter(when -> when.isAfter(now.minus(Duration.ofDays(1))))
                    .count();
            // a clock that was set back makes nobody wait for ever
            boolean again = before == null
                    || before.isAfter(now)
                    || !now.isBefore(before.plus(away.vacation().interval()))
                    || before.isBefore(away.vacation().from());
            if (!again || today >= DAILY_MAX) {
                return false;
            }
            answered.remove(key(sender));
            answered.put(key(sender), now);
            write(file, answered);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private static String key(String sender) {
        return sender.toLowerCase(Locale.ROOT);
    }

    /// In the order in which they were answered. A line that is none counts for nothing.
    private static Map<String, Instant> read(Path file) throws IOException {
        Map<String, Instant> answered = new LinkedHashMap<>();
        if (Files.exists(file)) {
            for (String line : new String(Files.readAllBytes(file), UTF_8).split("\n", -1)) {
                int blank = line.indexOf(' ');
                if (blank > 0 && line.chars().limit(blank).allMatch(c -> c >= '0' && c <= '9') && blank < 16) {
                    answered.put(
                            line.substring(blank + 1), Instant.ofEpochMilli(Long.parseLong(line.substring(0, blank))));
                }
            }
        }
        return answered;
    }

    private static void write(Path file, Map<String, Instant> answered) throws IOException {
        StringBuilder text = new StringBuilder();
        answered.entrySet().stream()
                .skip(Math.max(0, answered.size() - KEPT_MAX))
                .forEach(one -> text.append(one.getValue().toEpochMilli())
                        .append(' ')
                        .append(one.getKey())
                        .append('\n'));
        DurableFile.write(file, text.toString().getBytes(UTF_8));
    }

    private Body reply(Header header, Mailing mailing, Deed.Answer away, Instant now) {
        String id = oneLine(header.value("message-id").orElse(""), ID_CHARS_MAX);
        String references = oneLine(header.value("references").orElse(""), ID_CHARS_MAX);
        String domain = Address.of(away.address()).domain();
        String fields = "From: <" + Address.quoted(away.address()) + ">\n"
                + "To: <" + Address.quoted(mailing.job().sender()) + ">\n"
                + "Subject: " + EncodedWords.encoded(subject(header, away.vacation())) + "\n"
                + TraceFields.date(now)
                + TraceFields.messageId(
                        now.toEpochMilli() + "." + mailing.job().id() + "."
                                + mailing.delivery().number() + ".away",
                        domain)
                + "Auto-Submitted: auto-replied\n" // RFC 3834 §3.1.7
                + "X-Auto-Response-Suppress: All\n"
                + (id.isEmpty() ? "" : "In-Reply-To: " + id + "\n")
                + (id.isEmpty()
                        ? ""
                        : "References:" + (references.isEmpty() ? "" : " " + references) + "\n " + id + "\n");
        return Mime.text(fields, text(header, mailing.job().sender(), away));
    }

    /// His own; else his domain's, in the language of whoever is answered (RFC 3282), as far as that is known.
    private String text(Header header, String sender, Deed.Answer away) {
        if (!away.vacation().text().isBlank()) {
            return away.vacation().text() + "\n";
        }
        Language language = header.value("accept-language")
                .or(() -> header.value("content-language"))
                .map(Language::of)
                .or(() -> wordings.language(sender))
                .or(() -> wordings.language(away.address()))
                .orElse(Language.ENGLISH);
        return wordings.say(
                Address.of(away.address()).domain(),
                Phrase.VACATION_ANSWER,
                language,
                Map.of(Placeholder.ADDRESS, away.address()));
    }

    /// His own, or that of the message behind `Auto: ` (RFC 3834 §3.1.5).
    private static String subject(Header header, Vacation vacation) {
        if (!vacation.subject().isEmpty()) {
            return vacation.subject();
        }
        String subject = header.named("subject").stream()
                .findFirst()
                .map(Field::text)
                .flatMap(EncodedWords::decoded)
                .orElse("");
        return ("Auto: " + oneLine(subject, SUBJECT_CHARS_MAX)).strip();
    }

    private static String oneLine(String text, int most) {
        StringBuilder line = new StringBuilder();
        text.codePoints()
                .limit(most)
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .forEach(line::appendCodePoint);
        return line.toString().strip();
    }
}
