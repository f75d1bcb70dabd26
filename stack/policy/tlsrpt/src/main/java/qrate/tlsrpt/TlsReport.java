package qrate.tlsrpt;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import qrate.core.JsonWriter;

/// A report about a day's mail to a domain (RFC 8460 §4.4).
///
/// @param organization who reports, our name
/// @param contact an address for questions
/// @param domain it is about
/// @param day of UTC
/// @param counts by policy
public record TlsReport(
        String organization, String contact, String domain, LocalDate day, Map<FoundPolicy, TlsTally.Counts> counts) {
    public TlsReport {
        counts = Collections.unmodifiableMap(new TreeMap<>(counts));
    }

    /// The same for a report that is made twice.
    public String id() {
        return day + "." + domain + "@" + organization;
    }

    /// The name of its file (§5.1).
    public String file() {
        return organization + "!" + domain + "!" + begin() + "!" + (begin() + seconds() - 1) + ".json.gz";
    }

    private long begin() {
        return day.atStartOfDay(ZoneOffset.UTC).toEpochSecond();
    }

    private long seconds() {
        return day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toEpochSecond() - begin();
    }

    /// As JSON, packed by gzip.
    public byte[] packed() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(JsonWriter.write(json()).getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    private Map<String, Object> json() {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("organization-name", organization);
        report.put("date-range", Map.of("start-datetime", day + "T00:00:00Z", "end-datetime", day + "T23:59:59Z"));
        report.put("contact-info", contact);
        report.put("report-id", id());
        List<Object> policies = new ArrayList<>();
        counts.forEach((found, of) -> policies.add(policy(found, of)));
        report.put("policies", policies);
        return report;
    }

    private Map<String, Object> policy(FoundPolicy found, TlsTally.Counts of) {
        Map<String, Object> named = new LinkedHashMap<>();
        named.put("policy-type", found.type().word());
        if (!found.lines().isEmpty()) {
            named.put("policy-string", found.lines());
        }
        named.put("policy-domain", domain);
        if (!found.hosts().isEmpty()) {
            named.put("mx-host", found.hosts());
        }
        Map<String, Object> policy = new LinkedHashMap<>();
        policy.put("policy", named);
        policy.put(
                "summary",
                Map.of("total-successful-session-count", of.successes(), "total-failure-session-count", of.failed()));
        List<Object> details = new ArrayList<>();
        of.failures().forEach((fault, count) -> details.add(detail(fault, count)));
        if (!details.isEmpty()) {
            policy.put("failure-details", details);
        }
        return policy;
    }

    private static Map<String, Object> detail(TlsFault fault, long count) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("result-type", fault.cause().failure().word());
        told(detail, "sending-mta-ip", fault.from());
        told(detail, "receiving-mx-hostname", fault.server().name());
        told(detail, "receiving-ip", fault.server().address());
        detail.put("failed-session-count", count);
        told(detail, "failure-reason-code", fault.cause().reason());
        return detail;
    }

    private static void told(Map<String, Object> detail, String name, String value) {
        if (!value.isEmpty()) {
            detail.put(name, value);
        }
    }
}
