/// What reports of others say of a domain, summed up: who sends in its name (DMARC), and what TLS mail to it has.
///
/// Receives from: lspawn, which reads the mailboxes that reports come to ({@link qrate.reported.ReportSummary}).
/// Hands to: admin, for the domain's page and REST; the commands `dmarc` and `tlsrpt`.
/// Owns: the form of the files in `maildirs/.reports` ({@link qrate.reported.SummaryFile}), one for each domain that a
/// report was about.
/// Promise: a report counts once, by who made it and the name that he gave it. Days, reports, sources of a day and
/// kinds of failure are bounded, and so is the file; what has no room in a table is one row, `others`.
/// Trust: anybody can send a report, and users' programs can write below `maildirs`: a file is read within limits, a
/// line that makes no sense is passed over, and no text holds a control character.
///
/// What reading reports demands, and the tests that show it:
/// - one report counts once (RFC 9990 §3.5.4, RFC 8460 §4.4):
///   `ReportSummaryTest.aReportCountsOnceByWhoMadeItAndHowHeNamedIt`
/// - numbers of strangers do not run over: `ReportSummaryTest.sumsOfWhateverNumbersStandAtTheLargest`
/// - what nothing vouches for drives out nothing that counts (RFC 8460 §3):
///   `ReportSummaryTest.doubtfulReportsAreBoundedAndOneIsTheTrueOneOnceThatCame`
///
/// Standards: RFC 9990 §3.1 (rows of a report), RFC 8460 §4.2 to §4.4 (sessions, results).
package qrate.reported;
