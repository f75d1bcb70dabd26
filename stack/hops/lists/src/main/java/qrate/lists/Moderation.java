package qrate.lists;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import qrate.core.Body;
import qrate.core.Client;
import qrate.core.Log;
import qrate.message.Header;
import qrate.message.TraceFields;

/// Posts that wait for a moderator: `ezmlm-store`, `ezmlm-moderate`, `ezmlm-clean`.
///
/// A waiting post is `mod/pending/ID`, its sender in a Return-Path line in front; `mod/accepted/ID` and
/// `mod/rejected/ID` say what became of it. `mod/requiretls/ID` is there for one that came over sure connections only:
/// it goes on over such, whoever lets it go, and so does what is said of it (RFC 8689 §6).
///
/// @param secret whether what is handed on here goes over sure connections only
record Moderation(Post post, Letters letters, RandomGenerator random, Log log, boolean secret) {
    /// How long a post waits where `mod/modtime` says nothing, and how long it is remembered.
    static final Duration WAIT_MAX = Duration.ofDays(5);

    /// Posts that wait at most: each was sent whole to every moderator.
    static final int WAITING_MAX = 200;

    private static final Pattern ID = Pattern.compile("([0-9]{1,12})-([0-9a-f]{1,16})\\.([0-9]{1,12}\\.[a-p]{1,40})");

    private static final String SECRET = "mod/requiretls/";

    /// What cookies of moderators allow.
    static final String ACTION = "moderate";

    /// What stands in the lines around a reason: ezmlm-moderate(1).
    static final String MARK = "%%%";

    /// Characters that may stand before a mark, as programs put them before what they quote.
    private static final int QUOTED_CHARS_MAX = 5;

    private static final int REASON_LINES_MAX = 40;

