/// Rewrites reverse-paths of forwarded mail, so that SPF at the next hop asks the host that forwards (SRS), and
/// leads bounces back.
///
/// Receives from: remote, the reverse-path of what an address here sends on; address (for the door, local delivery
/// and explain), a recipient that a bounce comes back to.
/// Hands to: the same, the address instead of it, or why there is none.
/// Owns: what the control files of SRS mean ({@link qrate.srs.SrsControl}); their names are those of qmail's SRS
/// patch.
/// Promise: what {@link qrate.srs.Srs#forward} makes, {@link qrate.srs.Srs#reverse} takes back to the same
/// address for {@link qrate.srs.Srs#AGE_DAYS_USUAL} days, also when others have changed its case on the way, and
/// nothing else: no stranger can make us send on what we did not send before.
/// Who knows a secret can have bounces sent on to anybody: every service that reads control files can read it.
/// Trust: every address is a stranger's: bounded, split once from left to right. Hashes are compared in
/// constant time.
///
/// Standards: there is no RFC; the form is that of Mail::SRS and libsrs2, which every postmaster's tools know:
///
/// | form | when |
/// | --- | --- |
/// | `SRS0=HHHH=TT=host=local@us` | the first to forward: hash, day, and the address |
/// | `SRS1=HHHH=host==HHHH=TT=host=local@us` | those behind: hash, who was first, and what that one made |
///
/// What SRS demands, and the tests that show it:
/// - the first to forward writes SRS0, those behind SRS1, which leads to the first:
///   `SrsTest.whatIsSentOnHasASenderHereThatLeadsBack`, `SrsTest.whatWasForwardedBeforeLeadsToTheFirstHopAlone`,
///   `SrsTest.separatorsOfOthersAreKept`
/// - what others make of the same secret, and take back: `SrsTest.othersMakeTheSameOfTheSameSecret`
/// - hashes are compared without regard to case, and end after their days:
///   `SrsTest.caseThatOthersChangedCountsForNothing`, `SrsTest.anAddressEndsAfterItsTime`, `SrsTest.daysComeRound`
/// - nothing is led back that was not sent on from here: `SrsTest.nothingThatWeDidNotMakeIsTakenBack`,
///   `SmtpdReversePathTest.whatAStrangerMadeUpIsRefused`
/// - several secrets, the first signs: `SrsTest.theFirstSecretSignsAndEveryOneVerifies`
/// - a bounce has no sender to be rewritten, and a local part has 64 bytes (RFC 5321 §4.5.3.1.1):
///   `SrsTest.nobodyAndOurOwnStayAsTheyAre`, `SrsTest.aLocalPartThatGrowsTooLongIsRefusedInWords`
///
/// The hash is HMAC-SHA-1 in Base64, the first four characters: what libsrs2 and Mail::SRS make of the same
/// secret, so that a change of software loses no bounce that is on its way. It is compared without regard to
/// case, which leaves some 20 bits; one guess in a million lets one bounce through, and SHA-256 cut to four
/// characters would let as many. SHA-1's weakness is in collisions and not in HMAC (RFC 6194 §3.3).
package qrate.srs;
