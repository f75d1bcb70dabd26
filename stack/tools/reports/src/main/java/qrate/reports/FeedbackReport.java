package qrate.reports;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import qrate.dmarc.DomainNames;

/// The middle part of a complaint (RFC 5965 §3): what a provider says of a message that somebody did not want.
///
/// @param type in lower case: `abuse`
/// @param by what the reporter calls itself; may be empty
/// @param source address that the message came from; may be empty
/// @param domains that it may be about, the likeliest first
record FeedbackReport(String type, String by, String source, List<String> domains) {
    /// The part's type.
    static final String TYPE = "message/feedback-report";

    /// Lines that are looked at.
    static final int LINES_MAX = 200;

    /// Domains that are taken.
    static final int DOMAINS_MAX = 10;

    private static final int BYTES_MAX = 64 << 10;

    FeedbackReport {
        domains = List.copyOf(domains);
    }

    /// Reads one; nothing for what has no type, which is none.
    static Optional<FeedbackReport> read(byte[] part) {
        String text = new String(part, 0, Math.min(part.length, BYTES_MAX), ISO_8859_1);
        String type = "";
        String agent = "";
        String host = "";
        String source = "";
        List<String> reported = new ArrayList<>();
        List<String> senders = new ArrayList<>();
        for (String line : fields(text)) {
            int colon = line.indexOf(':');
            String value = colon < 0 ? "" : line.substring(colon + 1).strip();
            switch (colon < 0 ? "" : line.substring(0, colon).strip().toLowerCase(Locale.ROOT)) {
                case "feedback-type" -> type = first(type, word(value));
                case "user-agent" -> agent = first(agent, value);
                case "reporting-mta" ->
                    host = first(host, value.substring(value.indexOf(';') + 1).strip());
                case "source-ip" -> source = first(source, value.matches("[0-9A-Fa-f.:]{2,45}") ? value : "");
                case "reported-domain" -> DomainNames.of(value).ifPresent(reported::add);
                case "original-mail-from" -> domain(value).ifPresent(senders::add);
                default -> {
                    // says nothing that is kept
                }
            }
        }
        reported.addAll(senders);
        return type.isEmpty()
                ? Optional.empty()
                : Optional.of(new FeedbackReport(
                        type,
                        host.isEmpty() ? agent : host,
                        source,
                        reported.stream().distinct().limit(DOMAINS_MAX).toList()));
    }

    /// Its fields, those over several lines on one (RFC 5322 §2.2.3).
    private static List<String> fields(String text) {
        List<String> fields = new ArrayList<>();
        for (String line : text.lines().limit(LINES_MAX).toList()) {
            boolean goesOn = !fields.isEmpty() && (line.startsWith(" ") || line.startsWith("\t"));
            fields.add(goesOn ? fields.removeLast() + line : line);
        }
        return fields;
    }

    private static String first(String before, String now) {
        return before.isEmpty() ? now : before;
    }

    private static String word(String value) {
        String word = value.toLowerCase(Locale.ROOT);
        return word.matches("[a-z0-9-]{1,30}") ? word : "";
    }

    /// The domain of an address, in angle brackets or without.
    private static Optional<String> domain(String address) {
        String bare = address.endsWith(">") ? address.substring(0, address.length() - 1) : address;
        int at = bare.lastIndexOf('@');
        return at < 0 ? Optional.empty() : DomainNames.of(bare.substring(at + 1));
    }
}
