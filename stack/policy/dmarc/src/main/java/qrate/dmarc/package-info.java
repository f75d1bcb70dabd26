/// Says whether a message comes from its author's domain, what that domain asks to do with it if not, and tells
/// the domain what came in its name (DMARC).
///
/// Receives from: the gate, which has a message's From fields and what SPF and DKIM said; strangers' DNS.
/// Hands to: the gate a result for Authentication-Results, a disposition, words for a refusal, a trace for
/// `explain`; {@link qrate.dmarc.reports} what belongs into a report.
/// Owns: reading DMARC records, the DNS tree walk, alignment. No network, clock or list of public suffixes of
/// its own.
/// Promise: the same answers of DNS give the same outcome. Of one message at most 89 questions are asked, in 30
/// seconds; eight or fewer where its domains are one and the same. What DNS cannot tell now is `temperror` and
/// never a refusal, and neither is what SPF or DKIM could not tell of a domain that would be aligned. `p=none`
/// changes nothing.
/// Trust: none. Records, names and fields are strangers': bounded in length and number, escaped in the trace.
///
/// RFC 9989, section by section:
/// - §4.4 alignment: {@link qrate.dmarc.Dmarc#evaluate}: strict and relaxed, of MAIL FROM (HELO behind `<>`) and
///   of every signature that passed, ten foreign domains at most below the author's organization
/// - §4.5 one text of several strings: done by {@link qrate.dns.Dns#texts}
/// - §4.6 to §4.8 records: {@link qrate.dmarc.DmarcRecord}: unknown tags and `pct`, `rf`, `ri`, `!10m` are passed
///   over; what is broken behind `v=DMARC1` takes its default; a tag that stands twice is broken; `mailto:` is
///   the one scheme
/// - §4.10 tree walk: eight names at most; more than one record at a name is none
/// - §4.10.1 policy: the author's record, the organization's (`psd=n`, one below `psd=y`, or the fewest labels),
///   the public suffix's; `sp`, and `np` where NXDOMAIN says that the author's domain is not there. A broken `p`,
///   `sp`, `np` is `p=none` with `rua` and `permerror` without; a missing `p` is `none` (§4.7)
/// - §5.3.1 author: one domain, as A-labels. Several, in one field or in several, are evaluated each, and the
///   strictest answer holds (§11.5); none, an unreadable field or more than five domains are `permerror`, and the
///   door decides
/// - §5.3.5, §5.3.6: pass with one aligned domain; a failed look-up that might change the answer is `temperror`
/// - §5.4 local rules: `exceptions`: a mailing list, a forwarder; the reason goes into the report. That a domain
///   asks to `reject` is no order to do so: the door weighs it
/// - §7.2 refusing: {@link qrate.dmarc.DmarcOutcome#reason} has the word DMARC and the domain
///
/// What RFC 9989 demands, and the tests that show it:
/// - §4.4 aligned in strict or relaxed mode: `DmarcTest.strictAlignmentTakesTheSameDomainAlone`,
///   `DmarcTest.relaxedAlignmentTakesParentsAndChildrenOfOneOrganization`
/// - §4.4.1, §4.4.2 a signature that passed, or MAIL FROM that did: `DmarcTest.anyAlignedSignatureSuffices`,
///   `DmarcTest.onlyAPassVouches`, `DmarcTest.heloStandsInForANullReversePathOnly`
/// - §4.5 several strings are one text: `DnsClientTest.theStringsOfATextAreOneText`
/// - §4.7 the version in front and in its case, or no record:
///   `DmarcRecordTest.withoutTheVersionInFrontAndInItsCaseThereIsNoRecord`
/// - §4.7, §4.8 unknown tags are ignored, broken ones take their default:
///   `DmarcRecordTest.unknownTagsAndThoseOfTheOldRfcAreIgnored`, `DmarcRecordTest.otherBrokenTagsTakeTheirDefault`
/// - §4.7 `sp` and `np` where they stand, or else `p`: `DmarcRecordTest.npFollowsSpAndSpFollowsP`,
///   `DmarcTest.theAuthorsOwnRecordSpeaksByPAndTheOrganizationsBySpAndNp`
/// - §4.7 no `rua`, no report; `mailto:` is known, other schemes are ignored:
///   `ReportBookTest.whoWantsNoReportsAndWhatWasNotEvaluatedIsNotCounted`,
///   `DmarcRecordTest.schemesThatAreNotKnownAndBrokenAddressesAreIgnored`
/// - §4.7 `fo` counts for nothing without `ruf`: `DmarcRecordTest.foCountsForNothingWithoutRuf`
/// - §4.7 `t=y` is one step milder: `DmarcTest.inTestModeAPolicyIsOneStepMilder`
/// - §4.10 the walk, of eight questions at most: `TreeWalkTest.asksForEachNameUpToTheLastLabel`,
///   `TreeWalkTest.aLongNameIsCutToSevenLabelsAfterTheFirstQuestion`,
///   `TreeWalkTest.noNameLeadsToMoreThanEightQuestions`
/// - §4.10 other texts are discarded, of several records none counts:
///   `TreeWalkTest.recordsOfOtherKindsBesideAreDiscarded`, `TreeWalkTest.severalRecordsAtANameAreNone`
/// - §4.10.1 the author's record, the organization's, the suffix's: `TreeWalkTest.simpleExample`,
///   `TreeWalkTest.aSuffixsOwnPolicyHoldsWhereTheOrganizationHasNone`
/// - §4.10.1 a `p` that makes no sense: `DmarcRecordTest.aBrokenPolicyIsNoneIfSomebodyIsToldOfIt`,
///   `DmarcTest.aPolicyThatMakesNoSenseIsPermerrorUnlessSomebodyIsToldOfIt`
/// - §4.10.1 without a record DMARC is not applied: `DmarcTest.withoutARecordDmarcIsNotApplied`
/// - §4.10.2 `psd=n`, one below `psd=y`, the fewest labels: `TreeWalkTest.anOrganizationBelowAnotherSaysSoWithPsdN`,
///   `TreeWalkTest.theLabelBelowASuffixIsTakenFromTheNameAndNotFromTheWalk`,
///   `TreeWalkTest.theFewestLabelsWinWhereNothingIsSaidOfSuffixes`
/// - §5.3.1 one domain of From, in A-labels, is evaluated: `DmarcTest.anInternationalDomainIsComparedInAscii`,
///   `DmarcTest.withoutAnAuthorDomainTheDoorDecides`, `DmarcTest.ofSeveralAuthorsTheStrictestAnswerHolds`
/// - §5.3.3 what SPF and DKIM said is kept: `GateReportsTest.messagesAreCountedByWhatWasFound`
/// - §5.3.5 pass with one aligned domain, fail without: `DmarcTest.aFailureElsewhereDoesNotUndoAPass`,
///   `DmarcTest.onlyAPassVouches`
/// - §5.3.5 what DNS cannot tell now is neither: `DmarcTest.whatDnsCannotTellIsTemperrorAndAsksForNothing`,
///   `DmarcTest.aCheckThatCouldNotBeMadeCountsOnlyWhereItMightVouch`
/// - §5.3.6, §5.4 `p=none` changes nothing, and the host has the last word:
///   `GateModesTest.dmarcIsDoneAsFarAsControlSays`, `GateModesTest.someAreLetPassWhateverADomainWants`
/// - §5.3.7 what was found is kept for the domain: `GateReportsTest.countsStayOverARestart`
/// - §7.2 a refusal says why: `DmarcTest.aRefusalNamesDmarcAndTheDomain`,
///   `GateModesTest.aRefusalByDmarcNamesTheAuthorAndWhatToDo`
/// - §7.4 `p=reject` alone refuses nobody: `GateMarksTest.withoutAnyFileNothingIsEverRefused`,
///   `GateModesTest.aListIsLetPassOnlyWhereItsDomainVouchesForTheMessage`
/// - §11.5 a From that cannot be read hides nobody: `GateModesTest.aFromThatNobodyCanReadHidesNobody`
/// - §B the walks of the examples: `TreeWalkTest.deepExample`, `TreeWalkTest.exampleWithAPublicSuffix`
///
/// Beside OpenDMARC `DmarcPeerTest`, beside rspamd `RspamdVerdictPeerTest` of the gate have tables of what differs:
/// both
/// hold to RFC 7489 and to lists of public suffixes.
///
/// Left out: §4.7 `ruf` and `fo` are read and no failure report is made (RFC 9991 leaves that to the receiver,
/// and it gives strangers' mail away); §5.1, §5.2 what domain owners do; public suffix lists (appendix C).
/// Read so: a record with a broken tag still marks its domain in the tree walk, since §4.8 has such tags ignored.
///
/// ```java
/// Dmarc dmarc = new Dmarc(dns, clock, outcome -> Optional.empty());
/// DmarcOutcome outcome = dmarc.evaluate(new Evidence(header.named("from"), spf, signatures));
/// ```
///
/// Standards: RFC 9989, RFC 9990; RFC 5890, RFC 6068, RFC 7208 §2.4, RFC 8020, RFC 8601 §2.7.
package qrate.dmarc;
