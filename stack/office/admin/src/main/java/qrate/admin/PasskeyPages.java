package qrate.admin;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import qrate.core.Log;
import qrate.directory.Change;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.Passkey;
import qrate.directory.Passkeys;
import qrate.directory.Principal;
import qrate.directory.RecoveryCodes;
import qrate.directory.SecondFactors;

/// Passkeys: signing in by one alone, and the page on which everybody adds and removes his own, with his password.
final class PasskeyPages {
    private static final String OWN = "/account/passkeys";

    /// What a signature on the page of signing in is for.
    private static final String SIGN_IN = "sign in";

    private final Domains domains;
    private final Sessions sessions;
    private final OwnPassword own;
    private final SecondFactorPages twoStep;
    private final OwnPages.Notes notes;
    private final SecureRandom random = new SecureRandom();

    /// @param twoStep shows recovery codes
    PasskeyPages(Domains domains, Sessions sessions, OwnPassword own, SecondFactorPages twoStep, OwnPages.Notes notes) {
        this.domains = domains;
        this.sessions = sessions;
        this.own = own;
        this.twoStep = twoStep;
        this.notes = notes;
    }

    void register(Router router) {
        router.add("POST", "/sign-in/passkey", Access.OPEN, this::enter);
        router.add("GET", OWN, Access.SIGNED_IN, r -> page(r, 200, Said.NOTHING, Optional.empty()));
        router.add("POST", OWN + "/begin", Access.SIGNED_IN, this::begin);
        router.add("POST", OWN, Access.SIGNED_IN, this::add);
        router.add("GET", OWN + "/{id}/delete", Access.SIGNED_IN, r -> deletion(r, 200, Said.NOTHING));
        router.add("POST", OWN + "/{id}/delete", Access.SIGNED_IN, this::delete);
    }

    private PageLayout frame(Said title, Request request, Said problem) {
        return PageLayout.of(title, request, sessions.csrf(request.session()), problem);
    }

    /// The page of signing in.
    static Reply signInPage(Sessions sessions, OwnPages.Notes notes, Request request, int status, Said problem)
            throws IOException {
        PageLayout frame = PageLayout.of(Said.of("sign-in"), request, sessions.csrf(request.session()), problem);
        return new Reply.Page(
                status,
                frame,
                Reply.PAGES.signin(
                        frame,
                        PasskeyQuestion.get(sessions, request, SIGN_IN, List.of()),
                        notes.url().base().isPresent()));
    }

    private Reply enter(Request request) throws IOException {
        String key = request.form("credential");
        if (!own.throttle().open(request.remote(), key)) {
            notes.metrics().signInFailed();
            return signInPage(sessions, notes, request, 429, Said.of("sign-in-throttled"));
        }
        Optional<String> holder = PasskeyQuestion.holder(domains, sessions, request, SIGN_IN, true);
        Optional<Principal> who =
                holder.isEmpty() ? Optional.empty() : domains.accounts().principal(holder.get());
        if (who.isEmpty()) {
            own.throttle().failed(request.remote(), key);
            notes.metrics().signInFailed();
            notes.log().line("admin: sign-in by passkey failed from " + Log.escape(request.remote()));
            return signInPage(sessions, notes, request, 403, Said.of("passkey-wrong"));
        }
        return new Entrance(domains, sessions, own.throttle()).enter(request, who.get());
    }

    /// One that is being made.
    record Making(String label, PasskeyQuestion question) {}

    private Reply page(Request request, int status, Said problem, Optional<Making> making) throws IOException {
        PageLayout frame = frame(Said.of("passkeys"), request, problem);
        return new Reply.Page(
                status, frame, Reply.PAGES.passkeys(frame, domains.passkeys().of(request.name()), making));
    }

    private Reply begin(Request request) throws IOException {
        if (!own.is(request, request.form("old"))) {
            return page(request, 403, Said.of("password-own-wrong").at("old"), Optional.empty());
        }
        String label = request.form("label").strip();
        List<String> there = PasskeyQuestion.ids(domains, request, request.name());
        String handle = domains.passkeys().handle(request.name(), random);
        return page(
                request,
                200,
                Said.NOTHING,
                Optional.of(new Making(label, PasskeyQuestion.create(sessions, request, handle, label, there))));
    }

    private Reply add(Request request) throws IOException {
        Optional<Passkey> made = PasskeyQuestion.made(domains, sessions, request);
        if (made.isEmpty()) {
            return page(request, 409, Said.of("passkey-again"), Optional.empty());
        }
        boolean first = domains.secondFactors().of(request.name()).isEmpty();
        RecoveryCodes codes = RecoveryCodes.make(random);
        Change change = domains.apply(new Edit.AddPasskey(request.name(), made.get(), codes), request.actor());
        if (change instanceof Change.Refused refused) {
            return page(request, Api.status(refused.reason()), Said.of(refused), Optional.empty());
        }
        return first ? twoStep.shown(request, codes.texts()) : new Reply.Redirect(OWN + "?done=added");
    }

    private Optional<Passkeys.Listed> named(Request request) throws IOException {
        return domains.passkeys().of(request.name()).stream()
                .filter(one -> one.id().equals(request.path("id")))
                .findFirst();
    }

    private Reply deletion(Request request, int status, Said problem) throws IOException {
        Optional<Passkeys.Listed> passkey = named(request);
        Optional<SecondFactors.Present> present = domains.secondFactors().of(request.name());
        if (passkey.isEmpty() || present.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        boolean last = !present.get().program() && present.get().passkeys().size() == 1;
        PageLayout frame = frame(Said.of("remove-what", passkey.get().label()), request, problem);
        return new Reply.Page(status, frame, Reply.PAGES.passkeydelete(frame, passkey.get(), last));
    }

    private Reply delete(Request request) throws IOException {
        if (named(request).isEmpty() || !own.is(request, request.form("old"))) {
            return deletion(request, 403, Said.of("password-own-wrong").at("old"));
        }
        Change change = domains.apply(new Edit.RemovePasskey(request.name(), request.path("id")), request.actor());
        if (change instanceof Change.Refused refused) {
            return page(request, Api.status(refused.reason()), Said.of(refused), Optional.empty());
        }
        String next = OWN + "?done=removed";
        return domains.secondFactors().of(request.name()).isPresent()
                ? new Reply.Redirect(next)
                : new Reply.SignedIn(
                        new Entrance(domains, sessions, own.throttle()).open(request, request.name()), next);
    }
}
