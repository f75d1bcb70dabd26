/// Which mail exchangers a domain vouches for, and that mail to them must be encrypted (MTA-STS): what its record and
/// its policy say.
///
/// Receives from: whoever sends mail to the domain: texts of DNS, bytes of a policy file. Hands to: the same, an id
/// ({@link qrate.mtasts.StsRecord}) and a policy ({@link qrate.mtasts.StsPolicy}), which says of a host whether it is
/// one of those.
/// Owns: nothing. Fetching, keeping and obeying policies is qmail-remote's.
/// Promise: what is no policy is {@link qrate.mtasts.StsPolicy.Read.Bad} with a reason in words, never half a policy.
/// Trust: records and policies are strangers' texts: bounded in bytes and number, read once from left to right.
///
/// Standards: RFC 8461; RFC 5890 §2.3.2.1 for names in Unicode. By its sections:
///
/// | § | where |
/// | --- | --- |
/// | 3.1 | {@link qrate.mtasts.StsRecord}: one that begins with `v=STSv1;`, or none; `dns` follows CNAMEs |
/// | 3.2 | {@link qrate.mtasts.StsPolicy}: the first of fields that stand twice counts, unknown ones are passed over |
/// | 3.3, 3.4 | HTTPS and the memory of policies: `qrate.remote.policies` |
/// | 4.1, 4.2 | {@link qrate.mtasts.StsPolicy#names}: one label for a `*`, ASCII; certificates: `qrate.remote.tls` |
/// | 5 | {@link qrate.mtasts.StsMode}; what they do to mail: `qrate.remote.policies` |
///
/// What RFC 8461 demands, and the tests that show it:
/// - §2 DANE that fails is not overridden: `RemoteDaneTest.goesBeforeMtaSts`
/// - §3.1 the version stands in front, others' texts are discarded: `StsRecordTest.passesOverOtherTextsOfTheSameName`,
///   `StsRecordTest.isNoneWithoutAVersionInFrontOrAnIdThatIsOne`
/// - §3.1 not one record, or one that breaks the grammar, is none: `StsRecordTest.isNoneWhereThereAreTwo`,
///   `StsRecordTest.isNoneWhereAnyOfItsFieldsIsNone`
/// - §3.1 several strings are one text: `DnsClientTest.theStringsOfATextAreOneText`
/// - §3.1 an id stands for one policy: `RemoteMtaStsTest.fetchesThePolicyAnewWhenItsRecordNamesAnother`; ours:
///   `DomainRowsTest.thePolicyOnTlsIsNamedByAnIdThatChangesWithIt`
/// - §3.2 fields that are not known are passed over, of those that stand twice the first counts:
///   `StsPolicyTest.takesTheFirstOfFieldsThatStandTwiceAndPassesOverUnknownOnes`,
///   `StsRecordTest.takesBlanksAroundTheDelimitersAndFieldsItDoesNotKnow`
/// - §3.2 all that must stand in a policy: `StsPolicyTest.isBadInWordsWhereAnythingIsMissingOrWrong`,
///   `StsPolicyTest.needsNoHostWhereItsModeIsNone`; ours: `ZonePagesTest.thePolicyOnTlsIsServedForOurDomainsAlone`
/// - §3.3 a certificate for the policy's host, from whom one trusts:
///   `RemoteMtaStsTest.believesNoWebServerWhoseCertificateIsNotGood`
/// - §3.3 status 200, text/plain, no redirect: `HttpAnswerTest.isRefusedInWordsWhereItIsNotTwoHundredAndPlainText`
/// - §3.3 no cache of HTTP: `RemoteMtaStsTest.fetchesAPolicyAgainAfterADayWhileTheOneAtHandCounts`
/// - §3.3 without a policy mail goes on:
///   `RemoteMtaStsTest.goesOnAsWithoutAPolicyWhereItCannotBeHadAndDoesNotAskAgainAtOnce`
/// - §3.3 one from before counts until it ends:
///   `RemoteMtaStsTest.obeysAPolicyFromBeforeWhateverBecomesOfItsRecordAndItsWebServerUntilItEnds`
/// - §3.4 no policy of the domain above: `RemoteServerNameTest.aPolicyOfTheDomainAboveIsNeverAskedFor`
/// - §4.1 a star is one label: `StsPolicyTest.letsAStarStandForOneLabelAlone`
/// - §4.2 a certificate for the exchanger's name, not over, from whom one trusts:
///   `RemoteMtaStsTest.keepsMailFromAServerWithoutTlsOrWithABadCertificate`
/// - §5 enforce: `RemoteMtaStsTest.keepsMailFromAServerThatThePolicyDoesNotName`,
///   `RemoteMtaStsTest.keepsMailFromAServerWithoutTlsOrWithABadCertificate`
/// - §5 testing and none stop nothing: `RemoteMtaStsTest.neverFailsMailForAPolicyInTestingOrNone`
/// - §5 no failure is for good before the record was looked at again; here it never is:
///   `RemoteMtaStsTest.fetchesThePolicyAnewWhenItsRecordNamesAnother`
/// - §7.1 the name of the policy's host and of the exchanger is in SNI:
///   `RemoteServerNameTest.thePolicysHostAndTheExchangerAreAskedForByTheirNames`
/// - §8.4 exchangers keep their order, without those that are not named:
///   `RemoteMtaStsTest.goesOnToAServerThatThePolicyNames`
///
/// Taken more kindly than the grammar has it: blanks around values, empty lines, names in Unicode, a dot at the end of
/// a name, a `max_age` above a year (which is a year). Left out: reports (§6), which are RFC 8460's.
///
// DEVIATION: §3.4 wants the policy of a relay's own domain where mail goes by one that an administrator named. None is
// looked for: control/tlshosts and control/tlsremote say how sure to be of it
// (`RemoteMtaStsTest.asksForNoPolicyOfARelay`).
package qrate.mtasts;
