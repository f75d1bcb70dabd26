package qrate.remote.session;

import qrate.remote.routes.Exchangers;
import qrate.remote.tls.Assurance;

/// Judges the servers of one domain, one by one, before mail goes to them.
@FunctionalInterface
public interface Passages {
    /// All are open, and no domain is asked for anything.
    Passages FREE = _ -> new Passage.Open(new Assurance.Relayed());

    /// Whether mail may go there.
    Passage to(Exchangers.Candidate server) throws InterruptedException;
}
