package qrate.gate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import qrate.arc.ArcVerifier;
import qrate.arc.Chain;
import qrate.authres.AuthenticationResults;
import qrate.authres.MethodResult;
import qrate.dkim.BodyHash;
import qrate.dkim.Content;
import qrate.dkim.DkimResult;
import qrate.dkim.Inquiry;
import qrate.dkim.Limits;
import qrate.dkim.Verifier;
import qrate.dmarc.AuthResult;
import qrate.dmarc.Disposition;
import qrate.dmarc.Dmarc;
import qrate.dmarc.DmarcOutcome;
import qrate.dmarc.Evidence;
import qrate.dmarc.PolicyOverride;
import qrate.dns.Dns;
import qrate.dns.Hosts;
import qrate.dns.Questions;
import qrate.message.Field;
import qrate.message.Header;
import qrate.spf.Spf;
import qrate.spf.SpfClient;
import qrate.spf.SpfFindings;
import qrate.spf.SpfResult;

/// One message before the gate: first the client and SPF, then all that its content tells. For one thread.
final class Inspection {
    /// How long DNS is waited for over SPF, and over lists meanwhile; with the next two 20 seconds in all.
    static final Duration SPF_MAX = Duration.ofSeconds(7);

    /// The same for keys of DKIM and ARC.
    static final Duration KEYS_MAX = Duration.ofSeconds(7);

    /// The same for DMARC.
    static final Duration DMARC_MAX = Duration.ofSeconds(6);

    /// The field that says of a message that it is spam, as filters have it.
    static final String SPAM = "X-Spam-Status";

    /// Most questions for each of the three; SPF's, DKIM's and DMARC's own limits are below, for honest domains.
    static final int QUESTIONS_MAX = 150;

    static final Limits DKIM_LIMITS = new Limits(
            Limits.USUAL.signatures(),
            Limits.USUAL.bodyHashes(),
            Limits.USUAL.checks(),
            KEYS_MAX,
            Limits.USUAL.drift());

    private final Arrival arrival;
    private final GateControl control;
    private final Modes modes;
    private final Dns dns;
    private final InstantSource clock;
    private final List<MethodResult> marks = new ArrayList<>();
    private final List<GateLook> looks = new ArrayList<>();
    private Optional<Judgement.Told> told = Optional.empty();
    /// Why it is spam.
    private final List<String> spam = new ArrayList<>();
    /// Nothing where SPF is off.
    private Optional<SpfResult> spf = Optional.empty();

    private Listing listing = Listing.ALLOWED;
    private Chain chain = new Chain.None();

    private Inspection(Arrival arrival, GateControl control, Dns dns, InstantSource clock) throws IOException {
        this.arrival = arrival;
        this.control = control;
        this.modes = control.modes(arrival.domains());
        this.dns = dns;
        this.clock = clock;
        looks.add(new GateLook("gate", "holds to " + modes));
    }

    /// Looks for the client in lists, and asks SPF, if it is to be asked.
    ///
    /// @throws IOException for a line of `control/policydomains` that makes no sense
    static Inspection begin(Arrival arrival, GateControl control, Dns dns, InstantSource clock) throws IOException {
        Inspection inspection = new Inspection(arrival, control, dns, clock);
        CompletableFuture<Listing> listing = control.checks().lists().of(arrival.client(), dns, clock, SPF_MAX);
        if (inspection.modes.spf() > 0) {
            inspection.askSpf();
        }
        inspection.listing = listing.join();
        inspection.listing.looks().forEach(look -> inspection.looks.add(new GateLook("dnsbl", look)));
        return inspection;
    }

    /// The sender first: whose HELO name is slow does not keep it from being asked.
    private void askSpf() {
        Spf asked = new Spf(new Allowance(dns, clock, SPF_MAX, QUESTIONS_MAX), clock, control.spf());
        SpfResult sender = asked.mailFrom(client(), arrival.sender());
        spf = Optional.of(sender);
        told(sender);
        if (!arrival.sender().isEmpty()) { // or else that was the HELO name
            SpfResult helo = asked.helo(client());
            told(helo);
            boolean own = helo.findings().authority() == SpfFindings.Authority.DOMAIN;
            if (own && !(helo instanceof SpfResult.None)) {
                marks.add(Marks.of(helo));
            }
        }
        marks.add(Marks.of(sender));
    }

    private void told(SpfResult result) {
        result.findings().lookups().forEach(one -> looks.add(new GateLook("spf", one.toString())));
        looks.add(GateLook.of(Marks.of(result)));
    }

    private SpfClient client() {
        return new SpfClient(arrival.client(), arrival.helo());
    }

    /// Whether the content tells nothing that anybody wants to know.
    boolean isIdle() {
        return marks.isEmpty() && listing.mark().isEmpty() && !control.checks().dkim();
    }

    /// What the log is told of the lists.
    List<String> troubles() {
        return listing.troubles();
    }

    /// What was looked at so far.
    List<GateLook> looks() {
        return List.copyOf(looks);
    }

