package qrate.dmarc.reports;

import qrate.dmarc.reports.AggregateReport.Period;

/// How a report is called, the same each time it is sent (RFC 9990 §3.5).
public final class ReportNames {
    /// Media type of the attachment.
    public static final String MEDIA_TYPE = "application/gzip";

    private ReportNames() {}

    /// The report's id: unique among those to one domain (RFC 9990 §3.5.1).
    ///
    /// @param number which of a domain's policies of that time, from 0
    /// @param receiver our domain
    public static String id(String policyDomain, Period period, int number, String receiver) {
        return period.begin().getEpochSecond() + "." + number + "." + policyDomain + "@" + receiver;
    }

    /// The attachment's name (RFC 9990 §3.5.2): `receiver!domain!begin!end!number.xml.gz`.
    public static String file(AggregateReport report, int number, String receiver) {
        Period period = report.metadata().period();
        return receiver + "!" + report.published().domain() + "!"
                + period.begin().getEpochSecond() + "!" + period.end().getEpochSecond() + "!" + number + ".xml.gz";
    }

    /// The message's subject, folded (RFC 9990 §3.5.2).
    public static String subject(AggregateReport report, String receiver) {
        return "Report Domain: " + report.published().domain() + "\n\tSubmitter: " + receiver + "\n\tReport-ID: <"
                + report.metadata().id() + ">";
    }
}
