/// Reports by mail, of DMARC and on TLS: hands over those on DMARC that the gate has made, makes those on TLS, and
/// shows those that come about our domains.
///
/// Receives from: the gate, {@link qrate.dmarc.reports.ReportParcel} files in its folder; send, what TLS a day's
/// deliveries had; an administrator, `dmarc` and `tlsrpt`.
/// Hands to: the queue, a message each ({@link qrate.reports.ReportPost}, {@link qrate.reports.TlsReportPost}); the
/// administrator, who sends in a domain's name ({@link qrate.reports.DmarcCommand}), and what TLS mail to it has
/// ({@link qrate.reports.TlsrptCommand}); admin, which may not read mail, a summary of each domain
/// ({@link qrate.reports.ReportKeeper}, in lspawn).
/// Owns: `db/tlsreports`, the last day whose reports on TLS are sent; `.reports` below the maildirs. A file of the gate
/// goes once the queue has its message; a mailbox is read and never changed.
/// Promise: what leaves is a report in a frame that is made here, to at most ten addresses, a thousand a day: a
/// break-in at the gate can do no more with the right to be read here. Bounces go to the address in
/// `control/dmarcreports`. What comes is read within limits of bytes, depth, parts and messages, and one report that
/// came twice counts once.
/// Trust: none in the gate's files, and none in mail: anybody can send a report, and what it says is what its sender
/// says. Where our gate looked who that was ({@link qrate.reports.ReportOrigin}), what nothing vouches for is told and
/// not counted.
///
/// What RFC 5965 demands, and the tests that show it:
/// - §2 the second of three parts, message/feedback-report, tells what it is about:
///   `ReportKeeperTest.complaintsAreCountedByDomainAndReporterAndTellNobodysName`
/// - §3 fields as of a header, folded too, in any order, those that are not known are passed over:
///   `FeedbackReportTest.readsWhatItIsAboutAndWhoSaysSo`, `FeedbackReportTest.readsFieldsOverSeveralLines`
/// - §3.1 a type, one who wrote it and a version, once each:
///   `FeedbackReportTest.leavesOutWhatMakesNoSenseAndIsBounded`
/// - §3.2, §3.3 what may stand there once is taken once, domains several times:
///   `FeedbackReportTest.leavesOutWhatMakesNoSenseAndIsBounded`
/// - §8 anybody can write one, so what nothing vouches for counts for nothing:
///   `ReportKeeperTest.whatNothingVouchesForIsToldAndCountsForNothing`
/// - §8 automatic floods are bounded: `ReportKeeperTest.moreThanABatchIsReadInOneLookAndAFloodOfReportsIsBounded`
///
/// Standards: RFC 9990 §3.5, RFC 7489 §7.2 (reading); RFC 8460 §3 to §5; RFC 5965 §3 (complaints); RFC 2045, RFC 2046,
/// RFC 2183.
package qrate.reports;
