/// The HTTP door: takes requests whole, gives them to one service, sends what it answers.
///
/// Receives from: clients by HTTP/1.1, and proxies before them. Hands to: a {@link qrate.httpd.RequestHandler}.
/// Owns: its connections, and nothing on disk.
/// Promise: what all clients together make it hold is bounded, in connections and in bytes, and each client has a share
/// of
/// both ({@link qrate.httpd.Seats}); who wants more than there is makes room from the greediest. A thread and a turn
/// are taken once a request has been read whole, and given back before the answer is sent, so that slow clients hold
/// neither. Texts are compressed for whoever takes that ({@link qrate.httpd.Gzip}). Whatever a service throws becomes
/// an answer, and one line of log.
/// Trust: none in the client; headers of proxies are believed only from those that {@link qrate.httpd.Proxies} is told
/// of. A
/// request that two readers could understand in two ways is refused ({@link qrate.httpd.Wording}).
///
/// Standards: RFC 9110, RFC 9112, RFC 1952 (gzip), RFC 7239 (Forwarded), RFC 6265 (Cookie).
package qrate.httpd;
