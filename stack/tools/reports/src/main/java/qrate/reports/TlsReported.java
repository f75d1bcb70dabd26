package qrate.reports;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import qrate.reported.ReportSummary;

/// A report of somebody else about the TLS of mail to us (RFC 8460 §4.4), as far as it is shown.
///
/// @param organization who reports
/// @param id of the report; with the organization its name
record TlsReported(String organization, String id, Instant begin, Instant end, List<Policy> policies) {
    TlsReported {
        policies = List.copyOf(policies);
    }

    /// What it says of a policy.
    ///
    /// @param type `sts`, `tlsa`, `no-policy-found`
    /// @param domain in ASCII, lower case
    /// @param failures sessions that failed by kind: result and server
    record Policy(
            String type, String domain, long successes, long failed, Map<ReportSummary.TlsFailure, Long> failures) {
        Policy {
            failures = Map.copyOf(failures);
        }
    }
}