    /// `ezmlm-store`: keeps the post and asks the moderators; without `modpost` it goes out at once.
    Outcome store(MailingList list, Mail mail) throws IOException {
        if (!list.is("modpost")) {
            return post.post(list, mail);
        }
        Header header = mail.header();
        Optional<String> refused = post.refused(list, mail, header);
        Optional<String> sender = Subscribers.address(mail.sender());
        if (refused.isPresent() || sender.isEmpty()) {
            return Outcome.refuse(refused.orElse("I cannot answer your address (#5.1.7)"));
        }
        List<String> moderators = list.moderators().contains(sender.get())
                ? List.of(sender.get())
                : list.moderators().all();
        if (moderators.isEmpty()) {
            return new Outcome.Later("this list has no moderator (#4.3.5)");
        }
        if (list.folder().list("mod/pending").size() >= WAITING_MAX) {
            return new Outcome.Later(WAITING_MAX + " posts wait for a moderator already (#4.3.2)");
        }
        String id = mail.now().getEpochSecond() + "-" + Long.toHexString(random.nextLong());
        Body kept = mail.body()
                .prefixed(TraceFields.returnPath(sender.get()).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        if (secret) {
            list.folder().write(SECRET + id, ""); // first: a post without it goes out as any other
        }
        list.folder().write("mod/pending/" + id, kept);
        String cookie = list.cookies().make(ACTION, id, mail.now());
        for (String moderator : moderators) {
            Letters.Letter letter = new Letters.Letter(
                    moderator,
                    "return-",
                    "accept-" + id + "." + cookie,
                    "MODERATE for " + list.address(),
                    List.of("mod-request"),
                    moderator);
            Outcome sent = Outcome.of(letters.attach(list, letter, mail.now(), "", List.of(mail.body())));
            if (!(sent instanceof Outcome.Done)) {
                end(list, id); // the next try keeps it anew
                return sent;
            }
        }
        return new Outcome.Done();
    }

    /// `ezmlm-moderate`: whoever has the cookie is a moderator.
    Outcome moderate(MailingList list, Mail mail) throws IOException {
        Matcher matcher = ID.matcher(mail.rest().toLowerCase(Locale.ROOT));
        if (mail.unfit(mail.header()).isPresent() || !matcher.matches()) {
            return Outcome.refuse("this is no answer of a moderator (#5.7.1)");
        }
        String id = matcher.group(1) + "-" + matcher.group(2);
        if (!list.cookies().valid(matcher.group(3), ACTION, id, mail.now())) {
            return Outcome.refuse("this answer of a moderator is wrong or too old (#5.7.1)");
        }
        boolean accept = mail.stem().endsWith("-accept-");
        if (!accept && !mail.stem().endsWith("-reject-")) {
            return Outcome.refuse("neither accept nor reject (#5.1.1)");
        }
        if (!list.folder().has("mod/pending/" + id)) {
            if (list.folder().has((accept ? "mod/accepted/" : "mod/rejected/") + id)) {
                return new Outcome.Done();
            }
            boolean other = list.folder().has((accept ? "mod/rejected/" : "mod/accepted/") + id);
            return Outcome.refuse(
                    other ? "another moderator decided otherwise (#5.7.1)" : "that post waits no more (#5.7.1)");
        }
        Body message = list.folder().body("mod/pending/" + id);
        Header header = Mail.header(message);
        Moderation with = about(list, id);
        Outcome outcome = accept
                ? with.post.send(list, message, header, Client.UNKNOWN)
                : with.giveBack(list, message, new Why("mod-reject", reason(mail.body())), mail.now());
        if (outcome instanceof Outcome.Done) {
            list.folder().write((accept ? "mod/accepted/" : "mod/rejected/") + id, "");
            end(list, id);
        }
        return outcome;
    }

    /// The same for what goes over sure connections only.
    Moderation requiringTls() {
        return new Moderation(post.requiringTls(), letters.requiringTls(), random, log, true);
    }

    /// As whom a post is handed on: as it came, however the moderator's mail did.
    private Moderation about(MailingList list, String id) throws IOException {
        return list.folder().has(SECRET + id) ? requiringTls() : this;
    }

    private static void end(MailingList list, String id) throws IOException {
        list.folder().delete("mod/pending/" + id);
        if (list.folder().has(SECRET + id)) {
            list.folder().delete(SECRET + id);
        }
    }

    /// `ezmlm-clean`: gives back what waited too long.
    Outcome clean(MailingList list, Instant now) throws IOException {
        long hours = list.folder().number("mod/modtime");
        Duration most = hours == 0 ? WAIT_MAX : Duration.ofHours(hours);
        for (String state : List.of("pending", "accepted", "rejected", "requiretls")) {
            for (String id : list.folder().list("mod/" + state)) {
                String name = "mod/" + state + "/" + id;
                if (!tooOld(id, now, most)) {
                    continue;
                }
                if (state.equals("pending")) {
                    Why why = new Why("mod-timeout", "");
                    Outcome sent = about(list, id).giveBack(list, list.folder().body(name), why, now);
                    if (sent instanceof Outcome.Later) {
                        return sent;
                    }
                }
                list.folder().delete(name);
            }
        }
        return new Outcome.Done();
    }

    private static boolean tooOld(String id, Instant now, Duration most) {
        int dash = id.indexOf('-');
        String time = dash < 0 ? "" : id.substring(0, dash);
        return time.matches("[0-9]{1,12}")
                && Instant.ofEpochSecond(Long.parseLong(time)).plus(most).isBefore(now);
    }

    /// What a moderator says to the sender: the lines between two that have a {@link #MARK} near their beginning,
    /// without what stands before the first one; empty where there are none.
    static String reason(Body answer) throws IOException {
        StringBuilder reason = new StringBuilder();
        String quoted = "";
        int lines = -1; // of the reason; it has not begun
        for (String line : Letters.quote(answer).lines().toList()) {
            int mark = line.indexOf(MARK);
            boolean marked = mark >= 0 && mark <= QUOTED_CHARS_MAX;
            if (lines >= 0 && (marked || lines == REASON_LINES_MAX)) {
                return reason.toString();
            }
            if (marked) {
                quoted = line.substring(0, mark);
                lines = 0;
            } else if (lines >= 0) {
                lines++;
                String rest = line.startsWith(quoted) ? line.substring(quoted.length()) : line;
                reason.append(plain(rest)).append('\n');
            }
        }
        return "";
    }

    private static String plain(String line) {
        String text =
                line.length() > Letters.QUOTE_LINE_CHARS_MAX ? line.substring(0, Letters.QUOTE_LINE_CHARS_MAX) : line;
        return text.replaceAll("\\p{Cntrl}", " ").stripTrailing();
    }

    /// Why a post does not go out.
    ///
    /// @param text its name in `text/`
    /// @param reason a moderator's words, lines; may be empty
    private record Why(String text, String reason) {}

    private Outcome giveBack(MailingList list, Body message, Why why, Instant now) throws IOException {
        String path = Mail.header(message).value("return-path").orElse("");
        Optional<String> sender = Subscribers.address(path.replaceAll("[<>]", ""));
        if (sender.isEmpty()) {
            return new Outcome.Done(); // nobody to tell
        }
        Optional<String> held = list.answers().held(sender.get(), 0, now);
        if (held.isPresent()) {
            log.line("lists: info: " + list.address() + ": no letter to " + Log.escape(sender.get()) + ": "
                    + held.get());
            return new Outcome.Done();
        }
        Letters.Letter letter = new Letters.Letter(
                sender.get(),
                "return-",
                "owner",
                "Returned post for " + list.address(),
                List.of(why.text),
                sender.get());
        // anybody can have posted in this name, so that little of the post goes there
        Header header = Mail.header(message);
        StringBuilder about = new StringBuilder();
        for (String name : List.of("Date", "Subject", "Message-ID")) {
            header.value(name.toLowerCase(Locale.ROOT))
                    .ifPresent(value -> about.append(name)
                            .append(": ")
                            .append(Letters.line(value))
                            .append('\n'));
        }
        String more = why.reason.isEmpty() ? "" : "\nThe moderator says:\n\n" + why.reason;
        Outcome sent = Outcome.of(letters.send(list, letter, now, new Letters.Below(more, about.toString())));
        if (sent instanceof Outcome.Done) {
            list.answers().answered(sender.get(), 0, now);
        }
        return sent;
    }
}