    /// Who is put off when it is a stranger: the sender's domain where that vouches for the client by SPF, else the
    /// client's network; nobody where nobody is, and for a client that lists allow.
    Optional<String> origin() {
        if (control.checks().greylist().isZero() || listing.allowed()) {
            return Optional.empty();
        }
        return Optional.of(spf.filter(result -> Marks.word(result).equals("pass"))
                .map(result -> "domain " + result.findings().subject().domain())
                .orElseGet(() -> Subnets.of(arrival.client())));
    }

    /// For how long.
    Duration delay() {
        return control.checks().greylist();
    }

    /// What lists and SPF lead to before the message is there.
    Optional<Ruling.Refused> refusal() {
        return listing.refusal().or(this::refusalBySpf);
    }

    private Optional<Ruling.Refused> refusalBySpf() {
        return spf.flatMap(result -> {
            int level = modes.spf();
            return switch (result) {
                case SpfResult.Pass _ -> Optional.empty();
                case SpfResult.TempError _ ->
                    level >= Modes.SPF_PUTS_OFF ? Optional.of(putOff(result)) : Optional.empty();
                case SpfResult.Fail _ -> refused(result, level >= Modes.SPF_REFUSES_FAIL);
                case SpfResult.SoftFail _ -> refused(result, level >= Modes.SPF_REFUSES_SOFTFAIL);
                case SpfResult.Neutral _ -> refused(result, level >= Modes.SPF_REFUSES_NEUTRAL);
                case SpfResult.None _, SpfResult.PermError _ -> refused(result, level >= Modes.SPF_MAX);
            };
        });
    }

    private static Ruling.Refused putOff(SpfResult result) {
        return Ruling.Refused.of(451, "4.7.24", List.of(result.reason() + "; try again later"));
    }

    private static Optional<Ruling.Refused> refused(SpfResult result, boolean is) {
        if (!is) {
            return Optional.empty();
        }
        String domain = result.findings().subject().domain();
        List<String> words = new ArrayList<>();
        words.add(result.reason() + " (SPF)");
        words.add("Send by a server of " + domain + ", or have its SPF record name yours");
        if (result instanceof SpfResult.Fail fail && !fail.explanation().isEmpty()) {
            words.add((fail.published() ? domain + " explains: " : "") + fail.explanation());
        }
        return Optional.of(Ruling.Refused.of(550, "5.7.23", words));
    }

    /// Which hashes of the body are needed, by the header.
    List<Function<Header, List<BodyHash>>> wanted() {
        return control.checks().dkim()
                ? List.of(header -> Verifier.wanted(header, DKIM_LIMITS), ArcVerifier::wanted)
                : List.of();
    }

    /// Judges it by its content.
    ///
    /// @param content read with {@link #wanted} asked for
    Judgement end(Content content) {
        List<DkimResult> signatures = control.checks().dkim() ? signatures(content) : List.of();
        Ruling ruling = modes.dmarc() == Modes.ByDmarc.OFF
                ? new Ruling.Passed()
                : byDmarc(evidence(content, signatures), content);
        List<Field> fields = new ArrayList<>();
        if (!marks.isEmpty()) {
            fields.add(new AuthenticationResults(control.me(), marks).field());
        }
        spf.filter(_ -> control.checks().received()).ifPresent(result -> {
            String text = result.receivedSpf(control.me());
            fields.add(Field.of("Received-SPF", new String(text.getBytes(UTF_8), ISO_8859_1)));
        });
        listing.mark().ifPresent(spam::add);
        spam.stream().findFirst().ifPresent(why -> fields.add(Field.of(SPAM, "Yes, " + why)));
        return new Judgement(ruling, fields, looks, told);
    }

    private List<DkimResult> signatures(Content content) {
        Dns keys = new Allowance(dns, clock, KEYS_MAX, QUESTIONS_MAX);
        Questions questions = Questions.of(keys, new Questions.Limits(QUESTIONS_MAX, QUESTIONS_MAX, KEYS_MAX), clock);
        Inquiry inquiry = Inquiry.of(questions, DKIM_LIMITS, clock);
        List<DkimResult> signatures = Verifier.verify(content, inquiry);
        List<String> keysOfDkim = inquiry.trace();
        List<MethodResult> found = signatures.isEmpty()
                ? List.of(MethodResult.of("dkim", "none"))
                : signatures.stream().map(Marks::of).toList();
        marks.addAll(found);
        keysOfDkim.forEach(line -> looks.add(new GateLook("dkim", line)));
        found.forEach(mark -> looks.add(GateLook.of(mark)));
        chain = ArcVerifier.verify(content, inquiry);
        MethodResult arc = Marks.of(chain, client());
        if (!(chain instanceof Chain.None)) {
            marks.add(arc);
        }
        inquiry.trace().stream().skip(keysOfDkim.size()).forEach(line -> looks.add(new GateLook("arc", line)));
        looks.add(GateLook.of(arc));
        return signatures;
    }

