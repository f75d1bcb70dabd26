/// Whether a domain lets a client send in its name (SPF).
///
/// Receives from: whoever speaks to strangers: the client's address, its HELO name, the reverse-path. Hands to:
/// the same, a result with the mechanism that decided and every look-up made; explain and doctor, what is wrong
/// in a record ({@link qrate.spf.SpfRecord}).
/// Owns: nothing; each check has its own limits.
/// Promise: a result always, within {@link qrate.spf.SpfLookups#TIME_MAX} and one question more. What nobody
/// could tell is `temperror`, never `none` and never `fail`.
/// Trust: records, explanations, HELO and local parts are strangers' texts: bounded, read once from left to
/// right, never a regular expression. An explanation is a stranger's sentence: say so where it is shown. The
/// client's own name (`ptr`, `p`) counts only when it leads back to its address.
///
/// Standards: RFC 7208; RFC 8616 §4 for addresses in Unicode; RFC 8601 §2.7.2 for the words of
/// Authentication-Results; qmail's SPF patch for {@link qrate.spf.SpfPolicy}. By the sections of RFC 7208:
///
/// | § | where |
/// | --- | --- |
/// | 2.3, 2.4 | both identities, {@link qrate.spf.Spf}; which comes first, and what a result does, is the door's |
/// | 2.6, 8 | {@link qrate.spf.SpfResult}; replies and their codes are the door's |
/// | 3.1 to 3.4 | TXT alone, strings joined by `dns`, ISO 8859-1; more than ASCII is a fault |
/// | 4.1 to 4.5, 4.7 | {@link qrate.spf.SpfEvaluation}; names that can be none are `none` |
/// | 4.6 | {@link qrate.spf.SpfRecord}: every fault of a record counts, reached or not |
/// | 4.6.4 | {@link qrate.spf.SpfLookups}: 10 terms, 2 of them void, 10 hosts each, 20 seconds |
/// | 4.8 | {@link qrate.spf.SpfMacro}; a name that DNS cannot have is not asked for and does not match |
/// | 5 | {@link qrate.spf.SpfEvaluation}; `ptr` as it says, though it says not to |
/// | 6.1, 6.2 | `redirect`, `exp`; unknown modifiers are read and mean nothing |
/// | 7 | {@link qrate.spf.SpfMacro}, {@link qrate.spf.SpfMacroValues} |
/// | 9.1, 9.2 | {@link qrate.spf.SpfResult#receivedSpf}; {@link qrate.spf.SpfSubject#value} |
/// | 10, 11 | advice for operators; what of it a record shows is in {@link qrate.spf.SpfRecord#advice} |
///
/// What RFC 7208 demands, and the tests that show it:
/// - §2.4 the reverse-path, and for an empty one the postmaster of the HELO name:
///   `SpfScenariosTest.whatRecordsSayOfAClient`, `SpfPolicyTest.theHeloNameIsAnIdentityOfItsOwn`
/// - §2.6, §8 seven results, and what stands with each: `ReceivedSpfTest.everyResultHasAWordAndAReason`; what they do
///   at the door: `GateModesTest.eachLevelOfSpfRefusesWhatQmailsPatchDoes`,
///   `GateModesTest.whatDnsDoesNotTellIsPutOffOnlyByTheStrictestMode`
/// - §3.1, §3.3 TXT alone, several strings are one: `DnsClientTest.theStringsOfATextAreOneText`
/// - §3.2, §4.5 the exact version, one record or none, two are a permerror:
///   `SpfRecordTest.onlyTheExactVersionMakesARecord`, `SpfScenariosTest.whatRecordsSayOfAClient`
/// - §4.3 what can be no domain is `none`, names in Unicode are asked as A-labels:
///   `SpfScenariosTest.whatRecordsSayOfAClient`, `SpfPolicyTest.aDomainInUnicodeIsAskedByItsALabels`
/// - §4.4 an error of DNS is a temperror: `SpfScenariosTest.whatRecordsSayOfAClient`
/// - §4.6 a fault anywhere is a permerror: `SpfRecordTest.whatIsNotIsRefusedInWords`,
///   `SpfRecordTest.whatIsWellFormedIsRead`
/// - §4.6.4 ten terms, with those of include and redirect: `SpfLimitsTest.tenTermsMayAskAndAnEleventhMayNot`,
///   `SpfLimitsTest.termsOfIncludedRecordsCountWithTheOthers`, `SpfLimitsTest.theClientsNameCostsOneOfTheTenOnce`
/// - §4.6.4 ten hosts of an `mx`, more are a permerror; ten names of a `ptr`, more are not looked at:
///   `SpfLimitsTest.elevenMailExchangersAreTooMany`, `SpfLimitsTest.onlyTenNamesOfTheClientAreLookedAt`
/// - §4.6.4 two look-ups that find nothing, twenty seconds: `SpfLimitsTest.aThirdLookUpThatFindsNothingIsOneTooMany`,
///   `SpfLimitsTest.twentySecondsAreOverForEverything`
/// - §4.7 neutral where nothing matches: `SpfScenariosTest.whatRecordsSayOfAClient`
/// - §4.8 what DNS cannot have is not asked for: `SpfScenariosTest.whatRecordsSayOfAClient`
/// - §5.1 to §5.7 each mechanism, include's table among them: `SpfScenariosTest.whatRecordsSayOfAClient`,
///   `SpfAppendixTest.simpleExamples`
/// - §6 each modifier once at most, unknown ones mean nothing: `SpfRecordTest.whatIsNotIsRefusedInWords`,
///   `SpfScenariosTest.whatRecordsSayOfAClient`
/// - §6.1 redirect only where nothing matched, to nothing is a permerror: `SpfScenariosTest.whatRecordsSayOfAClient`
/// - §6.2 exp of the record that decided, in ASCII, and without an effect on the result:
///   `SpfPolicyTest.theExplanationIsThatOfTheRecordThatDecided`,
///   `SpfPolicyTest.anExplanationThatGoesWrongIsOursAndChangesNoResult`
/// - §7.1, §7.2 macros: `SpfMacroTest.whatIsNoDomainSpecIsRefusedInWords`,
///   `SpfMacroTest.explanationsHaveThreeLettersMore`
/// - §7.3 long names lose labels on the left, `p` is checked or `unknown`:
///   `SpfMacroTest.aLongNameLosesLabelsOnItsLeft`, `SpfMacroTest.theClientsNameIsAskedForOnlyWhenItIsWanted`
/// - §7.4 the examples: `SpfMacroTest.theExamplesOfTheRfc`
/// - §9.1 Received-SPF: `ReceivedSpfTest.theFieldHasAResultACommentAndPairs`,
///   `GateMarksTest.receivedSpfIsWrittenOnlyWhereControlSaysSo`
/// - §11.1 no more than one's share of look-ups for a stranger: `SpfLimitsTest.tenTermsMayAskAndAnEleventhMayNot`
/// - §11.5 strangers' words are told as such: `ReceivedSpfTest.strangersWordsStayWhereTheyAre`
///
/// Left out: the type SPF (99), which §3.1 took back. Read by the letter: §4.6.4 counts terms that find
/// nothing, so hosts of an `mx` do not count; `p` in a term costs one of the ten. Beside pyspf, Mail::SPF and jSPF,
/// `SpfPeersTest` has a table of what differs, and why; the examples of appendix A are in `SpfAppendixTest`.
package qrate.spf;
