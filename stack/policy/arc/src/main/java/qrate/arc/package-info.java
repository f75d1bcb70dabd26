/// ARC: who handled a message on its way and what they say they saw, and our own word when we send one on.
///
/// Receives from: the gate (messages as they came), local and lists by rspawn (messages that are sent on).
/// Hands to: DNS, and whoever holds private keys, both by way of dkim.
/// Owns: the form of the three fields of a set, and the order in which they are sealed. No key, file, clock
/// or network. Promise: one answer for a message, none, pass or fail with a reason in words; nothing throws
/// for what a stranger wrote. At most 50 sets, and 51 of the public-key operations that {@link
/// qrate.dkim.Limits} allows for a message. Trust: none. That a chain passes says nothing of whether its
/// members tell the truth: {@link qrate.arc.Chain.Pass#believed} takes the names of those that do.
///
/// ```java
/// var reader = new Content.Reader(Form.RECEIVED, limits, List.of(dkimWanted, ArcVerifier::wanted));   //
/// one pass for both Chain chain = ArcVerifier.verify(reader.end(), inquiry);
///
/// Content leaving = Content.of(changed, Form.SENT, limits, List.of(ArcSealer::wanted));
/// ArcSealer.seal(leaving, chain, new Findings("mx.example.test", results), key, signer, now);
/// ```
///
/// RFC 8617, section by section:
///
/// - 3, 4.2, sets and instances: `ArcSet`; 1 to 50, one behind the other.
/// - 4.1.1, ARC-Authentication-Results: written by {@link qrate.arc.ArcSealer}, told as text by
///   {@link qrate.arc.Chain.Link}: whoever believes it reads it. Comments around the instance are not read.
/// - 4.1.2, ARC-Message-Signature: as DKIM-Signature, by {@link qrate.dkim.SignatureTags}; without `v=`.
/// Ours signs what DKIM of ours signs, and each DKIM-Signature; it never signs seals, and one that does
/// fails.
/// - 4.1.3, ARC-Seal: relaxed, over all sets before it; one with `h=` fails.
/// - 4.3, 4.4, cv: none at 1, pass behind, or else fail.
/// - 5.1, sealing: {@link qrate.arc.ArcSealer}. Behind a seal that says fail none is put, nor on sets that
/// cannot be read, since nobody could say which instance comes next.
/// - 5.2, checking: {@link qrate.arc.ArcVerifier}; who seals later on takes its word by {@link
/// qrate.arc.ArcVerifier#told}. Without step 5, the older signatures of the message.
/// - 5.2.1, failures are for good: that DNS failed is told beside it.
/// - 6 to 9: the caller's, who knows sealers and recipients.
/// - Appendix B shows no keys: python3-dkim and libmail-dkim-perl stand for it in `ArcPeersTest`.
///
/// What RFC 8617 demands, and the tests that show it:
/// - §4.1.1 results behind an instance, as in RFC 8601: `ArcTest.aChainTellsWhoSealedAndWhatTheySaw`,
///   `ArcTest.resultsCannotBringFieldsOfTheirOwn`
/// - §4.1.2 a signature as of DKIM, without `v=`, that signs no seal and no Authentication-Results:
///   `ArcTest.theSignatureCoversTheMessageAndNeitherSealsNorResults`, `ArcTest.aChangedMessageFails`
/// - §4.1.3 a seal has no `h=`, no `bh=`, and covers the sets in their order: `ArcTest.aChainWithoutStructureFails`,
///   `ArcTest.aChangedSetFails`
/// - §4.2.1 instances of 1 to 50: `ArcTest.fiftySetsAreAChainAndNoMoreAreAdded`, `ArcTest.aChainWithAGapFails`
/// - §4.3, §4.4 none at 1, pass behind, or fail: `ArcTest.aChainWithoutStructureFails`
/// - §5.1 the message is changed before it is sealed, one set a hop: `ArcTest.aHopMayChangeTheMessageBeforeItSeals`
/// - §5.1.2 of a chain that failed our own set alone is sealed, and none behind it:
///   `ArcTest.aChainThatFailedIsSealedAsSuchOnce`
/// - §5.1.2 sets that cannot be told apart get none behind them: `ArcTest.whatCannotBeSealedIsSaid`
/// - §5.2 the steps: `ArcTest.aMessageWithoutSetsHasNoChain`, `ArcTest.aFieldThatStandsTwiceFails`,
///   `ArcTest.aChangedMessageFails`, `ArcTest.aChangedSetFails`, `ArcTest.aChainThatFailedIsSealedAsSuchOnce`
/// - §5.2.1 a failure is for good: `ArcTest.aFailureOfDnsIsTold`
/// - §7.2, §9 a chain that passes is believed of named sealers alone:
///   `ArcTest.aSetIsBelievedIfItAndAllBehindItAreTrusted`
///
/// Standards: RFC 8617, on its way to Historic, and what RFC 6376, RFC 8301 and RFC 8463 say of signatures.
package qrate.arc;
