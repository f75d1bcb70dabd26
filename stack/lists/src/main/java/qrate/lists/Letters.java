package qrate.lists;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import qrate.core.Body;
import qrate.core.Envelope;
import qrate.core.Intake;
import qrate.core.Verdict;

/// What a list writes to one person: answers, questions, warnings.
record Letters(Intake queue, RandomGenerator random) {
    /// Bytes of somebody's message that a letter quotes.
    static final int QUOTE_BYTES_MAX = 8 << 10;

    /// One letter.
    ///
    /// @param returns local part behind `list-` that its bounces go to, `return-` for nobody
    /// @param replyTo local part behind `list-` that answers go to
    /// @param subject without tags
    /// @param texts names in `text/`, in order
    /// @param about the address that it is about, for `<#A#>`
    record Letter(String to, String returns, String replyTo, String subject, List<String> texts, String about) {}

    /// Sends a letter; what is quoted stands below a line that says so.
    Verdict send(MailingList list, Letter letter, Instant now, String quoted) throws IOException {
        StringBuilder text = new StringBuilder(header(list, letter, now));
        text.append("MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n");
        text.append(texts(list, letter));
        if (!quoted.isEmpty()) {
            text.append("\n--- Copy, in part, of the message this is about:\n\n")
                    .append(quoted);
        }
        return accept(list, letter, Body.of(text.toString().getBytes(UTF_8)));
    }

    /// Sends a letter with whole messages attached.
    Verdict attach(MailingList list, Letter letter, Instant now, List<Body> messages) throws IOException {
        String boundary = "=_" + Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
        String front = header(list, letter, now) + "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\""
                + boundary + "\"\n\n--" + boundary
                + "\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
                + texts(list, letter);
        byte[] start = front.getBytes(UTF_8);
        byte[] between = ("\n--" + boundary + "\nContent-Type: message/rfc822\n\n").getBytes(UTF_8);
        byte[] end = ("\n--" + boundary + "--\n").getBytes(UTF_8);
        long size = (long) start.length + end.length;
        for (Body message : messages) {
            size += between.length + message.size();
        }
        long whole = size;
        return accept(list, letter, new Body() {
            @Override
            public long size() {
                return whole;
            }

            @Override
            public InputStream open() throws IOException {
                List<InputStream> parts = new ArrayList<>();
                parts.add(new ByteArrayInputStream(start));
                for (Body message : messages) {
                    parts.add(new ByteArrayInputStream(between));
                    parts.add(message.open());
                }
                parts.add(new ByteArrayInputStream(end));
                return new SequenceInputStream(Collections.enumeration(parts));
            }
        });
    }

    private Verdict accept(MailingList list, Letter letter, Body body) {
        return queue.accept(Envelope.of(list.address(letter.returns), letter.to), body);
    }

    private String header(MailingList list, Letter letter, Instant now) {
        String id = now.getEpochSecond() + "." + Long.toHexString(random.nextLong()) + ".lists@" + list.host();
        return mailingList(list)
                + listId(list)
                + "Auto-Submitted: auto-replied\n" // RFC 3834 §5
                + "Date: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(now.atOffset(ZoneOffset.UTC)) + "\n"
                + "Message-ID: <" + id + ">\n"
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

    private static String texts(MailingList list, Letter letter) throws IOException {
        StringBuilder whole = new StringBuilder();
        for (String name : letter.texts) {
            String text = list.folder().text("text/" + name).orElse(Texts.DEFAULTS.getOrDefault(name, ""));
            whole.append(text.replace("<#l#>", list.local())
                    .replace("<#h#>", list.host())
                    .replace("<#A#>", letter.about)
                    .replace("<#F#>", MailingList.folded(letter.about))
                    .replace("<#R#>", list.address(letter.replyTo)));
        }
        return whole.toString();
    }

    /// The beginning of a message, as text to quote.
    static String quote(Body message) throws IOException {
        try (InputStream in = message.open()) {
            return new String(in.readNBytes(QUOTE_BYTES_MAX), UTF_8);
        }
    }
}
