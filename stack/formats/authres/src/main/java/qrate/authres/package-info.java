/// Says in a message's header what was found out about its sender (Authentication-Results, RFC 8601).
///
/// Receives from: the gate, which has checked a message (what was found), and header fields of strangers.
/// Hands to: the header of the message; whoever looks at results that a trusted host has written (ARC, filters,
/// `explain`).
/// Owns: how the field is written, folded and read, and which fields of a message have to go before ours stands
/// there.
/// Promise: what is written is read back alike, stays in lines of 78 columns where its words are no longer than
/// that, and holds no character that a stranger put there to begin another field or result. Reading takes time
/// linear in the field's length and never throws. A field about which nobody can say whose it is counts as ours,
/// and goes.
/// Trust: none: names, reasons and values come from strangers' mail, and so do the fields that are read.
///
/// RFC 8601, section by section:
/// - §2.2 grammar: {@link qrate.authres.AuthenticationResults#field} writes it; {@link
///   qrate.authres.AuthenticationResults#parse} reads it, comments, quoted strings and `none` included, and
///   forgives a final `;` and bare values with `@ / = ?` as others write them
/// - §2.2, §2.6 versions: a field of another version than 1 is not read; a method of another version is read as
///   `dkim/2`, so that nobody takes it for `dkim`
/// - §2.3 properties, §2.7 results: plain words in lower case: who writes knows the registry, who reads ignores
///   what it does not know
/// - §2.5 names, EAI: compared as A-labels without regard to case; text beyond ASCII is written as UTF-8 in
///   quotes (RFC 6532)
/// - §4 where it goes, §7.1: left to the caller: on top, above those that stand there
/// - §5, §7.1 which field can be believed later on: {@link qrate.authres.OwnResults}
/// - §5 removing: {@link qrate.authres.AuthenticationResults#mustGo}: names of ours, versions we do not know, and
///   what cannot be read
///
/// What RFC 8601 demands, and the tests that show it:
/// - §2.2 the grammar, `none` where nothing was checked:
///   `AuthenticationResultsTest.whateverIsWrittenIsReadBackAlike`,
///   `AuthenticationResultsTest.writesNoneWhereNothingWasChecked`,
///   `AuthenticationResultsTest.commentsMayStandBetweenAnyTwoWords`
/// - §2.3 a value in quotes where it is no token or address:
///   `AuthenticationResultsTest.quotesWhatIsNoTokenAndNoAddress`
/// - §2.5 names in Unicode are the same as A-labels: `ForgedResultsTest.ourNameIsTheSameInUnicodeAndInAscii`
/// - §2.6 another version is not interpreted: `AuthenticationResultsTest.aFieldOfAnotherVersionIsNotRead`,
///   `AuthenticationResultsTest.aMethodOfAnotherVersionIsNotTakenForTheOneWeKnow`
/// - §2.7 what is not known is passed over: `PlainWordsTest.passesOverWhatOthersSayAndWhatMakesNoSense`
/// - §4 the field stands on top, with all that one host found: `GateMarksTest.whatWasFoundStandsOnTopInOneField`
/// - §4.1, §7.1 only results of our own name are believed, above the line of our door:
///   `OwnResultsTest.whatStandsAboveTheLineOfOurDoorIsOurs`, `OwnResultsTest.whatStandsBelowItIsAStrangers`
/// - §5 fields with our name go, and with an unknown version: `ForgedResultsTest.aFieldWithOneOfOurNamesGoes`,
///   `ForgedResultsTest.anUnknownVersionGoesWhosesoeverItIs`, `GateMarksTest.fieldsInOurNameGoAndThoseOfOthersStay`
/// - §5 those of others stay: `ForgedResultsTest.anothersNameStays`
/// - §7.2 nothing of a stranger becomes a result:
///   `AuthenticationResultsTest.aValueBeginsNoLineNoResultAndNoOtherField`,
///   `GateMarksTest.strangersTextsMakeNoFieldsAndNoResults`
///
/// Left out: comments, which are passed over and never written (a `reason` says as much); §3 the iprev check
/// itself, which the gate does; §2.7.3 results of Sender-ID and DomainKeys, which nobody writes any more.
///
/// ```java
/// new AuthenticationResults("mx.example.test", List.of(
///         MethodResult.of("spf", "pass").with("smtp", "mailfrom", "ann@example.org"),
///         MethodResult.of("dkim", "fail").because("body changed").with("header", "d", "example.org"))).field();
/// ```
///
/// Standards: RFC 8601; RFC 2045 §5.1 (values), RFC 5321 §4.1.2 (keywords), RFC 5322 §2.2.3, §3.2.2, RFC 5890,
/// RFC 6532, RFC 8616, RFC 8617 §4.1.1 (the same text behind `i=N;`).
package qrate.authres;
