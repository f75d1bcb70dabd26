/// Checks a deployed Qrate by its real protocols: what `./qrate smoke` runs.
///
/// Receives from: an administrator (options, a login or an admin token). Hands to: standard output, a line a check,
/// and an exit code.
/// Owns: the messages it sends, which it deletes, and the throw-away mailbox, if it made one.
/// Promise: leaves nothing behind in a mailbox; a check that cannot be made fails.
/// Trust: certificates are checked unless the host is this one or `--insecure` is given; what the server says is
/// bounded and only shown escaped.
/// Standards: RFC 5321, 6409, 8314, 3207, 4954, 6531, 1939, 2595.
package qrate.smoketests;
