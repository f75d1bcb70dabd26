package qrate.admin;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import qrate.directory.Domains;
import qrate.directory.Passkey;
import qrate.directory.Passkeys;

/// What a page has its script ask an authenticator, and what comes back in the form around it. The server keeps nothing
/// in between: what is to be signed is a seal of the browser's session, of what it is for and of the time.
///
/// @param kind what the browser does: `get` or `create`
/// @param ids of keys that may answer, or that are there already; none for any
/// @param handle of a new one
/// @param name whose a new one is
record PasskeyQuestion(
        String kind, Passkeys.Challenge challenge, Passkeys.Site site, List<String> ids, String handle, String name) {
    static final String ALGORITHMS = Passkeys.ALGORITHMS;

    /// Most digits of a time.
    private static final int ISSUED_DIGITS_MAX = 15;

    /// Asks for a signature.
    ///
    /// @param purpose what it is for: it counts for nothing else
    /// @param ids of keys that may answer; none for any
    static PasskeyQuestion get(Sessions sessions, Request request, String purpose, List<String> ids) {
        return new PasskeyQuestion("get", sessions.challenge(request.session(), purpose), site(request), ids, "", "");
    }

    /// Asks for a new key of whoever has signed in.
    ///
    /// @param ids of keys that are there
    static PasskeyQuestion create(Sessions sessions, Request request, String handle, String label, List<String> ids) {
        return new PasskeyQuestion(
                "create",
                sessions.challenge(request.session(), making(request, handle, label)),
                site(request),
                ids,
                handle,
                request.name());
    }

    private static String making(Request request, String handle, String label) {
        return "new\n" + request.name() + "\n" + handle + "\n" + label;
    }

    private static Passkeys.Site site(Request request) {
        return Passkeys.Site.of(request.client().site().host());
    }

    static List<String> ids(Domains domains, Request request, String holder) throws IOException {
        return domains.passkeys().ids(holder, site(request));
    }

    /// When it was asked, for the form.
    String issued() {
        return Long.toString(challenge.issued().toEpochMilli());
    }

    /// Whether a form holds an answer.
    static boolean isAnswered(Request request) {
        return !request.form("credential").isEmpty();
    }

    /// Who has signed what {@link #get} asked for the same purpose; empty where nobody has.
    ///
    /// @param verified whether the authenticator must have made sure of who is there
    static Optional<String> holder(
            Domains domains, Sessions sessions, Request request, String purpose, boolean verified) throws IOException {
        Passkeys.Answer answer = new Passkeys.Answer(
                request.form("credential"),
                request.form("said"),
                request.form("authenticator"),
                request.form("signature"));
        return domains.passkeys()
                .holder(
                        answer,
                        site(request),
                        sessions.challenge(request.session(), purpose, issued(request)),
                        verified);
    }

    /// What {@link #create} asked for; empty where it did not come of that.
    static Optional<Passkey> made(Domains domains, Sessions sessions, Request request) {
        String handle = request.form("handle");
        String label = request.form("label");
        Passkeys.Made made =
                new Passkeys.Made(request.form("said"), request.form("authenticator"), request.form("key"));
        Passkeys.Challenge challenge =
                sessions.challenge(request.session(), making(request, handle, label), issued(request));
        return domains.passkeys().made(made, site(request), challenge, handle, label);
    }

    private static long issued(Request request) {
        String issued = request.form("issued");
        boolean time = !issued.isEmpty()
                && issued.length() <= ISSUED_DIGITS_MAX
                && issued.chars().allMatch(c -> c >= '0' && c <= '9');
        return time ? Long.parseLong(issued) : 0;
    }
}