    private Evidence evidence(Content content, List<DkimResult> signatures) {
        List<Evidence.Dkim> dkim = signatures.stream()
                .map(one -> new Evidence.Dkim(
                        Marks.Worth.of(one).result(),
                        one.claimed().d(),
                        one.claimed().s()))
                .toList();
        AuthResult result = spf.flatMap(one -> AuthResult.of(Marks.word(one))).orElse(AuthResult.NONE);
        Evidence.Spf envelope = new Evidence.Spf(result, Arrival.domain(arrival.sender()), arrival.helo());
        return new Evidence(content.named("from"), envelope, dkim);
    }

    private Ruling byDmarc(Evidence evidence, Content content) {
        Function<DmarcOutcome, Optional<PolicyOverride>> exceptions =
                outcome -> control.exceptions().of(exception(outcome, evidence, content));
        Dns policies = new Allowance(dns, clock, DMARC_MAX, QUESTIONS_MAX);
        DmarcOutcome outcome = new Dmarc(policies, clock, exceptions).evaluate(evidence);
        marks.add(Marks.of(outcome));
        outcome.trace().forEach(line -> looks.add(new GateLook("dmarc", line)));
        looks.add(GateLook.of(Marks.of(outcome)));
        Ruling ruling = byDmarc(outcome, exceptions);
        told = Optional.of(new Judgement.Told(done(outcome, ruling), evidence));
        return ruling;
    }

    private Ruling byDmarc(DmarcOutcome outcome, Function<DmarcOutcome, Optional<PolicyOverride>> exceptions) {
        return switch (outcome.result()) {
            case PASS, NONE -> new Ruling.Passed();
            case FAIL -> failed(outcome);
            case TEMPERROR ->
                modes.dmarc().refuses() && exceptions.apply(outcome).isEmpty()
                        ? Ruling.Refused.of(451, "4.7.26", List.of(outcome.reason() + "; try again later"))
                        : new Ruling.Passed();
            // a record that makes no sense asks for nothing; a From that does might hide anybody (RFC 9989 §11.5)
            case PERMERROR ->
                outcome.author().isEmpty() && exceptions.apply(outcome).isEmpty()
                        ? done(Disposition.REJECT, outcome, "Write one From field with one address")
                        : new Ruling.Passed();
        };
    }

    /// The same with what is done here in the place of what the domain wants, and why.
    private DmarcOutcome done(DmarcOutcome outcome, Ruling ruling) {
        Disposition done = switch (ruling) {
            case Ruling.Passed _ -> Disposition.NONE;
            case Ruling.Quarantined _ -> Disposition.QUARANTINE;
            case Ruling.Refused _ -> Disposition.REJECT;
        };
        DmarcOutcome.Wish wish = outcome.wish();
        if (outcome.result() != DmarcOutcome.Result.FAIL || done == wish.disposition()) {
            return outcome;
        }
        List<PolicyOverride> overrides = new ArrayList<>(wish.overrides());
        overrides.add(new PolicyOverride(
                PolicyOverride.Kind.LOCAL_POLICY,
                "dmarc is set to " + modes.dmarc().word()));
        return new DmarcOutcome(
                outcome.result(),
                outcome.author(),
                outcome.policy(),
                outcome.aligned(),
                new DmarcOutcome.Wish(wish.asked(), done, overrides),
                outcome.reason(),
                outcome.trace());
    }

    private DmarcExceptions.Case exception(DmarcOutcome outcome, Evidence evidence, Content content) {
        Set<String> vouching = new TreeSet<>();
        evidence.dkim().stream()
                .filter(one -> one.result() == AuthResult.PASS)
                .forEach(one -> vouching.add(one.domain()));
        if (evidence.spf().result() == AuthResult.PASS) {
            spf.ifPresent(one -> vouching.add(one.findings().subject().domain()));
        }
        List<String> lists = content.named("list-id").stream().map(Field::value).toList();
        return new DmarcExceptions.Case(outcome.author(), client().address(), lists, vouching, chain);
    }

    private Ruling failed(DmarcOutcome outcome) {
        String author = outcome.author();
        String advice = "Sign with DKIM as " + author + ", or have its SPF record name "
                + Hosts.text(client().address()) + " and use its domain as sender";
        return done(outcome.wish().disposition(), outcome, advice);
    }

    private Ruling done(Disposition wish, DmarcOutcome outcome, String advice) {
        if (wish == Disposition.REJECT && modes.dmarc().refuses()) {
            return Ruling.Refused.of(550, "5.7.26", List.of(outcome.reason(), advice));
        }
        if (wish == Disposition.NONE || modes.dmarc() == Modes.ByDmarc.MARK) {
            return new Ruling.Passed();
        }
        if (modes.dmarc().junks()) {
            spam.add(Ruling.plain(outcome.reason()));
            return new Ruling.Passed();
        }
        return new Ruling.Quarantined(Ruling.plain(outcome.reason()));
    }
}
