package qrate.lists;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import qrate.core.Log;
import qrate.message.Header;

/// Complaints of subscribers, as mailbox providers report them (RFC 5965, RFC 6650): `ezmlm-complaint`.
///
/// A report says nothing that a stranger could not write. What proves that it is about a copy that this subscriber
/// got is the link in the copy's own `List-Unsubscribe`, whose code is made with the list's key ({@link OneClick}):
/// whoever has it may take the address off the list anyway. A return-path proves nothing, since it has no code. So a
/// report without the link, or with a link that is wrong, is noted in the log and changes nothing.
record Complaints(Letters letters, Log log) {
    /// Bytes of a report that are looked at: the copy's header stands behind two short parts.
    static final int REPORT_BYTES_MAX = 256 << 10;

    /// Longest `List-Unsubscribe` that is read, in characters.
    static final int FIELD_CHARS_MAX = 4 << 10;

    /// Lines that are looked at.
    static final int LINES_MAX = 10_000;

    private static final String FIELD = "list-unsubscribe:";
    private static final String TYPE = "feedback-type:";

    /// The kinds of RFC 5965 §7.3 by which somebody says that he does not want it; `not-spam` is none.
    private static final Set<String> UNWANTED = Set.of("abuse", "fraud", "opt-out", "other", "virus");

    /// What is read of a report.
    ///
    /// @param type lower case; empty where there is none
    /// @param unsubscribe the field of the copy, unfolded; empty where there is none
    record Report(String type, String unsubscribe) {
        /// Reads a report.
        ///
        /// @return empty for a message that is none
        static Optional<Report> of(Mail mail) throws IOException {
            Header header = mail.header();
            String kind = header.value("content-type").orElse("").toLowerCase(Locale.ROOT);
            if (!kind.strip().startsWith("multipart/report") || !kind.contains("feedback-report")) {
                return Optional.empty();
            }
            try (InputStream in = mail.body().open()) {
                in.skipNBytes(header.bytes());
                return Optional.of(parse(new String(in.readNBytes(REPORT_BYTES_MAX), UTF_8)));
            }
        }

        /// The fields wherever they stand: which part they are in proves nothing either.
        static Report parse(String text) {
            String type = "";
            StringBuilder field = new StringBuilder();
            boolean open = false;
            for (String line : text.lines().limit(LINES_MAX).toList()) {
                String lower = line.substring(0, Math.min(line.length(), FIELD.length()))
                        .toLowerCase(Locale.ROOT);
                if (open && (line.startsWith(" ") || line.startsWith("\t"))) {
                    append(field, line);
                    continue;
                }
                open = false;
                if (field.isEmpty() && lower.equals(FIELD)) {
                    append(field, line.substring(FIELD.length()));
                    open = true;
                } else if (type.isEmpty() && lower.startsWith(TYPE)) {
                    type = Letters.line(line.substring(TYPE.length())).toLowerCase(Locale.ROOT);
                }
            }
            return new Report(type, field.toString());
        }

        private static void append(StringBuilder field, String line) {
            int room = Math.max(0, FIELD_CHARS_MAX - field.length());
            field.append(line.strip(), 0, Math.min(room, line.strip().length()));
        }

        /// The address that the copy's link was made for.
        Optional<String> member(MailingList list) {
            int question = unsubscribe.indexOf(OneClick.PATH + "?");
            int end = question < 0 ? -1 : unsubscribe.indexOf('>', question);
            if (end < 0) {
                return Optional.empty();
            }
            Map<String, String> query = query(unsubscribe.substring(question + OneClick.PATH.length() + 1, end));
            Optional<String> address = Subscribers.address(query.getOrDefault("address", ""));
            boolean here = query.getOrDefault("list", "").equalsIgnoreCase(list.address());
            return address.filter(_ -> here).filter(one -> OneClick.allows(list, query.getOrDefault("code", ""), one));
        }

        private static Map<String, String> query(String text) {
            Map<String, String> query = new HashMap<>();
            for (String pair : text.split("&", -1)) {
                int equals = pair.indexOf('=');
                try {
                    String value = URLDecoder.decode(pair.substring(equals + 1), UTF_8);
                    query.putIfAbsent(equals < 0 ? "" : pair.substring(0, equals), value);
                } catch (IllegalArgumentException _) {
                    // half of an escape: no link of ours has one
                }
            }
            return query;
        }
    }

    /// `ezmlm-complaint`: whoever complains is off the list, and the owner hears of it. Everything else is left to
    /// the next line of the `.qmail` file.
    ///
    /// The owner is written to first: a crash behind that tells him twice, and not never.
    Outcome complained(MailingList list, Mail mail) throws IOException {
        Optional<Report> report = Report.of(mail);
        if (report.isEmpty()) {
            return new Outcome.Done();
        }
        Optional<String> member = report.get().member(list);
        boolean unwanted = UNWANTED.contains(report.get().type);
        if (member.isEmpty() || !unwanted) {
            log.line("lists: info: " + list.address() + ": a report ("
                    + Log.escape(report.get().type) + ") that "
                    + (unwanted ? "names no copy of this list's" : "is no complaint") + ": nothing is changed");
            return new Outcome.Done();
        }
        if (!list.subscribers().contains(member.get())) {
            return new Outcome.Done();
        }
        Letters.Letter letter = new Letters.Letter(
                list.address("owner"),
                "return-",
                "help",
                "COMPLAINT about " + list.address(),
                List.of("top", "complaint"),
                member.get());
        Outcome told = Outcome.of(letters.send(list, letter, mail.now(), ""));
        if (told instanceof Outcome.Done) {
            list.subscribers().remove(member.get());
            log.line("lists: info: " + list.address() + ": removed after a complaint (" + report.get().type + "): "
                    + member.get());
        }
        return told;
    }
}
