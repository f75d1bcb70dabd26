package qrate.dmarc.reports;

import java.time.Instant;
import java.util.List;

/// What one receiver tells a domain of the mail that came in its name (RFC 9990 §3.1). Words are as they stand
/// in the report, in lower case, and empty where nothing stands: reports of others are read into this, too.
///
/// @param metadata who tells it
/// @param published the policy that was found
/// @param rows what came
public record AggregateReport(Metadata metadata, Published published, List<Row> rows) {
    public AggregateReport {
        rows = List.copyOf(rows);
    }

    /// Who made the report.
    ///
    /// @param organization its name
    /// @param email to ask
    /// @param contact other ways to ask
    /// @param id unique among the reports to one domain
    /// @param period what it covers
    /// @param error what was wrong with the policy, or is missing here
    /// @param generator the program and its version
    public record Metadata(
            String organization,
            String email,
            String contact,
            String id,
            Period period,
            String error,
            String generator) {}

    /// From when to when; the end is the last second that counts.
    public record Period(Instant begin, Instant end) {}

    /// The policy.
    ///
    /// @param domain where the record stood
    /// @param policies what it asked for
    /// @param adkim `r` or `s`
    /// @param aspf `r` or `s`
    /// @param fo when failure reports were wanted
    /// @param testing `y` or `n`
    /// @param method `treewalk` or `psl`
    public record Published(
            String domain, Policies policies, String adkim, String aspf, String fo, String testing, String method) {}

    /// `none`, `quarantine` or `reject`, each.
    public record Policies(String p, String sp, String np) {}

    /// Messages that were alike.
    ///
    /// @param source the address they came from
    /// @param count how many; 1 and more
    /// @param evaluated what DMARC said
    /// @param identifiers whose they were
    /// @param dkim what became of their signatures
    /// @param spf what became of their envelope
    public record Row(
            String source, long count, Evaluated evaluated, Identifiers identifiers, List<Dkim> dkim, Spf spf) {
        public Row {
            dkim = List.copyOf(dkim);
        }
    }

    /// What DMARC said.
    ///
    /// @param disposition what was done: `none`, `pass`, `quarantine`, `reject`
    /// @param dkim whether an aligned signature passed: `pass` or `fail`
    /// @param spf the same of the envelope
    /// @param reasons why something else was done than was asked for
    public record Evaluated(String disposition, String dkim, String spf, List<Reason> reasons) {
        public Evaluated {
            reasons = List.copyOf(reasons);
        }
    }

    /// Why something else was done: `local_policy`, `mailing_list` and so on, and words for people.
    public record Reason(String type, String comment) {}

    /// Domains of From, of the reverse-path, and of the recipient, which we never tell.
    public record Identifiers(String headerFrom, String envelopeFrom, String envelopeTo) {}

    /// One signature, not looked at by DMARC's eyes.
    public record Dkim(String domain, String selector, String result) {}

    /// The envelope's check; reports after RFC 7489 may have two, of which the one of MAIL FROM stands here.
    public record Spf(String domain, String scope, String result) {}
}
