/// Aggregate reports of DMARC: those that we send to domains, and those that others send to ours.
///
/// Receives from: the gate, message by message (outcome, evidence, client); once a day, whoever sends the
/// reports; whoever has a report from elsewhere to show.
/// Hands to: who may hand over mail a {@link qrate.dmarc.reports.ReportParcel}, a file in `reports` of that disk;
/// readers a {@link qrate.dmarc.reports.AggregateReport}.
/// Owns: `dmarc/YYYY-MM-DD` on the disk that it is given: rows of a day and how often each came; beside it
/// `.done`: the reports that were made of it.
/// Promise: a report is the same each time it is made, with the same id and file name, so that its receiver
/// knows a second one. What is written is well-formed XML of the schema's order, whatever strangers' texts are
/// in it. Counts of the last minute may be lost by a crash; a file that a crash tore goes on behind its last
/// whole line. Rows are bounded: 1,000 a domain, 10,000 and 6 MiB a day; what has no room is counted, and the
/// report says so. A thousand reports a day are made, of 1 MiB each at most, and each once; after a crash the one
/// that was being made may come twice.
/// Trust: none. Reports come from strangers: 10 MiB packed, 32 MiB of XML, 200 times their size, 16 elements
/// deep, 20,000 records, 1,000 characters a text; a document type or an entity ends it; of a zip the first file
/// alone is opened, and its name is not looked at. Consent to reports elsewhere is asked of DNS, so that nobody
/// is flooded by another's record.
///
/// RFC 9990, section by section:
/// - §3.1 one policy domain, one policy a report: {@link qrate.dmarc.reports.ReportBook#day}
/// - §3.1.1 XML: {@link qrate.dmarc.reports.ReportXml} writes version 1.0 with one `spf` a record; {@link
///   qrate.dmarc.reports.ReportReader} reads that, RFC 7489 and its drafts
/// - §3.1.3 signatures: in the order of preference, 20 at most
/// - §3.1.5 errors: the record's faults, and how many messages had no room
/// - §3.1.6 overrides: of the outcome: test mode, and the host's exceptions
/// - §3.2, §5 extensions: passed over; none is written
/// - §3.3 policies that change: a report for each
/// - §3.4 no `rua`, no report: {@link qrate.dmarc.reports.ReportBook#add} counts nothing then
/// - §3.5 sending: {@link qrate.dmarc.reports.ReportRounds}, once a day, each receiver at its own moment
/// - §3.5.1, §3.5.2 names: {@link qrate.dmarc.reports.ReportNames}; {@link qrate.dmarc.reports.ReportXml#packed}
///   compresses
/// - §4 reports elsewhere: {@link qrate.dmarc.reports.Destinations}
///
/// What RFC 9990 demands, and the tests that show it:
/// - §3.1 one policy domain and one policy a report:
///   `ReportBookTest.aPolicyThatChangesMakesASecondReportWithItsOwnId`
/// - §3.1.1 elements in the order of the schema, one `spf` at most, one record at least:
///   `ReportXmlTest.elementsStandInTheOrderOfTheSchemaWithOneSpf`, `ReportBookTest.messagesThatAreAlikeAreOneRow`
/// - §3.1.1 what was evaluated, not what was made of it, and the reason where something else was done:
///   `ReportBookTest.whySomethingElseWasDoneIsTold`, `GateReportsTest.whatIsDoneHereIsToldAndNotWhatWasAskedFor`,
///   `GateReportsTest.anExceptionOfOursIsToldByItsKind`
/// - §3.1.1 every signature that was looked at, within reason:
///   `ReportBookTest.whatPassesUnderAPolicyIsPassAndSignaturesStandInOrderOfPreference`
/// - §3.2, §5 extensions are no error: `ReportReaderTest.readsTheFormOfRfc9990AndPassesOverExtensions`
/// - §3.5 each URI is tried, up to a limit: `ReportRoundsTest.theDayBeforeIsReportedOnce`,
///   `DmarcRecordTest.moreAddressesThanTenAreNotRead`
/// - §3.5.1, §3.5.2 an id of its own, file name and subject, the same each time: `ReportXmlTest.namesFollowTheRfc`,
///   `ReportXmlTest.theSameReportIsTheSameFileEachTime`
/// - §3.5.2 an attachment, application/gzip, in a message that passes DMARC:
///   `ReportPostTest.aReportGoesToTheQueueOnce`, `ReportReaderTest.readsGzipAndTheFirstFileOfAZipByTheirFirstBytes`
/// - §3.5.4 one that comes twice counts once: `DmarcCommandTest.aReportThatCameTwiceCountsOnceAndAnothersNotAtAll`,
///   `ReportSummaryTest.aReportCountsOnceByWhoMadeItAndHowHeNamedIt`
/// - §4 another organization must agree: `DestinationsTest.anotherAgreesByARecordOrAWildcard`,
///   `DestinationsTest.whoDoesNotAgreeGetsNothing`, `DestinationsTest.theOwnOrganizationNeedNotAgree`
/// - §4 a name too long for DNS is no consent, records without the version in front are discarded:
///   `DestinationsTest.aNameThatIsTooLongForDnsIsARefusal`, `DestinationsTest.oneGoodRecordAmongOthersSuffices`
/// - §4 an address instead is of the same host, or nobody gets it:
///   `DestinationsTest.whoAgreesMayNameAnotherAddressOfTheSameHostOnly`
/// - §8 reports of strangers are read within bounds: `ReportReaderTest.aBombIsNotUnpacked`,
///   `ReportReaderTest.noDocumentTypeAndNoEntityIsReadOrFollowed`
///
/// Left out: the message and its DMARC pass (§3.5.2), which are for whoever has a queue and a key; `envelope_to` and
/// `human_result`, which tell more of people than of domains (§7.2); resending after a while (§3.5).
///
/// Standards: RFC 9990; RFC 7489 appendix C (reading), RFC 1952, RFC 6713, XML 1.0.
package qrate.dmarc.reports;
