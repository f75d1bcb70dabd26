package qrate.dkim;

import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import qrate.dns.Dns;
import qrate.dns.Question;
import qrate.dns.Questions;

/// The look-ups and checks for one message: each name is asked for once, what may be done is limited, and
/// what was found is told. DKIM and ARC share one. For one thread.
public final class Inquiry {
    /// Keys tried of those that stand at one name; there should be one (RFC 6376 §3.6.2.2).
    static final int KEYS_MAX = 3;

    private final Questions questions;
    private final Limits limits;
    private final InstantSource clock;
    private final Instant end;
    private final Map<String, Dns.Answer<String>> answers = new HashMap<>();
    private final List<String> trace = new ArrayList<>();
    private int checks;

    private Inquiry(Questions questions, Limits limits, InstantSource clock) {
        this.questions = questions;
        this.limits = limits;
        this.clock = clock;
        this.end = clock.instant().plus(limits.time());
    }

    /// The time begins now.
    public static Inquiry of(Questions questions, Limits limits, InstantSource clock) {
        return new Inquiry(questions, limits, clock);
    }

    /// Where a key stands, and what for.
    ///
    /// @param domain in ASCII, lower case
    /// @param selector likewise
    /// @param identity the domain that the signature speaks for: that domain or one below it
    public record KeyName(String domain, String selector, String identity) {
        /// Where it stands in DNS.
        String dns() {
            return selector + "._domainkey." + domain;
        }
    }

    /// How a check ended.
    public sealed interface Check {
        /// The signature is that of the key.
        ///
        /// @param bits of the key
        /// @param testing whether the domain only tries DKIM out
        record Good(int bits, boolean testing) implements Check {}

        /// It is not.
        ///
        /// @param bits of the key
        /// @param testing whether the domain only tries DKIM out
        record Bad(int bits, boolean testing) implements Check {}

        /// It was not checked: the key is too short or too long, or enough was done for this message.
        record Unwanted(String reason) implements Check {}

        /// There is no key that could tell.
        record NoKey(String reason) implements Check {}

        /// Nobody could tell at present.
        record Unknown(String reason) implements Check {}
    }

    /// Looks the key up and checks a signature of a hash with it.
    public Check check(Algorithm algorithm, KeyName name, byte[] hash, byte[] signature) {
        return switch (answer(name.dns())) {
            case Dns.Answer.Found<String>(var records) -> check(records, algorithm, name, hash, signature);
            case Dns.Answer.NoSuchName<String> _, Dns.Answer.NoData<String> _ ->
                new Check.NoKey("no key for signature");
            case Dns.Answer.Failed<String>(var why) -> new Check.Unknown("the key cannot be looked up: " + why);
        };
    }

    private Dns.Answer<String> answer(String name) {
        Dns.Answer<String> known = answers.get(name);
        if (known != null) {
            return known;
        }
        Dns.Answer<String> answer = isOver()
                ? new Dns.Answer.Failed<>("it took too long for one message")
                : questions.ask(Question.texts(name)).answer();
        answers.put(name, answer);
        trace.add(
                switch (answer) {
                    case Dns.Answer.Found<String>(var all) -> name + " TXT: " + all.size() + " found";
                    case Dns.Answer.NoSuchName<String> _ -> name + " TXT: no such name";
                    case Dns.Answer.NoData<String> _ -> name + " TXT: no such record";
                    case Dns.Answer.Failed<String>(var why) -> name + " TXT: failed: " + why;
                });
        return answer;
    }

    /// With several records, one that confirms is enough; or else the first that is a key says why not.
    private Check check(List<String> records, Algorithm algorithm, KeyName name, byte[] hash, byte[] signature) {
        Check first = null;
        Check malformed = new Check.NoKey("key syntax error");
        int tried = 0;
        for (String text : records) {
            if (tried >= KEYS_MAX) {
                break;
            }
            try {
                KeyRecord record = KeyRecord.of(text);
                tried++;
                Check check = check(record, algorithm, name, hash, signature);
                if (check instanceof Check.Good) {
                    return check;
                }
                first = first == null ? check : first;
            } catch (MalformedField e) {
                malformed = new Check.NoKey("key syntax error: " + e.getMessage());
            }
        }
        return first == null ? malformed : first;
    }

    private Check check(KeyRecord record, Algorithm algorithm, KeyName name, byte[] hash, byte[] signature) {
        PublicKey key;
        try {
            key = record.key(algorithm);
        } catch (MalformedField e) {
            return new Check.NoKey(e.getMessage());
        }
        if (record.strict() && !name.identity.equals(name.domain)) {
            return new Check.NoKey("the key is not for domains below its own (t=s)");
        }
        String unfit = Algorithm.unfit(key);
        if (!unfit.isEmpty()) {
            return new Check.Unwanted(unfit);
        }
        if (checks >= limits.checks() || isOver()) {
            return new Check.Unwanted("enough signatures were checked for one message");
        }
        checks++;
        int bits = Algorithm.bits(key);
        return algorithm.verifies(key, hash, signature)
                ? new Check.Good(bits, record.testing())
                : new Check.Bad(bits, record.testing());
    }

    private boolean isOver() {
        return !Duration.between(clock.instant(), end).isPositive();
    }

    /// Checks `t=` and `x=` of a signature: neither made in the future nor over, and over later than made
    /// (RFC 6376 §3.5).
    ///
    /// @throws MalformedField says which
    public void checkTimes(SignatureTags tags) throws MalformedField {
        long made = tags.made();
        long over = tags.over();
        long now = clock.instant().getEpochSecond();
        long drift = limits.drift().toSeconds();
        if (over <= made) {
            throw new MalformedField("x= is not later than t=");
        }
        if (made > now + drift) {
            throw new MalformedField("it was made in the future");
        }
        if (over < now - drift) {
            throw new MalformedField("it has expired");
        }
    }

    Limits limits() {
        return limits;
    }

    /// What was asked and found, a line each, in order.
    public List<String> trace() {
        return List.copyOf(trace);
    }
}
