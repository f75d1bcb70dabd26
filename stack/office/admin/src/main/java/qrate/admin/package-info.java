/// The admin service: pages for a browser, a REST API, health and metrics.
///
/// Receives from: administrators, postmasters and owners of mailboxes, by HTTP; commands, by the local token;
/// subscribers of lists, and whoever they get mail from, by the links in it.
/// Hands to: vpopmail, which alone changes anything; send, by qcontrol; the queue, mail about forgotten passwords; what
/// answers links ({@link qrate.admin.Admin.Links}).
/// Owns: `db/session-key`, `db/local-token`.
/// Promise: {@link qrate.admin.Router} decides about every request by one table; a form without its CSRF token changes
/// nothing, but for a link that is a key in itself; what ends something names all that goes and asks
/// ({@link qrate.admin.Removal}); each act, done or refused, stands in the audit log; what others wrote is escaped on
/// each page. Mail and logins go on without this service.
/// Trust: httpd bounds requests in size, number and time; a session ends on the server, with its sign-out, its password
/// or its account.
///
/// Standards: RFC 9110, RFC 6265, RFC 6750 (Bearer), OpenAPI 3.1, Prometheus' text format, CSP level 3, RFC 8058.
package qrate.admin;
