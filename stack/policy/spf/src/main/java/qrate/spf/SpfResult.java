package qrate.spf;

/// What a domain says of a client that speaks in its name (RFC 7208 §2.6).
public sealed interface SpfResult {
    /// What it is about, and what led to it.
    SpfFindings findings();

    /// The domain publishes nothing, or there is none to ask.
    record None(SpfFindings findings) implements SpfResult {}

    /// The domain says explicitly that it says nothing.
    record Neutral(SpfFindings findings) implements SpfResult {}

    /// The client may.
    record Pass(SpfFindings findings) implements SpfResult {}

    /// The client may not.
    ///
    /// @param explanation for the sender of the message: printable ASCII; empty when there is none
    /// @param published whether the domain wrote it, and a stranger so: say whose words these are
    record Fail(SpfFindings findings, String explanation, boolean published) implements SpfResult {}

    /// The client probably may not.
    record SoftFail(SpfFindings findings) implements SpfResult {}

    /// Nobody could tell now; the next try may.
    ///
    /// @param why in words
    record TempError(SpfFindings findings, String why) implements SpfResult {}

    /// The domain's records make no sense until somebody mends them.
    ///
    /// @param why in words
    record PermError(SpfFindings findings, String why) implements SpfResult {}

    /// As Received-SPF and Authentication-Results have it: `none`, `neutral`, `pass`, `fail`, `softfail`,
    /// `temperror`, `permerror` (RFC 8601 §2.7.2).
    default String word() {
        return switch (this) {
            case None _ -> "none";
            case Neutral _ -> "neutral";
            case Pass _ -> "pass";
            case Fail _ -> "fail";
            case SoftFail _ -> "softfail";
            case TempError _ -> "temperror";
            case PermError _ -> "permerror";
        };
    }

    /// One sentence for people: who may or may not, and by which word of whom.
    default String reason() {
        SpfFindings found = findings();
        String domain = found.subject().domain();
        String client = SpfMacroValues.readable(found.subject().client().address());
        String by = found.mechanism().isEmpty() ? "" : ", by " + found.mechanism() + " of " + found.source();
        return switch (this) {
            case None _ -> domain.isEmpty() ? "there is no domain to ask" : domain + " publishes no SPF record";
            case Neutral _ -> domain + " says neither yes nor no to " + client + by;
            case Pass _ -> domain + " lets " + client + " send for it" + by;
            case Fail _ -> domain + " does not let " + client + " send for it" + by;
            case SoftFail _ -> domain + " probably does not let " + client + " send for it" + by;
            case TempError(var _, var why) -> "SPF of " + domain + " could not be asked: " + why;
            case PermError(var _, var why) -> "SPF of " + domain + " makes no sense: " + why;
        };
    }

    /// The text of a Received-SPF field behind its name and colon, folded, without a LF at its end (RFC 7208
    /// §9.1).
    ///
    /// @param receiver the host that checked
    default String receivedSpf(String receiver) {
        return ReceivedSpf.text(this, receiver);
    }
}
