package qrate.remote.session;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import qrate.core.Log;
import qrate.core.Verdict;
import qrate.remote.routes.Exchangers;
import qrate.remote.routes.Routes;
import qrate.remote.routes.TimedOut;
import qrate.remote.tls.Assurance;
import qrate.remote.tls.Tls;
import qrate.tlsrpt.TlsNote;

/// Offers messages to servers, over a connection that is left from before or over a fresh one.
public final class RemoteSessions implements AutoCloseable {
    /// Connections kept of one server, for the next message.
    public static final int IDLE_PER_SERVER_MAX = 4;

    /// Kept of one reply, in characters.
    public static final int REPLY_CHARS_MAX = 6_000;

    /// What is to be delivered.
    ///
    /// @param servers in turn; at least one
    /// @param passages whether mail may go to each of them
    /// @param login for a relay that wants one
    /// @param course told and asked on the way
    public record Errand(
            List<Exchangers.Candidate> servers,
            Passages passages,
            Settings settings,
            Optional<Routes.Login> login,
            Outgoing message,
            Course course) {
        private Session.Endpoint endpoint(Exchangers.Candidate server, Assurance assurance) {
            return new Session.Endpoint(server, login.map(Routes.Login::user).orElse(""), assurance);
        }
    }

    private static final Verdict NO_TURN = new Verdict.Later(
            "As many deliveries to other hosts as there may be (concurrencyremote) were under way. (#4.3.2)\n");

    private final TimedOut timedOut;
    private final Watchdog watchdog = new Watchdog();
    private final IdleConnections idle;
    private final Opener opener;

    /// @param kept how long a connection is kept for the next message
    public RemoteSessions(Tls tls, Connector connector, TimedOut timedOut, Log log, Duration kept) {
        this.timedOut = timedOut;
        idle = new IdleConnections(watchdog, kept);
        opener = new Opener(tls, connector, watchdog, timedOut, log);
    }

    /// What there is to say of a server that cannot be reached.
    public static Verdict noConnection() {
        return new Verdict.Later("Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)\n");
    }

    /// Offers a message to its servers in turn, until one decides.
    ///
    /// @return what the last one came to, when none could be asked
    /// @throws IOException when the control files make no sense
    public Report offer(Errand errand) throws IOException, InterruptedException {
        Optional<Verdict> last = Optional.empty();
        StringBuilder notes = new StringBuilder();
        for (Exchangers.Candidate server : errand.servers) {
            if (timedOut.resting(server.address())) {
                last = last.filter(Verdict.Later.class::isInstance).or(() -> Optional.of(noConnection()));
                continue;
            }
            Session.Endpoint endpoint;
            switch (errand.passages.to(server)) {
                case Passage.Shut(var why, var note) -> {
                    TlsNote.join(notes, note);
                    last = Optional.of(new Verdict.Later(why + "\n"));
                    continue;
                }
                case Passage.Barred(var why) -> {
                    last = behind(last, new Verdict.Never(why + "\n"));
                    continue;
                }
                case Passage.Open(var assurance, var note) -> {
                    TlsNote.join(notes, note);
                    endpoint = errand.endpoint(server, assurance);
                }
            }
            Optional<Report> reused = reuse(endpoint, errand);
            if (reused.isPresent()) {
                return reused.get().noting(notes.toString());
            }
            errand.course.dials();
            switch (opener.open(endpoint, errand.settings, errand.login, errand.message)) {
                case Opener.Opening.Ready(var session) -> {
                    if (!goesOn(session, errand.course)) {
                        return Report.all(NO_TURN).noting(notes.toString());
                    }
                    switch (Transaction.run(session, errand.message, errand.course)) {
                        case Transaction.Result.Over(var report, var after) -> {
                            finish(session, after);
                            return report.noting(notes.toString());
                        }
                        case Transaction.Result.Lost(var verdict) -> {
                            session.close();
                            last = behind(last, verdict);
                        }
                    }
                }
                case Opener.Opening.Refused(var verdict) -> {
                    return Report.all(verdict).noting(notes.toString());
                }
                case Opener.Opening.Failed(var verdict, var note) -> {
                    TlsNote.join(notes, note);
                    last = behind(last, verdict);
                }
                case Opener.Opening.TlsBroken(var why, var _, var _, var _) ->
                    throw new IllegalStateException(why); // settled in open
            }
        }
        return Report.all(last.orElseGet(RemoteSessions::noConnection)).noting(notes.toString());
    }

    /// What is left to say after one more server: while one of them may do later, that it was not now.
    private static Optional<Verdict> behind(Optional<Verdict> last, Verdict now) {
        boolean hope = now instanceof Verdict.Never
                && last.filter(Verdict.Later.class::isInstance).isPresent();
        return hope ? last : Optional.of(now);
    }

    /// Over connections left from before; each that will not do is dropped without a word, and a fresh one
    /// decides.
    private Optional<Report> reuse(Session.Endpoint endpoint, Errand errand) throws InterruptedException {
        for (Optional<Session> kept = idle.take(endpoint); kept.isPresent(); kept = idle.take(endpoint)) {
            Session session = kept.get();
            if (!errand.message.fits(session)) {
                session.quit();
                continue;
            }
            if (!goesOn(session, errand.course)) {
                return Optional.of(Report.all(NO_TURN));
            }
            switch (Transaction.run(session, errand.message, errand.course)) {
                case Transaction.Result.Over(var report, var after) -> {
                    finish(session, after);
                    return Optional.of(report);
                }
                case Transaction.Result.Lost _ -> session.quit();
            }
        }
        return Optional.empty();
    }

    private static boolean goesOn(Session session, Course course) throws InterruptedException {
        boolean goesOn = false;
        try {
            goesOn = course.mayGoOn();
            return goesOn;
        } finally {
            if (!goesOn) {
                session.quit();
            }
        }
    }

    private void finish(Session session, Transaction.After after) {
        boolean clean = switch (after) {
            case CLEAN -> !session.disturbed();
            case SPENT -> false;
        };
        if (clean) {
            idle.put(session);
        } else {
            session.quit();
        }
    }

    /// Connections kept now.
    public int idle() {
        return idle.size();
    }

    @Override
    public void close() {
        idle.close();
        watchdog.close();
    }
}
