/// tcpserver: listens, applies rules and limits, hands the connection on; never parses the dialogue.
///
/// Receives from: the network. Hands to: a {@link qrate.core.Service} (smtpd, pop3d) as a
/// {@link qrate.core.Connection}; as the command `tcpserver`, any program, with the socket as its descriptors 0 and 1.
/// Owns: the sockets, the rules file's format (shared with tcprules), TLS, the PROXY protocol.
/// Promise: no more connections than the limit, each counted out again however it ends; nothing that a client sent
/// ahead of a TLS handshake is ever seen behind it; rules that would let a container's gateway relay are refused.
/// Trust: none in the client; PROXY headers are believed only from addresses in `control/proxyfrom`.
///
/// Standards: tcpserver(1), tcp-env(1), tcprules(1), tcp-environ(5), RFC 1413, sd_listen_fds(3), the PROXY protocol 1
/// and 2, RFC 8314, RFC 5952.
package qrate.tcpserver;
