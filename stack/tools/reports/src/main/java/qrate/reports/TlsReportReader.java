package qrate.reports;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import qrate.core.DomainName;
import qrate.reported.ReportSummary;

/// Reads reports on TLS (RFC 8460 §4.4): JSON, plain or packed by gzip. Whoever sent it is a stranger: it is read
/// within limits, once, and what is not known is passed over.
final class TlsReportReader {
    /// Most bytes of JSON; those of the largest senders have some ten thousand.
    static final int JSON_BYTES_MAX = 8 << 20;

    /// Most policies of a report, and most kinds of failure of a policy; others are passed over.
    static final int PARTS_MAX = 1_000;

    /// Kept of a text, in characters.
    static final int TEXT_CHARS_MAX = 255;

    private static final int DEPTH_MAX = 20;
    private static final int STRING_CHARS_MAX = 64 << 10;
    private static final int NUMBER_CHARS_MAX = 18;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxStringLength(STRING_CHARS_MAX)
                    .maxNumberLength(NUMBER_CHARS_MAX)
                    .maxNameLength(TEXT_CHARS_MAX)
                    .build())
            .build();

    private String organization = "";
    private String id = "";
    private String begin = "";
    private String end = "";
    private final List<TlsReported.Policy> policies = new ArrayList<>();

    private TlsReportReader() {}

    /// What becomes of a member's value.
    @FunctionalInterface
    private interface Member {
        /// @param parser at the value's first token; what is an object or a list is read to its end, or left alone
        void take(String name, JsonParser parser) throws IOException;
    }

    /// Whether it is JSON, packed or not, so that it may be a report of this kind.
    static boolean mayBe(byte[] attachment) {
        try (InputStream in = unpacked(attachment)) {
            int first = in.read();
            while (first == ' ' || first == '\n' || first == '\r' || first == '\t') {
                first = in.read();
            }
            return first == '{';
        } catch (IOException _) {
            return false;
        }
    }

    /// Reads one.
    ///
    /// @throws IOException when it is none, or larger than is read
    static TlsReported read(byte[] attachment) throws IOException {
        byte[] json;
        try (InputStream in = unpacked(attachment)) {
            json = in.readNBytes(JSON_BYTES_MAX + 1);
        }
        if (json.length > JSON_BYTES_MAX) {
            throw new IOException("more than " + JSON_BYTES_MAX + " bytes of JSON");
        }
        try (JsonParser parser = FACTORY.createParser(json)) {
            return new TlsReportReader().report(parser);
        }
    }

    private static InputStream unpacked(byte[] attachment) throws IOException {
        boolean packed = attachment.length > 1 && attachment[0] == 0x1f && (attachment[1] & 0xff) == 0x8b;
        InputStream in = new ByteArrayInputStream(attachment);
        return packed ? new BufferedInputStream(new GZIPInputStream(in)) : in;
    }

    private TlsReported report(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new IOException("no JSON object");
        }
        members(parser, (name, value) -> {
            switch (name) {
                case "organization-name" -> organization = text(value);
                case "report-id" -> id = text(value);
                case "date-range" ->
                    members(value, (part, date) -> {
                        begin = part.equals("start-datetime") ? text(date) : begin;
                        end = part.equals("end-datetime") ? text(date) : end;
                    });
                case "policies" -> items(value, this::policy);
                default -> {
                    // passed over
                }
            }
        });
        if (policies.isEmpty()) {
            throw new IOException("no report on TLS: it names no policy");
        }
        return new TlsReported(organization, id, instant(begin), instant(end), policies);
    }

    private static Instant instant(String text) throws IOException {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new IOException("no report on TLS: it does not say of which time", e);
        }
    }

    /// What is read of one policy.
    private static final class Found {
        private String type = "";
        private String domain = "";
        private long successes;
        private long failed;
        private final Map<ReportSummary.TlsFailure, Long> failures = new HashMap<>();
    }

    private void policy(JsonParser parser) throws IOException {
        Found found = new Found();
        members(parser, (name, value) -> {
            switch (name) {
                case "policy" ->
                    members(value, (part, of) -> {
                        found.type = part.equals("policy-type") ? text(of) : found.type;
                        found.domain = part.equals("policy-domain") ? text(of) : found.domain;
                    });
                case "summary" ->
                    members(value, (part, of) -> {
                        found.successes = part.equals("total-successful-session-count") ? number(of) : found.successes;
                        found.failed = part.equals("total-failure-session-count") ? number(of) : found.failed;
                    });
                case "failure-details" -> items(value, detail -> failure(detail, found));
                default -> {
                    // passed over
                }
            }
        });
        if (policies.size() < PARTS_MAX && !found.domain.isEmpty()) {
            policies.add(new TlsReported.Policy(
                    found.type, DomainName.ascii(found.domain), found.successes, found.failed, found.failures));
        }
    }

    private static void failure(JsonParser parser, Found found) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        long[] count = {0};
        members(parser, (name, value) -> {
            switch (name) {
                case "result-type", "receiving-mx-hostname" -> texts.put(name, text(value));
                case "failed-session-count" -> count[0] = number(value);
                default -> {
                    // passed over
                }
            }
        });
        ReportSummary.TlsFailure kind = new ReportSummary.TlsFailure(
                texts.getOrDefault("result-type", "unknown"), texts.getOrDefault("receiving-mx-hostname", ""));
        if (found.failures.size() < PARTS_MAX || found.failures.containsKey(kind)) {
            found.failures.merge(kind, count[0], TlsReportReader::sum);
        }
    }

    /// Whoever sends reports may write any number into them.
    static long sum(long one, long other) {
        long sum = one + other;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    private static void members(JsonParser parser, Member member) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            member.take(name, parser);
            if (parser.currentToken() == value) {
                parser.skipChildren(); // nobody wanted it
            }
        }
    }

    /// What becomes of an item.
    @FunctionalInterface
    private interface Item {
        void take(JsonParser parser) throws IOException;
    }

    private static void items(JsonParser parser, Item item) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            return;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                item.take(parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    private static String text(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            return "";
        }
        String text = parser.getText();
        return text.substring(0, Math.min(TEXT_CHARS_MAX, text.length()));
    }

    private static long number(JsonParser parser) throws IOException {
        return parser.currentToken() == JsonToken.VALUE_NUMBER_INT ? Math.max(0, parser.getLongValue()) : 0;
    }
}
