/// Delivers to other hosts by SMTP: qmail-rspawn and qmail-remote.
///
/// Receives from: send, through {@link qrate.core.Spawner}; or by hand ({@link qrate.remote.QmailRemote}).
/// Hands to: other hosts' SMTP servers.
/// Owns: idle connections; who has a turn to speak (`SpeakingTurns`); the table of hosts that timed out, a hint in a
/// file
/// (`queue/tcpto`, or in rspawn's own
/// /tmp); a memory of hosts that asked for less (`SlowedHosts`).
/// Promise: each delivery of a job is answered exactly once. `Delivered` only after the other host answered 2xx to the
/// final dot; a connection that breaks between that dot and the answer is `Later` and says so, since the message may
/// then arrive twice (RFC 5321 §6.1). A message that cannot be read whole is never ended with the dot.
/// Trust: replies and DNS answers come from strangers: bounded in length, number and time, never stored beyond that,
/// stripped of control characters before they go into a text. Any certificate will do for opportunistic TLS; whoever
/// gets a password, or whose domain asks for it (DANE, MTA-STS), is verified.
///
/// The way of a job: {@link qrate.remote.RemoteSpawner} → `Deliverer` (one message to one host, no more at once
/// than `HostPermits` allows) → {@link qrate.remote.routes} (which servers, in which order) →
/// {@link qrate.remote.policies} (how sure to be of each of them) → {@link qrate.remote.session} (the talk with each of
/// them, over {@link qrate.remote.tls} where that may or must be) → a `Report` for each recipient. Routes and TLS know
/// nothing of sessions nor of each other, and none of them knows this package.
///
/// What an address here sends on leaves with a sender of ours (`ReversePaths`).
///
/// Controls: helohost, me, smtproutes, timeoutconnect, timeoutremote, concurrencyperhost, localips, tlsremote,
/// tlshosts/NAME.pem; for senders srs, srs_domain, srs_secrets, locals, virtualdomains.
///
/// Standards: qmail-remote(8), qmail-rspawn(8), qmail-control(5), and what the packages below name.
package qrate.remote;
