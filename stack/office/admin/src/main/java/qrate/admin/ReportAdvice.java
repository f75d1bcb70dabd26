package qrate.admin;

import java.util.Set;
import qrate.reported.MessageTally;
import qrate.reported.ReportSummary;

/// What to do about what others report.
///
/// @param domain that it is about
/// @param ours our own addresses, as far as they are known
/// @param policy on mail that was seen last, or empty
record ReportAdvice(String domain, Set<String> ours, String policy) {
    /// About a source of mail in the domain's name.
    Said source(String address, MessageTally tally) {
        if (address.equals(ReportSummary.OTHERS)) {
            return Said.of("reports-source-others");
        }
        if (tally.failed() == 0) {
            return passing(tally);
        }
        if (ours.contains(address)) {
            return Said.of("reports-source-ours", tally.failed());
        }
        if (tally.passed() > 0 || tally.forwarded() > 0) {
            return Said.of("reports-source-partly", tally.failed());
        }
        if (!tally.vouchers().isEmpty()) {
            return Said.of("reports-source-service", String.join(", ", tally.vouchers()), domain);
        }
        return policy.startsWith("p=none")
                ? Said.of("reports-source-let-in", domain)
                : Said.of("reports-source-stranger", domain);
    }

    private Said passing(MessageTally tally) {
        if (tally.dkim() < tally.messages()) {
            return Said.of("reports-source-unsigned", domain);
        }
        return tally.spf() < tally.messages() ? Said.of("reports-source-signed") : Said.of("reports-source-well");
    }

    /// About sessions that failed.
    ///
    /// @param result as RFC 8460 §4.3 names it
    static Said failure(String result) {
        return switch (result) {
            case "starttls-not-supported" -> Said.of("reports-tls-starttls");
            case "certificate-host-mismatch" -> Said.of("reports-tls-name");
            case "certificate-expired" -> Said.of("reports-tls-expired");
            case "certificate-not-trusted" -> Said.of("reports-tls-untrusted");
            case "tlsa-invalid", "dnssec-invalid", "dane-required" -> Said.of("reports-tls-dane");
            case "sts-policy-fetch-error", "sts-policy-invalid", "sts-webpki-invalid" -> Said.of("reports-tls-sts");
            default -> Said.of("reports-tls-other");
        };
    }
}
