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
/// Taken more kindly than the grammar has it: blanks around values, empty lines, names in Unicode, a dot at the end of
/// a name, a `max_age` above a year (which is a year). Left out: reports (§6), which are RFC 8460's.
package qrate.mtasts;
