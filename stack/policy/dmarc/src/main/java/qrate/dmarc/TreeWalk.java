package qrate.dmarc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.Log;
import qrate.dmarc.DmarcRecord.PublicSuffix;
import qrate.dns.Dns;
import qrate.dns.Dns.Answer;
import qrate.dns.Question;
import qrate.dns.Questions;

/// Walks up the names above a domain and looks for DMARC records (RFC 9989 §4.10). No name is asked for twice.
final class TreeWalk {
    /// Most names that one walk asks for.
    static final int QUERIES_MAX = 8;

    private static final int SHOWN_CHARS_MAX = 200;

    private final Questions questions;
    private final List<String> trace;
    private final Map<String, Step> known = new HashMap<>();

    /// Whether a name is there.
    enum Existence {
        YES,
        NO,
        UNKNOWN
    }

    /// What stands at one name.
    sealed interface Step {
        /// Exactly one record.
        record Published(DmarcRecord record) implements Step {}

        /// None, or more than one, of which none counts.
        record Silent() implements Step {}

        /// Nobody could tell.
        record Unknown(String why) implements Step {}
    }

    /// Where a record stands.
    record Spot(String domain, DmarcRecord record) {}

    /// How a walk ended.
    ///
    /// @param found the longest name first
    /// @param organization the organizational domain
    /// @param failure why nobody can tell; empty when the walk came to its end
    record Walk(List<Spot> found, String organization, String failure) {
        boolean isWhole() {
            return failure.isEmpty();
        }

        Optional<DmarcRecord> at(String domain) {
            return found.stream()
                    .filter(spot -> spot.domain.equals(domain))
                    .map(Spot::record)
                    .findFirst();
        }

        /// The record that holds for a start that has none (§4.10.1): the organization's, else the public
        /// suffix's.
        Optional<Spot> policy() {
            Optional<DmarcRecord> own = at(organization);
            return own.isPresent()
                    ? own.map(record -> new Spot(organization, record))
                    : found.stream()
                            .filter(spot -> spot.record.psd() == PublicSuffix.YES)
                            .findFirst();
        }
    }

    /// @param trace gets a line for each name
    TreeWalk(Questions questions, List<String> trace) {
        this.questions = questions;
        this.trace = trace;
    }

    /// What stands at `_dmarc.` before a domain.
    Step at(String domain) {
        return known.computeIfAbsent(domain, this::ask);
    }

    /// The whole walk.
    Walk from(String start) {
        List<Spot> found = new ArrayList<>();
        for (String name : names(start)) {
            switch (at(name)) {
                case Step.Published(var record) -> found.add(new Spot(name, record));
                case Step.Silent _ -> {
                    // the next one
                }
                case Step.Unknown(var why) -> {
                    return new Walk(found, start, why);
                }
            }
            if (!found.isEmpty()
                    && found.getLast().domain.equals(name)
                    && found.getLast().record.psd() != PublicSuffix.UNKNOWN) {
                break;
            }
        }
        return new Walk(found, organization(start, found), "");
    }

    /// The names that are asked for, in order: a long one is cut to seven labels after the first question.
    static List<String> names(String start) {
        List<String> names = new ArrayList<>(List.of(start));
        Optional<String> next = DomainNames.labels(start) < QUERIES_MAX
                ? DomainNames.parent(start)
                : Optional.of(DomainNames.last(start, QUERIES_MAX - 1));
        while (next.isPresent()) {
            names.add(next.get());
            next = DomainNames.parent(next.get());
        }
        return names;
    }

    private static String organization(String start, List<Spot> found) {
        for (Spot spot : found) {
            if (spot.record.psd() == PublicSuffix.NO) {
                return spot.domain;
            }
            if (spot.record.psd() == PublicSuffix.YES && !spot.domain.equals(start)) {
                return DomainNames.last(start, DomainNames.labels(spot.domain) + 1);
            }
        }
        return found.isEmpty() ? start : found.getLast().domain;
    }

    /// Whether a domain exists: only NXDOMAIN says that it does not (RFC 9989 §3.2.13, appendix A.4). An alias
    /// that leads nowhere exists itself.
    Existence existence(String domain) {
        Dns.Reply<?> reply = questions.ask(Question.ipv4(domain));
        Existence exists = switch (reply.answer()) {
            case Answer.NoSuchName<?> _ -> reply.name().equals(domain) ? Existence.NO : Existence.YES;
            case Answer.Found<?> _, Answer.NoData<?> _ -> Existence.YES;
            case Answer.Failed<?> _ -> Existence.UNKNOWN;
        };
        said(
                domain,
                switch (exists) {
                    case YES -> "exists";
                    case NO -> "does not exist";
                    case UNKNOWN -> "nobody can tell now whether it exists";
                });
        return exists;
    }

    private Step ask(String domain) {
        String name = "_dmarc." + domain;
        return switch (questions.ask(Question.texts(name)).answer()) {
            case Answer.Found<String>(var texts) -> {
                List<DmarcRecord> records = texts.stream()
                        .map(DmarcRecord::parse)
                        .flatMap(Optional::stream)
                        .toList();
                if (records.size() != 1) {
                    said(name, records.isEmpty() ? "no DMARC record" : records.size() + " records, so none counts");
                    yield new Step.Silent();
                }
                said(name, records.getFirst().text());
                yield new Step.Published(records.getFirst());
            }
            case Answer.NoSuchName<String> _, Answer.NoData<String> _ -> {
                said(name, "no record");
                yield new Step.Silent();
            }
            case Answer.Failed<String>(var why) -> {
                said(name, "failed: " + why);
                yield new Step.Unknown(name + ": " + why);
            }
        };
    }

    private void said(String name, String what) {
        String shown = what.length() > SHOWN_CHARS_MAX ? what.substring(0, SHOWN_CHARS_MAX) + " [cut]" : what;
        trace.add(name + ": " + Log.escape(shown));
    }
}
