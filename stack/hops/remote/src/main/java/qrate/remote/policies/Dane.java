package qrate.remote.policies;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import qrate.dns.Dns;
import qrate.dns.Hosts;
import qrate.dns.Question;
import qrate.remote.routes.Exchangers;
import qrate.remote.session.Passage;
import qrate.remote.tls.Assurance;
import qrate.remote.tls.Pins;
import qrate.tlsrpt.TlsFault;
import qrate.tlsrpt.TlsNote;

/// Looks for a server's TLSA records.
final class Dane {
    private static final String DANE = "DANE";

    private final Dns dns;

    Dane(Dns dns) {
        this.dns = dns;
    }

    /// What they come to.
    ///
    /// @return empty where there are none, or none that DNS vouches for
    Optional<Passage> of(Exchangers.Candidate server, String domain) {
        for (String name : server.vouched()) {
            Dns.Reply<Question.Association> reply =
                    dns.ask(Question.associations("_" + server.port() + "._tcp." + name), Dns.QUESTION_MAX);
            switch (reply.answer()) {
                case Dns.Answer.Found<Question.Association>(var all) -> {
                    return reply.authentic() ? Optional.of(asked(name, all, domain, server)) : Optional.empty();
                }
                case Dns.Answer.Failed<Question.Association>(var why) -> {
                    return Optional.of(new Passage.Shut(
                            "DNS lookup of the TLSA records of " + name + " failed temporarily: " + why + ". (#4.4.3)",
                            TlsNote.line(
                                    TlsNote.Failure.DNSSEC_INVALID,
                                    server.name(),
                                    Hosts.text(server.address()),
                                    DANE)));
                }
                case Dns.Answer.NoData<Question.Association> _, Dns.Answer.NoSuchName<Question.Association> _ -> {
                    // the next name may have some
                }
            }
        }
        return Optional.empty();
    }

    private static Passage asked(
            String name, List<Question.Association> all, String domain, Exchangers.Candidate server) {
        Pins pins = Pins.of(all);
        String published = Pins.text(all);
        return pins.usable().isEmpty()
                ? new Passage.Open(new Assurance.Encrypted(name, published), useless(server, published))
                : new Passage.Open(new Assurance.ByDane(
                        pins, Stream.of(name, domain).distinct().toList()));
    }

    private static String useless(Exchangers.Candidate server, String published) {
        TlsFault.Server with = new TlsFault.Server(server.name(), Hosts.text(server.address()));
        return TlsNote.lines(new TlsFault(TlsFault.Cause.of(TlsNote.Failure.TLSA_INVALID), with, ""), DANE, published);
    }
}
