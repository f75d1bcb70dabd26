package qrate.spf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A record that a domain publishes, read without asking DNS (RFC 7208 §4.5, §4.6, §12). Immutable.
public final class SpfRecord {
    /// Longest record that is read, in characters: far beyond what DNS carries well (RFC 7208 §3.4 advises
    /// 450).
    public static final int RECORD_CHARS_MAX = 8_192;

    static final String VERSION = "v=spf1";

    private static final int ADVISED_CHARS_MAX = 450;

    private final String text;
    private final List<SpfTerm.Directive> directives;
    private final Optional<SpfMacro> redirect;
    private final Optional<SpfMacro> explanation;

    private SpfRecord(String text, List<SpfTerm> terms) {
        this.text = text;
        this.directives = of(terms, SpfTerm.Directive.class);
        this.redirect = of(terms, SpfTerm.Redirect.class).stream().findFirst().map(SpfTerm.Redirect::domain);
        this.explanation = of(terms, SpfTerm.Exp.class).stream().findFirst().map(SpfTerm.Exp::domain);
    }

    /// How reading went.
    public sealed interface Parsed {
        /// It is well formed.
        record Good(SpfRecord record) implements Parsed {}

        /// It is not, and everybody who checks says `permerror`.
        ///
        /// @param faults in words, at least one
        record Bad(List<String> faults) implements Parsed {
            public Bad {
                faults = List.copyOf(faults);
            }
        }
    }

    /// Whether a text of a domain is meant as an SPF record, well formed or not; two of them are none.
    public static boolean claims(String text) {
        return text.regionMatches(true, 0, VERSION, 0, VERSION.length())
                && (text.length() == VERSION.length() || text.charAt(VERSION.length()) == ' ');
    }

    /// Reads one. Never throws.
    ///
    /// @param text bytes as ISO 8859-1
    public static Parsed parse(String text) {
        if (!claims(text)) {
            return new Parsed.Bad(List.of("it does not begin with " + VERSION + " and a space"));
        }
        if (text.length() > RECORD_CHARS_MAX) {
            return new Parsed.Bad(List.of("it is longer than " + RECORD_CHARS_MAX + " bytes"));
        }
        SpfFaults faults = new SpfFaults();
        List<SpfTerm> terms = new ArrayList<>();
        for (int from = VERSION.length(); from < text.length(); from++) {
            int space = text.indexOf(' ', from);
            int end = space < 0 ? text.length() : space;
            if (end > from) {
                new SpfTermReader(text.substring(from, end), faults).read().ifPresent(terms::add);
            }
            from = end;
        }
        if (of(terms, SpfTerm.Redirect.class).size() > 1) {
            faults.add("redirect= stands there more than once");
        }
        if (of(terms, SpfTerm.Exp.class).size() > 1) {
            faults.add("exp= stands there more than once");
        }
        List<String> found = faults.all();
        return found.isEmpty() ? new Parsed.Good(new SpfRecord(text, terms)) : new Parsed.Bad(found);
    }

    /// As it was published.
    public String text() {
        return text;
    }

    /// Look-ups that evaluating it takes at most, without those of the records that it includes or goes on
    /// with; 10 in all are allowed (RFC 7208 §4.6.4).
    public int lookups() {
        int lookups = redirect.map(domain -> domain.asksForName() ? 2 : 1).orElse(0);
        for (SpfTerm.Directive directive : directives) {
            lookups += lookups(directive.mechanism());
        }
        return lookups;
    }

    private static int lookups(SpfTerm.Mechanism mechanism) {
        return switch (mechanism) {
            case SpfTerm.Mechanism.All _, SpfTerm.Mechanism.Ip _ -> 0;
            case SpfTerm.Mechanism.Include(var domain) -> lookups(domain);
            case SpfTerm.Mechanism.A(var domain, var _, var _) -> lookups(domain);
            case SpfTerm.Mechanism.Mx(var domain, var _, var _) -> lookups(domain);
            case SpfTerm.Mechanism.Ptr(var domain) -> lookups(domain);
            case SpfTerm.Mechanism.Exists(var domain) -> lookups(domain);
        };
    }

    private static int lookups(SpfMacro domain) {
        return domain.asksForName() ? 2 : 1;
    }

    /// What its owner should know although it is well formed, in words; empty when there is nothing.
    public List<String> advice() {
        List<String> advice = new ArrayList<>();
        int all = allAt();
        if (all >= 0 && directives.get(all).qualifier() == SpfTerm.Qualifier.PASS) {
            advice.add(directives.get(all).text() + " lets every host in the world send for the domain");
        }
        if (all >= 0 && all < directives.size() - 1) {
            advice.add("what stands behind " + directives.get(all).text() + " is never looked at");
        }
        if (all >= 0 && redirect.isPresent()) {
            advice.add("redirect= means nothing beside " + directives.get(all).text());
        }
        if (all < 0 && redirect.isEmpty()) {
            advice.add("it ends without all or redirect=: of hosts that it does not name it says nothing");
        }
        if (directives.stream().anyMatch(d -> d.mechanism() instanceof SpfTerm.Mechanism.Ptr)) {
            advice.add("ptr is slow and unreliable, and RFC 7208 advises against it");
        }
        if (lookups() > SpfLookups.TERMS_MAX) {
            advice.add("it takes " + lookups() + " look-ups, and more than " + SpfLookups.TERMS_MAX + " are an error");
        }
        if (text.length() > ADVISED_CHARS_MAX) {
            advice.add("its " + text.length() + " bytes may not fit into an answer by UDP; up to " + ADVISED_CHARS_MAX
                    + " do");
        }
        return advice;
    }

    private int allAt() {
        for (int i = 0; i < directives.size(); i++) {
            if (directives.get(i).mechanism() instanceof SpfTerm.Mechanism.All) {
                return i;
            }
        }
        return -1;
    }

    List<SpfTerm.Directive> directives() {
        return directives;
    }

    Optional<SpfMacro> redirect() {
        return redirect;
    }

    Optional<SpfMacro> explanation() {
        return explanation;
    }

    private static <T> List<T> of(List<SpfTerm> terms, Class<T> kind) {
        return terms.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
