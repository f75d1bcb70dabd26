package qrate.dmarc.reports;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.dmarc.Dmarc;
import qrate.dmarc.DmarcRecord;
import qrate.dmarc.ReportAddress;
import qrate.dns.Dns;
import qrate.dns.Dns.Answer;
import qrate.dns.Question;
import qrate.dns.Questions;

/// Says where a domain's reports may go: to its own organization, and to others that agree (RFC 9990 §4).
public final class Destinations {
    private static final int NAME_CHARS_MAX = 253;

    private final Dmarc dmarc;
    private final Dns dns;
    private final InstantSource clock;

    /// @param dmarc finds organizations
    public Destinations(Dmarc dmarc, Dns dns, InstantSource clock) {
        this.dmarc = dmarc;
        this.dns = dns;
        this.clock = clock;
    }

    /// Where to.
    ///
    /// @param to in the order of the record, each once
    /// @param later those about which DNS could not tell now
    /// @param refused the others, each with the reason
    public record Where(List<ReportAddress> to, List<ReportAddress> later, List<String> refused) {
        public Where {
            to = List.copyOf(to);
            later = List.copyOf(later);
            refused = List.copyOf(refused);
        }
    }

    /// What a host says of reports about a domain.
    private sealed interface Consent {
        /// It is of the same organization, or says yes and names no address of its own.
        record Yes() implements Consent {}

        /// It says yes, and names other addresses.
        record Instead(List<ReportAddress> addresses) implements Consent {}

        /// It does not say so.
        record No(String why) implements Consent {}

        /// DNS could not tell.
        record Unknown() implements Consent {}
    }

    /// Asks for each address of a record's `rua`.
    ///
    /// @param policyDomain where the record stands
    public Where of(String policyDomain, DmarcRecord record) {
        Questions questions = Questions.of(
                dns,
                new Questions.Limits(ReportAddress.ADDRESSES_MAX, ReportAddress.ADDRESSES_MAX, Dmarc.TIME_MAX),
                clock);
        Map<String, Consent> known = new HashMap<>();
        List<ReportAddress> to = new ArrayList<>();
        List<ReportAddress> later = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (ReportAddress address : record.rua()) {
            switch (known.computeIfAbsent(address.host(), host -> consent(policyDomain, host, questions))) {
                case Consent.Yes _ -> to.add(address);
                case Consent.Instead(var addresses) -> to.addAll(addresses);
                case Consent.No(var why) -> refused.add(address.address() + ": " + why);
                case Consent.Unknown _ -> later.add(address);
            }
        }
        return new Where(to.stream().distinct().toList(), later, refused);
    }

    private Consent consent(String policyDomain, String host, Questions questions) {
        if (policyDomain.equals(host)) {
            return new Consent.Yes();
        }
        Optional<String> ours = dmarc.organization(policyDomain);
        Optional<String> theirs = dmarc.organization(host);
        if (ours.isEmpty() || theirs.isEmpty()) {
            return new Consent.Unknown();
        }
        if (ours.equals(theirs)) {
            return new Consent.Yes();
        }
        String name = policyDomain + "._report._dmarc." + host;
        if (name.length() > NAME_CHARS_MAX) {
            return new Consent.No("no name of DNS can say that it agrees");
        }
        return switch (questions.ask(Question.texts(name)).answer()) {
            case Answer.Found<String>(var texts) -> consent(host, texts);
            case Answer.NoSuchName<String> _, Answer.NoData<String> _ -> new Consent.No("nothing stands at " + name);
            case Answer.Failed<String> _ -> new Consent.Unknown();
        };
    }

    private static Consent consent(String host, List<String> texts) {
        List<DmarcRecord> records =
                texts.stream().map(DmarcRecord::parse).flatMap(Optional::stream).toList();
        if (records.isEmpty()) {
            return new Consent.No(host + " does not say that it agrees");
        }
        List<ReportAddress> instead =
                records.stream().flatMap(record -> record.rua().stream()).toList();
        if (!instead.stream().allMatch(address -> address.host().equals(host))) {
            return new Consent.No(host + " sends reports on to somebody else");
        }
        return instead.isEmpty() ? new Consent.Yes() : new Consent.Instead(instead);
    }
}
