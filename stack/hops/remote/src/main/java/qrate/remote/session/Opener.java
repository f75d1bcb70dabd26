package qrate.remote.session;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import qrate.core.Log;
import qrate.core.Verdict;
import qrate.dns.Hosts;
import qrate.remote.routes.Exchangers;
import qrate.remote.routes.Routes;
import qrate.remote.routes.TimedOut;
import qrate.remote.tls.Tls;
import qrate.smtp.ReplyReader.Reply;
import qrate.tlsrpt.TlsFault;
import qrate.tlsrpt.TlsNote;

/// Opens a session with one server: connection, greeting, EHLO, STARTTLS, AUTH.
final class Opener {
    /// How long a TLS handshake may take.
    static final Duration HANDSHAKE_MAX = Duration.ofSeconds(60);

    /// How it ended.
    sealed interface Opening {
        /// Ready for MAIL.
        record Ready(Session session) implements Opening {}

        /// Not with this server; the next one may do.
        ///
        /// @param note for the domain ({@link TlsNote}), or empty
        record Failed(Verdict verdict, String note) implements Opening {
            Failed(Verdict verdict) {
                this(verdict, "");
            }
        }

        /// Not at all: the next server would be told the same.
        record Refused(Verdict verdict) implements Opening {}

        /// TLS was offered and does not work.
        ///
        /// @param misfit whether the reason is the server's certificate
        /// @param note for the domain, or empty
        record TlsBroken(String why, boolean misfit, TlsFault.Cause told, String note) implements Opening {
            static TlsBroken of(IOException failure, Session session) {
                TlsFault.Cause told = Tls.cause(failure);
                return new TlsBroken(Tls.words(failure), Tls.isMisfit(failure), told, session.note(told));
            }
        }
    }

    private final Connector connector;
    private final Watchdog watchdog;
    private final TimedOut timedOut;
    private final Tls tls;
    private final Log log;

    Opener(Tls tls, Connector connector, Watchdog watchdog, TimedOut timedOut, Log log) {
        this.tls = tls;
        this.connector = connector;
        this.watchdog = watchdog;
        this.timedOut = timedOut;
        this.log = log;
    }

    /// Opens one; where TLS is a wish and breaks, once more without.
    ///
    /// @param message that it is for
    /// @throws IOException when the control files make no sense
    Opening open(Session.Endpoint endpoint, Settings settings, Optional<Routes.Login> login, Outgoing message)
            throws IOException {
        Exchangers.Candidate server = endpoint.server();
        String name = server.name().isEmpty() ? Hosts.text(server.address()) : server.name();
        Tls.Peer peer = new Tls.Peer(name, server.port(), login.isPresent(), endpoint.assurance());
        Attempt attempt = new Attempt(endpoint, settings, login, peer, message);
        Tls.Demand demand = tls.demand(attempt.peer);
        Opening opening = connect(attempt, demand, Optional.empty());
        if (!(opening instanceof Opening.TlsBroken(var why, var misfit, var told, var note))) {
            return opening;
        }
        boolean must = demand == Tls.Demand.MUST || server.implicit();
        log.line("remote: TLS with " + name + " failed: " + why + (must ? "" : "; trying again without"));
        return must
                ? new Opening.Failed(
                        attempt.insecure(
                                "TLS failed: " + Log.escape(why) + ". " + insisting(attempt, demand), "4.7.5", misfit),
                        note)
                : connect(attempt, Tls.Demand.NEVER, Optional.of(told));
    }

    /// Why there is no delivery without TLS.
    private String insisting(Attempt attempt, Tls.Demand demand) {
        return demand == Tls.Demand.MUST ? tls.reason(attempt.peer) + "." : "Its port has nothing but TLS.";
    }

    private record Attempt(
            Session.Endpoint endpoint,
            Settings settings,
            Optional<Routes.Login> login,
            Tls.Peer peer,
            Outgoing message) {
        Exchangers.Candidate server() {
            return endpoint.server();
        }

        String connectedTo() {
            return "Connected to " + Hosts.text(server().address());
        }

        /// There is no TLS, or none with the right server: for a message that must have it that is the end, unless it
        /// may be otherwise the next time (RFC 8689 §4.2.1).
        Verdict insecure(String why, String code, boolean lasting) {
            return lasting && message.wish() == Outgoing.Wish.SURE
                    ? new Verdict.Never(connectedTo() + " but " + why + " (#5.7.10)\n")
                    : new Verdict.Later(connectedTo() + " but " + why + " (#" + code + ")\n");
        }
    }

