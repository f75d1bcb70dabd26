package qrate.lists;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import qrate.core.Log;
import qrate.message.Header;

/// Bounces of a list's mail: `ezmlm-return` keeps them, `ezmlm-warn` warns, probes, and a probe that bounces removes.
///
/// `bounce/d/KEY` is an address whose posts bounced, `bounce/w/KEY` one whose warning did: a line with the time of
/// the first one, the address, the numbers, then the beginning of the bounce.
record Bounces(Letters letters, Log log) {
    /// How old a bounce must be before anybody is told: ezmlm's million seconds.
    static final Duration WAIT = Duration.ofSeconds(1_000_000);

    /// Most numbers kept for one address.
    static final int NUMBERS_MAX = 50;

    private static final Pattern POST = Pattern.compile("([0-9]{1,15})-(.*)");
    private static final Pattern LETTER = Pattern.compile("(warn|probe)-([0-9]{1,12}\\.[a-p]{1,40})-(.+)");
    private static final Pattern FAILED = Pattern.compile("<([^<>\\s]{3,400})>:");

    /// `ezmlm-return`: 99 once the bounce is kept, or was none.
    Outcome returned(MailingList list, Mail mail) throws IOException {
        if (!mail.isBounce()) {
            return Outcome.refuse("this address takes bounces only (#5.7.2)");
        }
        Header header = mail.header();
        String auto = header.value("auto-submitted").orElse("").toLowerCase(Locale.ROOT);
        if (auto.startsWith("auto-replied")) {
            // DEVIATION: ezmlm counts an answer "I am away" as a bounce. A DSN says auto-replied too (RFC 3464 has
            // none of it, RFC 3834 §3.1.1 allows it), but then it is a multipart/report or in QSBMF.
            String type = header.value("content-type").orElse("").toLowerCase(Locale.ROOT);
            if (!type.startsWith("multipart/report")
                    && !Letters.quote(mail.body()).contains("\nHi. This is the ")) {
                return new Outcome.Stop();
            }
        }
        Matcher letter = LETTER.matcher(mail.rest());
        if (letter.matches()) {
            return letterReturned(list, mail, letter);
        }
        Matcher post = POST.matcher(mail.rest());
        if (post.matches()) {
            List<String> lost = post.group(2).isEmpty()
                    ? named(mail)
                    : MailingList.unfolded(post.group(2)).stream().toList();
            for (String address : lost) {
                if (list.subscribers().contains(address)) {
                    keep(list, "bounce/d/", address, post.group(1), mail);
                }
            }
        }
        return new Outcome.Stop();
    }

    private Outcome letterReturned(MailingList list, Mail mail, Matcher letter) throws IOException {
        Optional<String> address = MailingList.unfolded(letter.group(3));
        String kind = letter.group(1);
        if (address.isEmpty() || !list.cookies().valid(letter.group(2), kind, address.get(), mail.now())) {
            return new Outcome.Stop(); // too old, or not ours
        }
        if (kind.equals("warn")) {
            if (list.subscribers().contains(address.get())) {
                keep(list, "bounce/w/", address.get(), "", mail);
            }
        } else if (list.subscribers().remove(address.get())) {
            log.line("lists: info: " + list.address() + ": removed after its probe bounced: " + address.get());
        }
        return new Outcome.Stop();
    }

    /// Addresses in a bounce of the whole message, by QSBMF: a paragraph for each starts with `<address>:`.
    private static List<String> named(Mail mail) throws IOException {
        List<String> all = new ArrayList<>();
        String text = Letters.quote(mail.body());
        for (String line : text.lines().toList()) {
            if (line.startsWith("--- ")) {
                break;
            }
            Matcher failed = FAILED.matcher(line);
            if (failed.lookingAt()) {
                Subscribers.address(failed.group(1)).ifPresent(all::add);
            }
        }
        return all;
    }

    private static void keep(MailingList list, String folder, String address, String number, Mail mail)
            throws IOException {
        String file = folder + key(address);
        List<String> before =
                list.folder().text(file).map(text -> text.lines().toList()).orElse(List.of());
        String since = before.isEmpty() ? Long.toString(mail.now().getEpochSecond()) : before.getFirst();
        String numbers = before.size() > 2 ? before.get(2) : "";
        String more = numbers.split(" ", -1).length < NUMBERS_MAX ? (numbers + " " + number).strip() : numbers;
        list.folder().write(file, since + "\n" + address + "\n" + more + "\n\n" + Letters.quote(mail.body()));
    }

    /// `ezmlm-warn`, at most once in a while.
    ///
    /// @param timeout how old a bounce must be
    /// @param lockout how long after the last run nothing is done
    Outcome warn(MailingList list, Instant now, Duration timeout, Duration lockout) throws IOException {
        if (list.is("nowarn")) {
            return new Outcome.Done();
        }
        Instant last = Instant.ofEpochSecond(list.folder().number("bounce/lastd"));
        if (last.plus(lockout).isAfter(now)) {
            return new Outcome.Done();
        }
        list.folder().write("bounce/lastd", now.getEpochSecond() + "\n");
        Outcome warned = each(list, now, timeout, "d");
        return warned instanceof Outcome.Done ? each(list, now, timeout, "w") : warned;
    }

    private Outcome each(MailingList list, Instant now, Duration timeout, String kind) throws IOException {
        for (String key : list.folder().list("bounce/" + kind)) {
            String file = "bounce/" + kind + "/" + key;
            List<String> lines = list.folder().text(file).orElse("").lines().toList();
            boolean whole = lines.size() >= 3 && lines.getFirst().matches("[0-9]{1,12}");
            if (whole
                    && Instant.ofEpochSecond(Long.parseLong(lines.getFirst()))
                            .plus(timeout)
                            .isAfter(now)) {
                continue;
            }
            Optional<String> address = whole ? Subscribers.address(lines.get(1)) : Optional.empty();
            if (address.isPresent() && list.subscribers().contains(address.get())) {
                Outcome sent = tell(list, now, address.get(), kind.equals("d") ? "warn" : "probe", lines);
                if (!(sent instanceof Outcome.Done)) {
                    return sent;
                }
            }
            list.folder().delete(file);
        }
        return new Outcome.Done();
    }

    private Outcome tell(MailingList list, Instant now, String address, String kind, List<String> lines)
            throws IOException {
        String cookie = list.cookies().make(kind, address, now);
        Letters.Letter letter = new Letters.Letter(
                address,
                "return-" + kind + "-" + cookie + "-" + MailingList.folded(address),
                "help",
                (kind.equals("warn") ? "Warning from " : "Probe from ") + list.address(),
                kind.equals("warn") ? List.of("top", "bounce-warn", "bounce-num") : List.of("top", "bounce-probe"),
                address);
        String bounce = Letters.excerpt(lines.subList(Math.min(4, lines.size()), lines.size()));
        String numbers = kind.equals("warn") ? lines.get(2) + "\n" : "";
        return Outcome.of(letters.send(list, letter, now, numbers + bounce));
    }

    static String key(String address) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(address.toLowerCase(Locale.ROOT).getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
