/// Reports on the TLS that mail to a domain had (RFC 8460): what is counted, who wants to hear of it, what it is told.
///
/// The way of a count: {@link qrate.tlsrpt.TlsNote} (a line in a delivery's report, made by rspawn) → the ledger →
/// {@link qrate.tlsrpt.TlsTally} (a day of it, by domain and policy, counted by send when admin asks) →
/// {@link qrate.tlsrpt.TlsReport} for each domain whose {@link qrate.tlsrpt.TlsRptRecord} wants one.
///
/// Receives from: `qrate.remote` (sessions), `qrate.ledger` (a day's lines, by send), DNS (records).
/// Hands to: `qrate.reports`, which sends and reads reports.
/// Owns: nothing; the ledger remembers.
/// Promise: counts are bounded in domains and in kinds of failure; beyond that they are left out, or one.
/// Trust: what a server says never becomes a line: lines stand before its words. Records are strangers' texts.
///
/// Standards: RFC 8460. By its sections:
///
/// | § | where |
/// | --- | --- |
/// | 3 | `TlsRptRecord`: exactly one, `v=TLSRPTv1`, `rua` with `mailto:` and `https:` |
/// | 4.1 | `qrate.reports`: one report a day of UTC |
/// | 4.2 | `TlsTally`: successes, and failures by result, by what was found: TLSA records, a policy, neither |
/// | 4.3.1, 4.3.2 | `TlsNote.Failure`: negotiation, DANE and MTA-STS, policies that cannot be had among them |
/// | 4.4 | `TlsReport`: all fields but `receiving-mx-helo` and `additional-information` |
/// | 5.2 to 5.5 | `qrate.reports`: file name, multipart/report, header fields; POST over HTTPS |
///
/// What RFC 8460 demands, and the tests that show it:
/// - §3 the record's name, version in front, and a place at least: `TlsRptRecordTest.readsWhoWantsReports`,
///   `TlsRptRecordTest.standsAtItsOwnNameBelowTheDomain`
/// - §3 not one record, or one that breaks the grammar, is none: `TlsRptRecordTest.takesNoneOfTwoRecords`,
///   `TlsRptRecordTest.takesNoneWhereAnyFieldIsNone`
/// - §3 several strings are one text: `DnsClientTest.theStringsOfATextAreOneText`
/// - §3 mailto and https, several of them: `TlsRptRecordTest.readsWhereReportsArePosted`
/// - §3 reports by mail are signed by who reports, without `l=`, and arrive whatever is wrong with TLS:
///   `TlsReportPostTest.whoWantsOneGetsAReportADayThatCanBeRead`, `SigningTest.theFieldSaysWhatItMustInShortLines`,
///   `RemoteRequireTlsTest.goesByAnyWayWhereTheHeaderWantsNone`
/// - §3 those that come unsigned count for nothing: `ReportKeeperTest.whatNothingVouchesForIsToldAndCountsForNothing`
/// - §4.1 a day of UTC, not all at once: `TlsReportPostTest.aDayIsDoneOnceAlsoOverARestart`,
///   `TlsReportPostTest.waitsUntilTheDayIsSettled`
/// - §4.2 what was found, how often it went well and failed:
///   `TlsTallyTest.countsWhatDeliveriesSayByDomainPolicyAndFailure`,
///   `TlsTallyTest.tellsWhichPolicyItWasWhereItCameFromAndWhy`, `TlsTallyTest.keepsTheRecordsOfServersApart`
/// - §4.3.1 failures of negotiation: `RemoteMtaStsTest.triesAPolicyInModeTestingAndTellsWhatDoesNotFit`,
///   `RemoteMtaStsTest.tellsOfEachServerThatFailedBeforeOneTookTheMessage`
/// - §4.3.2.1 failures of DANE: `RemoteDaneTest.waitsWhereTheRecordsCannotBeHadOrAreForged`,
///   `RemoteDaneTest.wantsTlsWithAnyCertificateWhereNoRecordIsOfUse`
/// - §4.3.2.2 failures of MTA-STS: `RemoteMtaStsTest.tellsOfAPolicyThatIsNone`,
///   `RemoteMtaStsTest.believesNoWebServerWhoseCertificateIsNotGood`
/// - §4.4 the fields of a report: `TlsReportPostTest.aReportIsLikeTheExampleOfTheStandard`,
///   `TlsReportPostTest.aReportSaysOfAPolicyWhatIsKnown`; those of others:
///   `TlsReportReaderTest.readsAReportPackedAndPlain`
/// - §5.1, §5.3 file name, multipart/report, its fields: `TlsReportPostTest.whoWantsOneGetsAReportADayThatCanBeRead`
/// - §5.2 gzip: `TlsReportReaderTest.readsAReportPackedAndPlain`
/// - §5.4 POST by HTTPS: `WebPostTest.postsAReportOnce`, `TlsReportPostTest.whoWantsNoneByMailGetsItByHttps`
/// - §5.5 tried again where it was not taken: `TlsReportPostTest.goesOnWhereTheQueueTookNoMore`
///
/// Of the results, `dane-required` (§4.3.2.1) never occurs: no setting here demands DANE of a domain. A delivery whose
/// policy could not be had, or whose TLSA records are all of no use, counts as one failure, although it goes on, as one
/// that a policy in mode testing would have stopped.
///
// DEVIATION: §4.2 counts sessions; counted here are deliveries, each as often as it has recipients, since that is what
// the ledger has.
package qrate.tlsrpt;