    /// @param broke how TLS broke, if it was tried before
    private Opening connect(Attempt attempt, Tls.Demand demand, Optional<TlsFault.Cause> broke) {
        Exchangers.Candidate server = attempt.server();
        DeadlineConnection wire;
        try {
            Socket socket = connector.connect(
                    new InetSocketAddress(server.address(), server.port()), attempt.settings.connect());
            wire = new DeadlineConnection(socket, watchdog);
        } catch (SocketTimeoutException _) {
            timedOut.timedOut(server.address());
            return new Opening.Failed(RemoteSessions.noConnection());
        } catch (IOException _) {
            return new Opening.Failed(RemoteSessions.noConnection());
        }
        Session session = new Session(attempt.endpoint, wire, attempt.settings.remote());
        broke.ifPresent(session::inTheClear);
        Opening opening;
        try {
            opening = greet(session, attempt, demand);
        } catch (IOException _) {
            if (wire.expired()) {
                timedOut.timedOut(server.address());
            }
            opening = new Opening.Failed(new Verdict.Later(attempt.connectedTo() + " but connection died. (#4.4.2)\n"));
        }
        switch (opening) {
            case Opening.Ready _ -> timedOut.answered(server.address());
            case Opening.TlsBroken _ -> session.close();
            case Opening.Failed _, Opening.Refused _ -> session.quit();
        }
        return opening;
    }

    private Opening greet(Session session, Attempt attempt, Tls.Demand demand) throws IOException {
        if (attempt.server().implicit()) {
            try {
                session.startTls(tls, attempt.peer, HANDSHAKE_MAX);
            } catch (IOException e) {
                return Opening.TlsBroken.of(e, session);
            }
        }
        Reply greeting = session.greeting(attempt.settings.greeting());
        if (greeting.code() != 220) {
            return new Opening.Failed(said(attempt.connectedTo() + " but greeting failed.", greeting, false));
        }
        Optional<Opening> refusal = hello(session, attempt);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        if (demand != Tls.Demand.NEVER && !session.secured()) {
            Optional<Opening> failure = secure(session, attempt, demand);
            if (failure.isPresent()) {
                return failure.get();
            }
        }
        if (!attempt.message.fits(session)) {
            return new Opening.Failed(new Verdict.Never(attempt.connectedTo()
                    + " but it does not offer REQUIRETLS, which the sender demands. (#5.7.30)\n"));
        }
        return attempt.login.isEmpty() ? new Opening.Ready(session) : authenticate(session, attempt);
    }

    /// EHLO, and HELO where that is unknown (RFC 5321 §3.2).
    private static Optional<Opening> hello(Session session, Attempt attempt) throws IOException {
        Reply reply = session.command("EHLO " + attempt.settings.helo());
        if (reply.positive()) {
            session.offered(Extensions.of(reply.lines()));
            return Optional.empty();
        }
        if (reply.permanent()) {
            reply = session.command("HELO " + attempt.settings.helo());
            session.offered(Extensions.none());
            if (reply.positive()) {
                return Optional.empty();
            }
        }
        return Optional.of(new Opening.Refused(
                said(attempt.connectedTo() + " but my name was rejected.", reply, session.permanent(reply))));
    }

    private Optional<Opening> secure(Session session, Attempt attempt, Tls.Demand demand) {
        String missing = "it offers no TLS";
        boolean lasting = true;
        if (session.offered().has("STARTTLS")) {
            try {
                Reply reply = session.command("STARTTLS");
                if (reply.code() == 220) {
                    session.startTls(tls, attempt.peer, HANDSHAKE_MAX);
                    // TLS 1.3: what the server does not like of our side of the handshake comes with its next answer
                    return hello(session, attempt);
                }
                lasting = reply.permanent();
                missing = "it refused TLS (" + Texts.bounded(reply.text()).replace('\n', ' ') + ")";
            } catch (IOException e) {
                return Optional.of(Opening.TlsBroken.of(e, session));
            }
        }
        session.withoutTls();
        return demand == Tls.Demand.MUST
                ? Optional.of(new Opening.Failed(
                        attempt.insecure(missing + ". " + insisting(attempt, demand), "4.7.4", lasting),
                        session.note(Session.WITHOUT)))
                : Optional.empty();
    }

    private static Opening authenticate(Session session, Attempt attempt) throws IOException {
        Optional<Reply> reply =
                session.secured() ? new Auth(session, attempt.login.orElseThrow()).run() : Optional.empty();
        if (reply.isEmpty()) {
            return new Opening.Refused(new Verdict.Later(attempt.connectedTo()
                    + " but it offers no AUTH over TLS by PLAIN, LOGIN or CRAM-MD5, and control/smtproutes has a login"
                    + " for it. (#4.7.0)\n"));
        }
        return Auth.isDone(reply.get())
                ? new Opening.Ready(session)
                : new Opening.Refused(said(
                        attempt.connectedTo() + " but my login was rejected, which is in control/smtproutes.",
                        reply.get(),
                        false));
    }

    /// A text in qmail-remote's manner.
    static Verdict said(String what, Reply reply, boolean never) {
        String text = what + "\nRemote host said: " + Texts.bounded(reply.text()) + "\n";
        return never ? new Verdict.Never(text) : new Verdict.Later(text);
    }
}
