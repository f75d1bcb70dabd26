/// DKIM: checks what others signed, signs what leaves, and makes the keys for it.
///
/// Receives from: the gate (messages as they came), rspawn (messages as they leave), the signer (keys),
/// doctor and explain (records, traces); arc, which signs and checks in the same way.
/// Hands to: DNS, by {@link qrate.dns.Questions}; whoever holds private keys, by {@link qrate.dkim.Signer}.
/// Nobody is refused or marked here.
/// Owns: the form of signatures, key records and key files. No key, file, clock, network or chance of its
/// own. Promise: a message is read once, as it goes by, with memory for its header (256 KiB) and some
/// numbers; look-ups, hashes, public-key operations and time for one message have limits ({@link
/// qrate.dkim.Limits}). Every signature that is looked at gets one result with its reason in words,
/// whatever its bytes; nothing throws for what a stranger wrote. What is signed passes as it leaves by
/// `qrate.smtp.DataWriter`. Trust: none in messages and DNS. The signer is trusted to sign the hash that it
/// is given, and tells no key.
///
/// ```java
/// Content.Reader reader = new Content.Reader(Form.RECEIVED, limits, List.of(header ->
/// Verifier.wanted(header, limits)));
/// reader.write(piece, 0, n);                                    // as it goes by
/// Inquiry inquiry = Inquiry.of(questions, limits, clock);
/// List<DkimResult> results = Verifier.verify(reader.end(), inquiry);       // and inquiry.trace()
///
/// Content leaving = Content.of(body, Form.SENT, limits, List.of(Signing::wanted));
/// Signing.sign(leaving, Signing.Terms.usual(List.of(rsa, ed25519)), signer, now);
/// ```
///
/// What is signed: the bytes that DataWriter sends for the same message, without doubled dots: lines end
/// with CRLF, a CR
/// alone is a blank in the header and a line end in the body, the last line has an end. All else stays as
/// it is, 8-bit and NUL too. {@link qrate.dkim.Content.Reader} takes the message while it is read for
/// another purpose, so that no pass is needed for signing alone; the fields go in front of everything, so
/// that it must be over before DATA begins.
///
/// RFC 6376, section by section:
///
/// - 2.11, 3.2, tag lists: {@link qrate.dkim.TagList}. Quoted-printable in `z=` and in the local part of
/// `i=` is not decoded: nothing here needs it.
/// - 3.3, algorithms: {@link qrate.dkim.Algorithm}, as RFC 8301 and RFC 8463 changed them: rsa-sha1 is
/// refused, RSA has 1024 to 4096 bits.
/// - 3.4, canonical forms: `HeaderHash`, `BodyCanonical`; all four to check, relaxed/relaxed to sign.
/// - 3.5, DKIM-Signature: {@link qrate.dkim.SignatureTags}; unknown tags are passed over; ours never has
/// `l=`.
/// - 3.6, keys: `KeyRecord`, {@link qrate.dkim.Inquiry}. Of several records three are tried; `n=` and `g=`
/// are passed over.
/// - 3.7 to 3.9, hashes, results: {@link qrate.dkim.HeaderHash}, {@link qrate.dkim.Verifier}.
/// - 3.10, 3.11, `d=` and `i=`: {@link qrate.dkim.SignatureTags}; `t=s` in {@link qrate.dkim.Inquiry}.
/// - 4, several signatures: each by itself, ten of them.
/// - 5, signing: {@link qrate.dkim.Signing}. Whose domain it is (5.1, 5.2) the caller knows. 5.3 wants mail
/// of 7 bits: 8 bits are signed as they are, since they are sent so. Of 5.4.1 Resent- fields are not
/// signed: a resender adds its own.
/// - 6.1, checking: {@link qrate.dkim.Verifier}. The body's hash comes before the key, so that a changed
/// body costs no look-up.
/// - 6.2, 6.3, telling and deciding: the caller's; {@link qrate.dkim.DkimResult#word} is that of RFC 8601.
/// - 7, registries: nothing to do.
/// - 8, dangers: bytes behind `l=` are told (8.2), work is limited (8.4, 8.5), no top-level domain signs
/// (8.14), fields are signed once more than they are there (8.15), and a line that is no field begins the
/// body.
/// - Appendices A and C: `VectorsTest`, {@link qrate.dkim.DkimKeys}.
///
/// What RFC 6376, 8301 and 8463 demand, and the tests that show it:
/// - §3.2 a tag that stands twice spoils all, those that are not known are passed over:
///   `VerifierTest.aTagThatStandsTwiceSpoilsTheSignature`, `VerifierTest.tagsThatAreNotKnownArePassedOver`
/// - §3.3 rsa-sha256 and ed25519-sha256, and rsa-sha1 no more (RFC 8301 §3.1, RFC 8463 §3):
///   `VerifierTest.historicAndUnknownAlgorithmsCountNoMore`, `SigningTest.rsaStandsBeforeEd25519AndBothPass`
/// - §3.3.3 keys of 1024 to 4096 bits (RFC 8301 §3.2): `KeyRecordTest.keysTooShortAndTooLongDoNotCount`
/// - §3.4 both canonical forms of header and body: `CanonicalTest.theExamplesOfTheRfcComeOutAsThere`,
///   `VerifierTest.everyCanonicalizationIsKnown`, `VerifierTest.withoutCBothAreSimple`
/// - §3.4.3, §3.4.4 empty bodies and last lines:
///   `CanonicalTest.anEmptyBodyIsOneLineEndInTheSimpleFormAndNothingInTheRelaxedOne`
/// - §3.5 every required tag, `v=1` alone: `VerifierTest.everyRequiredTagMustBeThere`,
///   `VerifierTest.anotherVersionIsNotKnown`
/// - §3.5 From is signed: `VerifierTest.aSignatureThatDoesNotCoverFromIsNone`, `SigningTest.fromIsAlwaysSigned`
/// - §3.5 `i=` is of `d=` or below: `VerifierTest.theIdentityMustBeOfTheDomainOrBelowIt`
/// - §3.5 `l=` is not longer than the body, and what is behind it is told:
///   `VerifierTest.whatStandsBehindTheSignedLengthIsTold`
/// - §3.5 `q=` other than DNS counts not, `x=` is later than `t=`: `VerifierTest.onlyDnsIsAskedForKeys`,
///   `VerifierTest.timesAreLookedAtWithSomeDrift`
/// - §3.6.1 a key's record: version in front, hashes, kind, service, flags: `KeyRecordTest.thatIsAKey`,
///   `KeyRecordTest.thatIsNoKeyForIt`
/// - §3.6.1 `t=y` vouches for nobody: `GateMarksTest.aKeyOnTrialAndABodyThatIsNotSignedToItsEndVouchForNobody`
/// - §3.6.2.2 of several records one that confirms: `KeyRecordTest.ofSeveralRecordsOneThatConfirmsIsEnough`
/// - §3.7 the signature itself without `b=`, and no other: `VerifierTest.signaturesThatBeginAlikeAreToldApart`,
///   `VerifierTest.aSignatureOfSignaturesDoesNotMeanItself`
/// - §4.2 each signature by itself, in whatever order:
///   `GateMarksTest.eachSignatureIsToldAndOneThatIsAlignedIsEnough`, `VerifierTest.theSignatureNeedNotStandLast`
/// - §5.1 only mail of a domain of ours, with its key: `SignaturesTest.mailOfOthersIsLeftAlone`,
///   `SignaturesTest.aStrangersWordsInOurNameAreNotSignedWhenAnAliasSendsThemOn`
/// - §5.3 as it leaves: `SigningTest.anyMessageThatIsSignedPassesAsItLeaves`,
///   `CanonicalTest.aMessageAsSentHasTheBytesThatLeaveBySmtp`
/// - §5.4, §5.4.2 of several fields of one name the last first:
///   `VerifierTest.ofSeveralFieldsOfOneNameTheLastIsTakenFirst`
/// - §5.4.1 what ought to be signed, and once more than it is there:
///   `SigningTest.fieldsAreSignedOnceMoreThanTheyAreThere`
/// - §5.6 the field stands in front of what it signs: `SignaturesTest.whatAUserSendsIsSignedTwiceAndVerifies`
/// - §6.1 no more of them than a limit, a bad one says nothing of the others:
///   `BadMailTest.ofAThousandSignaturesTenAreLookedAt`
/// - §6.1.2 no answer is temporary, no key is for ever, a revoked one is none: `VerifierTest.aFailureOfDnsIsForNow`,
///   `VerifierTest.aNameWithoutAKeyIsForEver`, `KeyRecordTest.thatIsNoKeyForIt`
/// - §6.1.3 hashes and signature: `VerifierTest.aChangedBodyFailsBeforeAnyKeyIsAskedFor`,
///   `VerifierTest.aChangedHeaderFails`
/// - §6.3 nobody is refused for a signature that fails: `GateMarksTest.withoutAnyFileNothingIsEverRefused`
/// - §8.2, §8.15 what is added is found: `VerifierTest.aFieldThatIsAddedToThoseSignedOnceMoreFails`
/// - §8.4, §8.5 work is bounded: `VerifierTest.noMoreKeysAreTriedThanTheLimit`,
///   `VerifierTest.whenTheTimeIsOverNothingIsChecked`
/// - §8.14 no top-level domain signs: `VerifierTest.aTopLevelDomainSignsNothing`
/// - §A, and RFC 8463 appendix A: `VectorsTest.theExampleOfRfc6376Passes`, `VectorsTest.theExamplesOfRfc8463Pass`
///
/// Beside python3-dkim, libmail-dkim-perl, OpenDKIM and jDKIM, `DkimVerdictPeersTest` has a table of what differs, and
/// why. Tags are looked at closely (6.1.1): an empty name in `h=`, a tag that stands twice, blanks in `d=` spoil a
/// signature here and not everywhere. An empty `t=` of a key is none, as everywhere.
///
/// Left out: DomainKeys, `q=` other than DNS, reports of failures (RFC 6651), third parties (RFC 6541). A
/// key on trial (`t=y`) is told, not acted on: the MUST of 3.6.1 binds whoever decides.
///
/// Standards: RFC 6376, RFC 8301, RFC 8463, RFC 8616 (domains in Unicode), RFC 6008 (`b` in results), RFC
/// 8601 §2.7.1.
package qrate.dkim;
