package qrate.spf;

import java.util.List;
import java.util.Optional;

/// What the host that checks adds to what domains publish, as qmail's SPF patch has it. Immutable.
public final class SpfPolicy {
    private final String receiver;
    private final Optional<SpfRecord> rules;
    private final Optional<SpfRecord> guess;
    private final Optional<SpfMacro> explanation;

    private SpfPolicy(
            String receiver, Optional<SpfRecord> rules, Optional<SpfRecord> guess, Optional<SpfMacro> explanation) {
        this.receiver = receiver;
        this.rules = rules;
        this.guess = guess;
        this.explanation = explanation;
    }

    /// The protocol and nothing else.
    ///
    /// @param receiver this host's name, for the macro `r`; `unknown` when empty
    public static SpfPolicy of(String receiver) {
        String name = receiver.isEmpty() ? "unknown" : receiver;
        return new SpfPolicy(name, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// Mechanisms of our own (`control/spfrules`), asked of every domain before its `all`, its `redirect` or
    /// its end, and when it publishes nothing. One that matches is the result; one that cannot be evaluated
    /// does not match. They have look-ups of their own, so that no domain's record breaks by them. Modifiers
    /// among them mean nothing.
    ///
    /// @param terms with or without `v=spf1` in front
    /// @throws IllegalArgumentException says what is wrong in them
    public SpfPolicy withRules(String terms) {
        return new SpfPolicy(receiver, Optional.of(record(terms)), guess, explanation);
    }

    /// A record for domains that publish none (`control/spfguess`); {@link SpfFindings.Authority#GUESS} marks
    /// what comes of it.
    ///
    /// @param terms with or without `v=spf1` in front
    /// @throws IllegalArgumentException says what is wrong in them
    public SpfPolicy withGuess(String terms) {
        return new SpfPolicy(receiver, rules, Optional.of(record(terms)), explanation);
    }

    /// The explanation of a fail that the domain does not explain (`control/spfexp`), with the macros of `exp`
    /// texts.
    ///
    /// @throws IllegalArgumentException says what is wrong in it
    public SpfPolicy withExplanation(String text) {
        SpfFaults faults = new SpfFaults();
        Optional<SpfMacro> read = SpfMacro.explanation(text, faults);
        return new SpfPolicy(
                receiver,
                rules,
                guess,
                Optional.of(read.orElseThrow(
                        () -> new IllegalArgumentException(faults.all().getFirst()))));
    }

    private static SpfRecord record(String terms) {
        return switch (SpfRecord.parse(SpfRecord.claims(terms) ? terms : SpfRecord.VERSION + " " + terms)) {
            case SpfRecord.Parsed.Good(var record) -> record;
            case SpfRecord.Parsed.Bad(List<String> faults) -> throw new IllegalArgumentException(faults.getFirst());
        };
    }

    String receiver() {
        return receiver;
    }

    Optional<SpfRecord> rules() {
        return rules;
    }

    Optional<SpfRecord> guess() {
        return guess;
    }

    Optional<SpfMacro> explanation() {
        return explanation;
    }
}
