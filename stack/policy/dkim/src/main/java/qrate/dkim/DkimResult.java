package qrate.dkim;

/// What one DKIM signature is worth, by the words of RFC 8601 §2.7.1. Only {@link Pass} says anything of a
/// message; a bad signature is worth no less than none (RFC 6376 §6.1).
public sealed interface DkimResult {
    /// What the signature says of itself.
    Claimed claimed();

    /// Why, in words of our own; empty for one that passes.
    String reason();

    /// The word for Authentication-Results.
    default String word() {
        return switch (this) {
            case Pass _ -> "pass";
            case Fail _ -> "fail";
            case Policy _ -> "policy";
            case Neutral _ -> "neutral";
            case TemporaryError _ -> "temperror";
            case PermanentError _ -> "permerror";
        };
    }

    /// A signature's tags, as far as they can be read; empty otherwise. Domains are in ASCII and exist as
    /// names; `i` and
    /// `b` are printable ASCII, other characters being `?`.
    ///
    /// @param d the domain that signed
    /// @param i whom it speaks for: `@` and that domain or one below it, maybe with a local part
    /// @param s the selector of the key
    /// @param a the algorithm
    /// @param b the beginning of the signature, 8 characters or as many as make it unlike the others' (RFC
    ///     6008)
    record Claimed(String d, String i, String s, String a, String b) {
        /// Of a signature that cannot be read.
        static final Claimed NOTHING = new Claimed("", "", "", "", "");
    }

    /// The domain signed what is there.
    ///
    /// @param bits of the key
    /// @param testing whether the domain only tries DKIM out: who decides by it must treat the message like
    ///     an unsigned one (RFC 6376 §3.6.1)
    /// @param uncovered bytes of the canonical body behind those that are signed (`l=`); 0 for a whole one
    record Pass(Claimed claimed, int bits, boolean testing, long uncovered) implements DkimResult {
        @Override
        public String reason() {
            return "";
        }
    }

    /// Header or body are not what was signed, or the signature is another's.
    ///
    /// @param bits of the key; 0 when the body differs, for which no key is asked
    /// @param testing whether the domain only tries DKIM out
    record Fail(Claimed claimed, int bits, boolean testing, String reason) implements DkimResult {}

    /// It was not looked at, or is not acceptable here: too many, too weak, too much work.
    record Policy(Claimed claimed, String reason) implements DkimResult {}

    /// It does not say what a signature must.
    record Neutral(Claimed claimed, String reason) implements DkimResult {}

    /// The key could not be looked up; it may pass later.
    record TemporaryError(Claimed claimed, String reason) implements DkimResult {}

    /// There is no key that could confirm it.
    record PermanentError(Claimed claimed, String reason) implements DkimResult {}
}
