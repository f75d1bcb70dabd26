package qrate.admin;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import qrate.checkpassword.Throttle;
import qrate.directory.Accounts;
import qrate.directory.Domains;
import qrate.directory.Json;
import qrate.directory.Principal;

/// The present password of whoever asks, for what neither a session nor a token is enough: a token that was found must
/// not become a password, which stays when the token has ended.
record OwnPassword(Domains domains, Throttle throttle) {
    /// Member of a body that holds it.
    static final String MEMBER = "oldPassword";

    /// Member of a body that holds a code of the second factor.
    static final String CODE = "code";

    /// Whether it is right; wrong ones are counted, as at signing in.
    boolean is(Request request, String given) throws IOException {
        String name = request.name();
        if (!throttle.open(request.remote(), name)
                || domains.accounts().signIn(name, given).isEmpty()) {
            throttle.failed(request.remote(), name);
            return false;
        }
        return true;
    }

    /// The refusal of a program that does not know it; a command on this machine need not.
    Optional<Reply> refusal(Request request, String given) throws IOException {
        boolean command = request.principal().equals(new Principal.Administrator(Accounts.COMMAND));
        return command || is(request, given)
                ? Optional.empty()
                : Optional.of(refused(
                        MEMBER,
                        "must be the present password of " + request.name()
                                + ", since a token alone sets none; after many tries wait some minutes"));
    }

    private static Reply refused(String member, String why) {
        return new Reply.Data(403, Map.of("error", "Not allowed", "why", member + ": " + why, "field", member));
    }

    /// The same for what takes as much as signing in does: a code too, where there is a second factor.
    Optional<Reply> unproved(Request request) throws IOException {
        Optional<Reply> refusal = refusal(request, member(request, MEMBER));
        if (refusal.isPresent() || domains.secondFactors().of(request.name()).isEmpty()) {
            return refusal;
        }
        return switch (domains.as(request.actor()).secondFactors().attempt(request.name(), member(request, CODE))) {
            case RIGHT -> Optional.empty();
            case WRONG ->
                Optional.of(refused(CODE, "must be a code of the second factor, or a recovery code; each counts once"));
            case WAIT -> Optional.of(refused(CODE, "too many were wrong: wait some minutes"));
        };
    }

    private static String member(Request request, String name) throws IOException {
        return Api.body(request, body -> Json.text(body, name, ""));
    }
}
