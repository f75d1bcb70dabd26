/// What mail for an address comes to, found out without doing any of it.
///
/// The way of an address: `Planner` (whose is it, by {@link qrate.address.Resolver}; which `.qmail` file, by
/// `DotQmail`; or what does the directory say) → a `Plan` → `Instructions` or `VirtualUsers` → a `Deed` for each
/// thing to be done, in order, or one of the `Refusals`. {@link qrate.local.deliver} does the deeds;
/// {@link qrate.local.plan.Preview} says what they would be, for `explain`.
///
/// Receives from: {@link qrate.local.deliver} and `explain` (an address).
/// Hands to: the same (a plan); the door, through files below `users/`, what only Maildirs know:
/// {@link qrate.local.plan.Publication} (homes and their `.qmail` files; which mailboxes are full, as `Fullness`
/// marked them).
/// Owns: `.full/` below the maildirs.
/// Promise: nothing here runs a program, sends anything on, or writes a message.
/// Trust: no path that `Homes` answers with leaves the maildirs, by `..`, by a link, or by being absolute
/// elsewhere. A home or a `.qmail` file that the world may write is not followed.
///
/// Standards: qmail-lspawn(8), qmail-local(8), dot-qmail(5), qmail-newdot(8), qmail-users(5), vpopmail's
/// vdelivermail, RFC 3463.
package qrate.local.plan;
