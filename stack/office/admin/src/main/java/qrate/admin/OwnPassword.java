package qrate.admin;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import qrate.checkpassword.Throttle;
import qrate.directory.Accounts;
import qrate.directory.Domains;
import qrate.directory.Principal;

/// The present password of whoever asks, for what neither a session nor a token is enough: a token that was found must
/// not become a password, which stays when the token has ended.
record OwnPassword(Domains domains, Throttle throttle) {
    /// Member of a body that holds it.
    static final String MEMBER = "oldPassword";

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
                : Optional.of(new Reply.Data(
                        403,
                        Map.of(
                                "error",
                                "Not allowed",
                                "why",
                                MEMBER + ": must be the present password of " + request.name()
                                        + ", since a token alone sets none; after many tries wait some minutes")));
    }
}
