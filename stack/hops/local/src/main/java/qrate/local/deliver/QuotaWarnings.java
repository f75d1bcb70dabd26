package qrate.local.deliver;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import qrate.core.Address;
import qrate.core.Body;
import qrate.core.DurableFile;
import qrate.core.Log;
import qrate.language.Language;
import qrate.local.plan.Homes;
import qrate.maildir.MaildirQuota;
import qrate.message.EncodedWords;
import qrate.message.Mime;
import qrate.message.TraceFields;
import qrate.wordings.Phrase;
import qrate.wordings.Placeholder;
import qrate.wordings.Wordings;

/// Tells the owner of a mailbox that it is nearly full, once when it becomes so.
///
/// The message goes into the Maildir itself and not by the queue: whoever has no room left hears of it all the same,
/// and
/// nobody gets a bounce. When it was written last stands in `.quota-warned` beside the Maildir.
final class QuotaWarnings {
    /// When the last one was written, in milliseconds since 1970.
    static final String FILE = ".quota-warned";

    /// A mailbox that is emptied and filled again and again hears of it no more often.
    static final Duration QUIET = Duration.ofDays(1);

    private static final Pattern STAMP = Pattern.compile("[0-9]{1,15}");

    private final Homes homes;
    private final Maildirs maildirs;
    private final Wordings wordings;
    private final InstantSource clock;
    private final Log log;

    /// @param maildirs delivers without notes
    QuotaWarnings(Homes homes, Maildirs maildirs, Wordings wordings, InstantSource clock, Log log) {
        this.homes = homes;
        this.maildirs = maildirs;
        this.wordings = wordings;
        this.clock = clock;
        this.log = log;
    }

    /// Writes one, unless there was one of late. What goes wrong is logged: the message that filled the mailbox is
    /// delivered, or refused, whatever becomes of this.
    ///
    /// @param maildir of the directory: `domains/DOMAIN/USER/Maildir`
    void warn(Path maildir, MaildirQuota.Limit limit) {
        String onDisk = homes.onDisk(maildir);
        try {
            Path home = Objects.requireNonNull(maildir.getParent());
            Instant now = clock.instant();
            if (isQuiet(home.resolve(FILE), now)) {
                return;
            }
            String[] parts = onDisk.split("/", -1);
            Address owner = new Address(parts[2], parts[1]);
            MaildirQuota quota = new MaildirQuota(maildir, clock);
            Body body = message(owner, quota.usage(), limit, now);
            maildirs.deliver(new Maildirs.Posting(
                    new Notes.Key(0, 0, now.toEpochMilli()), onDisk, false, body, now.toEpochMilli()));
            quota.changed(body.size(), 1);
            DurableFile.write(
                    home.resolve(FILE), Long.toString(now.toEpochMilli()).getBytes(US_ASCII));
        } catch (IOException e) {
            log.line("lspawn: warning: " + onDisk + ": its owner was not told that it is nearly full: " + e);
        }
    }

    /// Whether the last one is not long ago. A clock that was set back keeps nobody waiting.
    private static boolean isQuiet(Path file, Instant now) throws IOException {
        try {
            String stamp = Files.readString(file).strip();
            if (!STAMP.matcher(stamp).matches()) {
                return false;
            }
            Instant last = Instant.ofEpochMilli(Long.parseLong(stamp));
            return !last.isAfter(now) && now.isBefore(last.plus(QUIET));
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    private Body message(Address owner, MaildirQuota.Usage usage, MaildirQuota.Limit limit, Instant now) {
        Language language = wordings.language(owner.toString()).orElse(Language.ENGLISH);
        long ofBytes = percent(usage.bytes(), limit.bytes());
        long ofMessages = percent(usage.messages(), limit.messages());
        boolean bySize = ofBytes >= ofMessages;
        Map<Placeholder, String> values = Map.of(
                Placeholder.ADDRESS,
                owner.toString(),
                Placeholder.USED,
                bySize ? language.size(usage.bytes()) : language.messages(usage.messages()),
                Placeholder.LIMIT,
                bySize ? language.size(limit.bytes()) : language.messages(limit.messages()),
                Placeholder.PERCENT,
                Long.toString(Math.max(ofBytes, ofMessages)));
        String fields = TraceFields.returnPath("")
                + "From: <postmaster@" + owner.domain() + ">\n"
                + "To: <" + Address.quoted(owner.toString()) + ">\n"
                + "Subject: "
                + EncodedWords.encoded(wordings.say(owner.domain(), Phrase.QUOTA_SUBJECT, language, values)) + "\n"
                + TraceFields.date(now)
                + TraceFields.messageId(now.toEpochMilli() + ".quota." + owner.local(), owner.domain())
                + "Auto-Submitted: auto-generated\n"; // RFC 3834 §5
        return Mime.text(fields, wordings.say(owner.domain(), Phrase.QUOTA_WARNING, language, values));
    }

    private static long percent(long used, long limit) {
        return limit == 0 ? 0 : (long) (100.0 * used / limit);
    }
}
