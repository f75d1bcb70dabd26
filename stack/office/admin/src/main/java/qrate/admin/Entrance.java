package qrate.admin;

import java.io.IOException;
import qrate.checkpassword.Throttle;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.Principal;
import qrate.directory.SignIns;

/// Lets in who has shown who he is.
record Entrance(Domains domains, Sessions sessions, Throttle throttle) {
    /// Signs somebody in, in the place of whoever was signed in there before.
    Reply enter(Request request, Principal who) throws IOException {
        String name = who.name();
        throttle.succeeded(request.remote(), name);
        if (!request.name().isEmpty()) {
            domains.apply(new Edit.EndSession(SignIns.id(request.session().nonce()), request.name()), request.actor());
        }
        return new Reply.SignedIn(open(request, name), OwnPages.home(who));
    }

    /// A new session of a name in the browser that asks.
    Sessions.Session open(Request request, String name) throws IOException {
        Sessions.Session session = sessions.open(name, domains.accounts().fingerprint(name));
        domains.as(request.actor(name))
                .signIns()
                .begin(session.nonce(), request.client().browser(), Sessions.LASTS);
        return session;
    }
}
