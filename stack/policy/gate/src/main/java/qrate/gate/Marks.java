package qrate.gate;

import qrate.arc.Chain;
import qrate.authres.MethodResult;
import qrate.dkim.DkimResult;
import qrate.dmarc.AuthResult;
import qrate.dmarc.Disposition;
import qrate.dmarc.DmarcOutcome;
import qrate.dns.Hosts;
import qrate.spf.SpfClient;
import qrate.spf.SpfResult;

/// What was found, in the words of Authentication-Results (RFC 8601 §2.7).
final class Marks {
    private Marks() {}

    /// What SPF is worth: a domain's own word, and nobody else's.
    static String word(SpfResult spf) {
        return switch (spf.findings().authority()) {
            case DOMAIN -> spf.word();
            case RULES -> "policy";
            case GUESS -> "none";
        };
    }

    static MethodResult of(SpfResult spf) {
        String word = word(spf);
        MethodResult mark = MethodResult.of("spf", word);
        return (word.equals("pass") ? mark : mark.because(spf.reason()))
                .with(
                        "smtp",
                        spf.findings().subject().identity().word(),
                        spf.findings().subject().value());
    }

    /// What a signature is worth; not always what it verified as.
    ///
    /// @param word of RFC 8601 §2.7.1
    /// @param reason empty for one that passes
    record Worth(String word, String reason) {
        static Worth of(DkimResult dkim) {
            if (dkim instanceof DkimResult.Pass pass && pass.testing()) {
                return new Worth("policy", "good, by a key on trial (t=y)");
            }
            if (dkim instanceof DkimResult.Pass pass && pass.uncovered() > 0) {
                return new Worth("policy", "good, but " + pass.uncovered() + " bytes of the body are not signed (l=)");
            }
            return new Worth(dkim.word(), dkim.reason());
        }

        AuthResult result() {
            return AuthResult.of(word).orElse(AuthResult.NEUTRAL);
        }
    }

    static MethodResult of(DkimResult dkim) {
        Worth worth = Worth.of(dkim);
        MethodResult mark = MethodResult.of("dkim", worth.word);
        mark = worth.reason.isEmpty() ? mark : mark.because(worth.reason);
        DkimResult.Claimed claimed = dkim.claimed();
        mark = with(mark, "d", claimed.d());
        mark = with(mark, "i", claimed.d().isEmpty() ? "" : claimed.i());
        mark = with(mark, "s", claimed.s());
        mark = with(mark, "a", claimed.a());
        return with(mark, "b", claimed.b());
    }

    private static MethodResult with(MethodResult mark, String tag, String value) {
        return value.isEmpty() ? mark : mark.with("header", tag, value);
    }

    static MethodResult of(Chain arc, SpfClient client) {
        MethodResult mark = MethodResult.of("arc", arc.word());
        mark = switch (arc) {
            case Chain.None _ -> mark;
            case Chain.Pass pass ->
                mark.because("sealed by " + pass.links().getLast().domain());
            case Chain.Fail fail -> mark.because(fail.reason());
        };
        return mark.with("smtp", "remote-ip", Hosts.text(client.address()));
    }

    static MethodResult of(DmarcOutcome dmarc) {
        boolean passed = dmarc.result() == DmarcOutcome.Result.PASS;
        boolean failed = dmarc.result() == DmarcOutcome.Result.FAIL;
        boolean quiet = passed || dmarc.result() == DmarcOutcome.Result.NONE;
        MethodResult mark = MethodResult.of("dmarc", dmarc.result().word());
        mark = quiet ? mark : mark.because(dmarc.reason());
        mark = dmarc.author().isEmpty() ? mark : mark.with("header", "from", dmarc.author());
        // of one that passes as well: lists change messages, and then none vouches for the author any more
        boolean strict = passed && dmarc.wish().asked() != Disposition.NONE;
        Disposition policy = failed ? dmarc.wish().disposition() : dmarc.wish().asked();
        return failed || strict ? mark.with("policy", "dmarc", policy.word()) : mark;
    }
}
