/// How sure one must be of a server before mail goes to it, by what the domain published: TLSA records (DANE), or a
/// policy (MTA-STS).
///
/// The way of a domain: {@link qrate.remote.policies.Safeguards} asks for `_mta-sts.DOMAIN` while others look for the
/// exchangers → for each server: `Dane` (TLSA records, where DNS vouches for the way to it), else
/// {@link qrate.remote.policies.StsPolicies} (the policy, from memory or from a `PolicyFetcher`) → a
/// {@link qrate.remote.session.Passage}: open, with the {@link qrate.remote.tls.Assurance} it takes, or shut.
///
/// Relays of control/smtproutes and address literals have neither: who writes a relay there says with control/tlshosts
/// and control/tlsremote how sure to be of it. `never` in control/tlsremote goes before all of this.
///
/// Receives from: {@link qrate.remote} (a domain), {@link qrate.remote.session} (its servers, one by one), DNS, web
/// servers. Hands to: {@link qrate.remote.session}.
/// Owns: a memory of policies, in the heap, since rspawn has no place to write: after a restart each is fetched anew.
/// Promise: a domain with neither record costs one question to DNS, asked beside the one for its exchangers. A policy
/// in mode testing stops nothing, and what does not fit it is told; one that cannot be had changes nothing, and that is
/// told, too, whether or not one from before is in force. Whoever
/// cannot be told whether a server has TLSA records waits.
/// Trust: TLSA records count where a resolver that is trusted says that they, the exchangers and the addresses are
/// authentic (`QRATE_DNS_TRUSTED`; without it, one on loopback). Web servers are strangers: 64 KiB, a minute, no
/// redirects, a certificate for the name, from an authority the JDK trusts.
///
/// Standards: RFC 8461, 8460, 8689, 7672, 7671, 6698, 9110, 9112. By the sections of RFC 7672:
///
/// | § | where |
/// | --- | --- |
/// | 2.1 | `qrate.dns`: authentic or not, no answer is no absence |
/// | 2.2 | `Dane`: no usable record is TLS with any certificate; no answer is temporary |
/// | 2.2.1, 2.2.2 | `qrate.remote.routes.Exchangers`: MX and addresses authentic, aliases, hosts without MX |
/// | 2.2.3 | `Dane`: the port is that of the server; the first name that has records counts |
/// | 3.1 | {@link qrate.remote.tls.Pins}: usages 2 and 3; 0 and 1 are of no use |
/// | 3.2 | names: that of the records, and the domain |
/// | 4, 8 | a server that fails is passed over for the next one; the name of the records goes into SNI |
///
/// What RFC 7672 demands, and the tests that show it:
/// - §2.1.1 an answer that is forged or fails is no absence, mail waits:
///   `RemoteDaneTest.waitsWhereTheRecordsCannotBeHadOrAreForged`
/// - §2.1.2 what DNS does not vouch for counts not: `RemoteDaneTest.passesOverRecordsThatAreNotAuthentic`
/// - §2.1.3 the resolver is one that is trusted:
///   `StrangeAnswersTest.believesLoopbackButNotTheEnginesForwarderOrWhomItIsTold`
/// - §2.2 usable records demand TLS that fits them, records of no use TLS alone:
///   `RemoteDaneTest.keepsMailFromAServerThatFitsNoRecordOrHasNoTls`,
///   `RemoteDaneTest.wantsTlsWithAnyCertificateWhereNoRecordIsOfUse`
/// - §2.2.1 records are not asked for where MX or addresses are not authentic:
///   `RemoteDaneTest.asksForNoRecordsWhereDnsVouchesForNothing`
/// - §2.2.2 hosts without MX: `RemoteDaneTest.countsForAHostWithoutExchangersToo`
/// - §2.2.3 aliases: the end first, then the name itself:
///   `RemoteDaneTest.looksAtTheEndOfAnAliasAndThenAtItsBeginning`,
///   `RemoteDaneTest.looksAtAnAliasItselfWhoseTargetNobodyVouchesFor`
/// - §3.1.1 DANE-EE: neither name nor date nor chain:
///   `RemoteDaneTest.sendsToAServerWhoseKeyFitsWhateverElseItsCertificateSays`
/// - §3.1.2 DANE-TA: a chain, a date and a name: `PinsTest.wantANameAndADateFromAServerThatAnAuthorityVouchesFor`,
///   `RemoteDaneTest.sendsToAServerThatAnAuthorityInItsChainVouchesFor`
/// - §3.1.3 PKIX-TA and PKIX-EE are of no use: `PinsTest.leaveOutWhatIsOfNoUse`
/// - §3.2.2, §3.2.3 the names that a certificate may bear:
///   `RemoteDaneTest.sendsToAServerThatAnAuthorityInItsChainVouchesFor`
/// - §5 the strongest digest of those that are published:
///   `PinsTest.keepTheStrongestDigestOfOneUsageAndSelectorAndTheBytesThemselves`
/// - §8.1 the name of the records is in SNI:
///   `RemoteServerNameTest.theNameOfTheRecordsIsAskedForWhereTheExchangerIsAnAlias`
/// - §2.2, §9.1 a failure is temporary, and the next exchanger's turn:
///   `RemoteDaneTest.goesOnToTheNextServerWhereOneDoesNotFit`
///
/// What RFC 8689 demands, and the tests that show it:
/// - §2 offered inside TLS only, without a value, and handed on:
///   `SmtpdLoginTest.takesRequireTlsInsideTlsOnlyAndHandsItOn`
/// - §4.1 the message keeps it through everything it travels by:
///   `EnvelopeTest.keepsThatItGoesOverSureConnectionsOnlyThroughWhateverItTravels`,
///   `SentOnTest.programsAreToldWhatMustGoByTls`
/// - §4.2.1 DNSSEC or a policy vouches for the exchanger's name:
///   `RemoteRequireTlsTest.goesToAServerThatDnsVouchesForAndWhoseCertificateIsGood`,
///   `RemoteRequireTlsTest.goesToAServerThatAPolicyNamesInWhateverMode`,
///   `RemoteRequireTlsTest.comesBackWhereNothingVouchesForTheServersName`
/// - §4.2.1 TLS with a certificate for it, and the server offers it too, or the next one's turn, or it comes back:
///   `RemoteRequireTlsTest.comesBackFromAServerThatDoesNotOfferItHasNoTlsOrAWrongCertificate`,
///   `RemoteRequireTlsTest.looksForASureWayAmongAllServersAndWaitsWhileOneOfThemIsAway`
/// - §4.2.1 said again in MAIL FROM: `RemoteRequireTlsTest.goesToAServerThatFitsItsRecords`
/// - §3, §4.2.2 `TLS-Required: No` sets aside what domains ask for, and REQUIRETLS goes before it:
///   `RemoteRequireTlsTest.goesByAnyWayWhereTheHeaderWantsNone`
/// - §4.2.1 it waits where TLS is to be had later: `RemoteRequireTlsTest.waitsWhereTlsIsNotToBeHadForNow`
/// - §5 a notice goes by TLS as well, without the message:
///   `BounceTest.goesByTlsAsWellWithoutTheMessageWhereTheMessageHadTo`,
///   `RemoteRequireTlsTest.bringsANoticeBackByAnyWayAndSaysItOnASureOneOnly`
/// - §6 a list sends on what came so, so: `ListsTest.sendsAPostThatMustGoByTlsByTls`,
///   `ModeratedRequireTlsTest.goesOutAsItCameHoweverTheModeratorsAnswerDid`
///
/// And of RFC 8461: 3.3 `HttpsPolicies`, 5 and 5.1 `Safeguards` and `StsPolicies`, 2 and 10.2 DANE goes before and
/// policies are fetched anew before they end. What RFC 8460 reports of them: {@link qrate.tlsrpt}.
package qrate.remote.policies;
