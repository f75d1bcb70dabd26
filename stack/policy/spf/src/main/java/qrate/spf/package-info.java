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
/// Left out: the type SPF (99), which §3.1 took back. Read by the letter: §4.6.4 counts terms that find
/// nothing, so hosts of an `mx` do not count; `p` in a term costs one of the ten. Beside pyspf, Mail::SPF and jSPF,
/// `SpfPeersTest` has a table of what differs, and why; the examples of appendix A are in `SpfAppendixTest`.
package qrate.spf;
