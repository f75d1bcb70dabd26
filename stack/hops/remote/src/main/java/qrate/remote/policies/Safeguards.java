package qrate.remote.policies;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import qrate.core.Control;
import qrate.core.ControlFile;
import qrate.core.DomainName;
import qrate.dns.Dns;
import qrate.dns.Hosts;
import qrate.dns.Question;
import qrate.mtasts.StsMode;
import qrate.mtasts.StsPolicy;
import qrate.mtasts.StsRecord;
import qrate.remote.routes.Exchangers;
import qrate.remote.routes.Routes;
import qrate.remote.session.Outgoing;
import qrate.remote.session.Passage;
import qrate.remote.session.Passages;
import qrate.remote.tls.Assurance;
import qrate.remote.tls.Tls;
import qrate.tlsrpt.FoundPolicy;
import qrate.tlsrpt.TlsFault;
import qrate.tlsrpt.TlsNote;

/// What domains published of how sure to be of their servers.
public final class Safeguards {
    /// How long mail waits to hear of a policy: a name server that leaves TXT unanswered holds nobody up for longer.
    static final Duration RECORD_WAIT_MAX = Duration.ofSeconds(5);

    private static final Passage NEVER =
            new Passage.Barred("control/tlsremote forbids TLS here, and the sender demands it (REQUIRETLS). (#5.7.10)");

    private final Control control;
    private final Dns dns;
    private final Dane dane;
    private final StsPolicies policies;

    /// @param policies those of MTA-STS
    public Safeguards(Control control, Dns dns, StsPolicies policies) {
        this.control = control;
        this.dns = dns;
        this.policies = policies;
        dane = new Dane(dns);
    }

    /// Begins to ask about a host's domain, and does not wait.
    ///
    /// @param route that leads there
    /// @param wish of the message's sender
    /// @throws IOException when control/tlsremote cannot be read
    public Passages to(String host, Optional<Routes.Route> route, Outgoing.Wish wish) throws IOException {
        boolean named = route.filter(one -> !one.relay().isEmpty()).isPresent()
                || Hosts.bracketed(host).isPresent();
        boolean never = control.value(ControlFile.TLSREMOTE).equals("never");
        boolean sure = wish == Outgoing.Wish.SURE;
        if (sure && (named || never)) {
            Passage only = never ? NEVER : new Passage.Open(new Assurance.ForSender());
            return _ -> only;
        }
        if (wish == Outgoing.Wish.ANY) {
            return _ -> new Passage.Open(new Assurance.Waived());
        }
        if (named || never) {
            return Passages.FREE;
        }
        String domain = DomainName.ascii(host);
        FutureTask<Dns.Answer<String>> texts = new FutureTask<>(() ->
                dns.ask(Question.texts(StsRecord.name(domain)), RECORD_WAIT_MAX).answer());
        Thread.ofVirtual().name("mta-sts").start(texts);
        return server -> {
            Optional<Passage> byDane = dane.of(server, domain);
            if (byDane.filter(Safeguards::settles).isPresent()) {
                return byDane.get();
            }
            if (sure) {
                return server.vouched().isEmpty()
                        ? sure(domain, server, answer(texts))
                        : new Passage.Open(new Assurance.ForSender());
            }
            StsPolicies.Standing standing = policies.of(domain, answer(texts));
            String note = note(standing, domain);
            return standing.policy()
                    .filter(found -> found.mode() != StsMode.NONE)
                    .filter(found -> found.mode() == StsMode.ENFORCE || byDane.isEmpty())
                    .map(found -> byPolicy(found, domain, server, note))
                    .or(() -> byDane)
                    .orElseGet(() -> new Passage.Open(new Assurance.Opportunistic(), note));
        };
    }

    /// For a sender who wants a sure way where DNS vouches for nothing: a policy, in whatever mode, must name the
    /// server
    /// (RFC 8689 §4.2.1).
    private Passage sure(String domain, Exchangers.Candidate server, Dns.Answer<String> texts)
            throws InterruptedException {
        StsPolicies.Standing standing = policies.of(domain, texts);
        Optional<StsPolicy> policy = standing.policy();
        if (policy.filter(found -> found.mode() != StsMode.NONE).isPresent()) {
            return policy.get().names(server.name())
                    ? new Passage.Open(new Assurance.ForSender())
                    : new Passage.Barred("The policy of " + domain + " (MTA-STS) does not name " + server.name()
                            + " among its mail exchangers, and the sender demands a sure way (REQUIRETLS). (#5.7.10)");
        }
        boolean named = texts instanceof Dns.Answer.Found<String>(var all)
                && StsRecord.id(all).isPresent();
        boolean untold = policy.isEmpty() && (named || texts instanceof Dns.Answer.Failed<String>);
        return untold
                ? new Passage.Shut(
                        "The policy of " + domain
                                + " (MTA-STS) cannot be had now, and the sender demands a sure way (REQUIRETLS). (#4.7.5)",
                        note(standing, domain))
                : new Passage.Barred("Neither DNSSEC nor a policy (MTA-STS) says that " + server.name()
                        + " takes mail for " + domain + ", and the sender demands a sure way (REQUIRETLS). (#5.7.10)");
    }

    /// Whether MTA-STS has nothing to add: RFC 8461 §2 leaves nothing to it where DANE can tell who a server is.
    private static boolean settles(Passage byDane) {
        return !(byDane instanceof Passage.Open(Assurance.Encrypted _, var _));
    }

    /// What the domain is told of its policy.
    private static String note(StsPolicies.Standing standing, String domain) {
        return standing.failed().map(why -> TlsNote.fetching(why, domain)).orElse("");
    }

    private static Passage byPolicy(StsPolicy policy, String domain, Exchangers.Candidate server, String note) {
        String published = FoundPolicy.sts(policy.mode().word(), policy.maxAge().toSeconds(), policy.exchangers());
        if (policy.mode() == StsMode.TESTING) {
            return new Passage.Open(new Assurance.Tried(policy.names(server.name()), published), note);
        }
        TlsFault.Server with = new TlsFault.Server(server.name(), Hosts.text(server.address()));
        return policy.names(server.name())
                ? new Passage.Open(new Assurance.ByPolicy(domain, published), note)
                : new Passage.Shut(
                        "The policy of " + domain + " (MTA-STS) does not name " + server.name()
                                + " among its mail exchangers. (#4.7.0)",
                        note + TlsNote.lines(new TlsFault(Tls.UNNAMED, with, ""), "MTA-STS", published));
    }

    private static Dns.Answer<String> answer(FutureTask<Dns.Answer<String>> texts) throws InterruptedException {
        try {
            return texts.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
