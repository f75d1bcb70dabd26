/// The gate: says of strangers' mail whom it really comes from, and refuses what its domains want refused.
///
/// Receives from: smtpd, or any SMTP server that asks milters: the client, HELO, sender, recipients, then the
/// message. Hands to: the same, fields for the header, a refusal, a quarantine; explain, the same judgement of a
/// file ({@link qrate.gate.Judge}); admin, reports of DMARC that are ready to go ({@link qrate.gate.DmarcReporting}).
/// Owns: what results of SPF, DKIM and DMARC mean for a message here ({@link qrate.gate.Inspection}), and the
/// control files that say so ({@link qrate.gate.GateControl}); the greylist, in the folder `gate`. Those modules find
/// out, this one decides.
/// Promise: with the settings that hold without any file nothing is refused, only marked. DNS is waited for 20
/// seconds a message at most; what it did not tell by then is `temperror`. A fault of our own leaves a message
/// unmarked and is logged. Whom it puts off as a stranger it knows from a file, without which strangers wait once
/// more. Nothing of a body is held, and of all headers together a part of the heap; beyond
/// it a message is put off. Our name in an Authentication-Results field is ours: fields of strangers that bear
/// it go, and a message with more of them than {@link qrate.gate.GateMessage#FORGED_MAX} is refused, the one
/// thing that no setting lets through. What a list of clients cannot tell counts as not listed. Reports never stop
/// mail: a disk or DNS that fails is logged.
/// Trust: none in clients, messages and DNS. The SMTP server is believed what it says of the client:
/// `{auth_authen}`, and the macro {@link qrate.milter.Milters#OURS}, each of which means that nothing is to be checked.
///
/// RFC 7208 §8: results and what they lead to, by level, in {@link qrate.gate.Inspection#refusal}; §2.3 HELO is
/// marked and decides nothing, as in qmail's SPF patch. RFC 6376 §6.1: a signature that fails counts as none; a
/// key on trial (`t=y`) and a body that is not signed to its end (`l=`) vouch for nobody. RFC 8601 §4, §5: our field
/// on top, forged ones removed. RFC 8617: a chain is checked and told; §7.2: nobody is
/// believed by it but sealers that `dmarcexceptions` names ({@link qrate.gate.DmarcExceptions}), about DMARC alone. RFC
/// 9989 §5.4,
/// §7: what a domain asks is done as `dmarc` says, and never more. RFC 7372: 5.7.23, 5.7.26, 4.7.24. RFC 5782: lists
/// of addresses (§2.1, §2.4), several in one by their answers (§2.3), which count in 127.0.0.0/8 alone; lists of domain
/// names (§3) are not asked, for whom only a message's content could be: {@link qrate.gate.DnsList}. RFC 6647 §5, by
/// network, sender and first recipient, after all that refuses: {@link qrate.gate.Greylist}.
///
/// Standards: RFC 5782, 6376, 6647, 7208, 7372, 8601, 8617, 9989, 9990; qmail's SPF patch for `spfbehavior` and its
/// kin.
package qrate.gate;
