/// Milters: how an SMTP server asks programs what they think of a session and its messages, both ends.
///
/// Receives from: smtpd ({@link qrate.milter.Milters}: what its client says); SMTP servers, ours or others
/// ({@link qrate.milter.MilterServer}: the same, as packets). Hands to: milters, ours or others (rspamd,
/// opendkim, clamav-milter); a service of ours ({@link qrate.milter.MilterHandler}: one step after the other).
/// Owns: packets ({@link qrate.milter.MilterCommand}, {@link qrate.milter.MilterReply}), what is agreed on at
/// their beginning ({@link qrate.milter.MilterOptions}), a line of `control/milters` ({@link
/// qrate.milter.MilterSetting}), how changes of a header are counted ({@link qrate.milter.EditedHeader}).
/// Promise: no wait is without an end, nothing of a message's body is held, and the milters of a list see each
/// what the one before has left. A milter that is away, hangs, or says what makes no sense or was not agreed
/// on is left alone until the next message, which is put off or goes on, as its line says; none of its changes
/// is made then. Nothing that a milter says can become a line or a field more than it says. Trust: none in a
/// milter, beyond what it is there for; none in an SMTP server. Lengths and numbers have limits on both sides,
/// and what is over them is an error before anything is held.
///
/// ```java
/// try (MilterSession session = milters.session(connection.memory())) {             // smtpd
///     session.define("{client_addr}", ip);
///     MilterVerdict verdict = session.connect(Connect.of(host, ip, port));
///     …
///     try (MilterOutcome outcome = session.message(body, List.of(received))) {
///         switch (outcome.verdict()) {
///             case Pass _ -> intake.accept(envelope(outcome.envelope()), outcome.message());
///             …
///
/// new MilterServer(address, "rw-rw----", new Work(wish, Gate::new), Limits.USUAL, log); // the gate
/// ```
///
/// The protocol has no text but Sendmail's sources; where these, Postfix and libmilter's manual differ:
/// - Deleted fields keep their place in the count of one milter's changes, as in Sendmail; Postfix counts
///   anew.
/// - One blank behind the colon is left out for milters that do not ask for it, as by Postfix; a tab never.
/// - Macros are sent in front of a step even where the milter does not want the step, as both do.
/// - The body's last piece goes as one of its own, as by Postfix; both forms are understood.
/// - `%` in replies is doubled on the way and halved when read; a single one stays.
/// - After the end of a message no ABORT is sent, as by Sendmail; one that comes is passed over.
/// - A milter that was away is connected to again at the next MAIL, and told CONNECT and HELO again.
///
/// Left out: packets of 256 KiB and 1 MiB by agreement (SMFIP_MDS_*), which Sendmail has on request of whoever
/// compiles it; QUIT_NC from our client, since a connection serves one session; the reply `l`, which is read,
/// and stands on no wire.
///
/// Standards: Sendmail's libmilter 8.14 to 8.18 (mfdef.h, smfi_*), Postfix's MILTER_README, RFC 5321, RFC
/// 5322, RFC 3463.
package qrate.milter;
