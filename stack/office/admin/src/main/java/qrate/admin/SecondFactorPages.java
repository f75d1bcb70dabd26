package qrate.admin;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import qrate.core.Log;
import qrate.directory.Change;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.Loss;
import qrate.directory.Principal;
import qrate.directory.RecoveryCodes;
import qrate.directory.SecondFactors;
import qrate.directory.Totp;

/// Two-step sign-in: the second step itself, the page on which everybody switches his own on and off, and the one on
/// which it is taken from somebody who is locked out.
///
/// The server keeps nothing between two steps: what the first has shown goes along in the form, sealed for the browser
/// that it was shown to.
final class SecondFactorPages {
    /// How long a right password waits for its code.
    static final Duration CODE_WAIT_MAX = Duration.ofMinutes(5);

    private static final String OWN = "/account/two-step";
    private static final String CODE = "/sign-in/code";
    private static final String OF_MAILBOX = "/mailboxes/{address}/two-step/delete";
    private static final String OF_ADMINISTRATOR = "/administrators/{name}/two-step/delete";

    private final Domains domains;
    private final Sessions sessions;
    private final OwnPassword own;
    private final OwnPages.Notes notes;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    SecondFactorPages(Domains domains, Sessions sessions, OwnPassword own, OwnPages.Notes notes, InstantSource clock) {
        this.domains = domains;
        this.sessions = sessions;
        this.own = own;
        this.notes = notes;
        this.clock = clock;
    }

    void register(Router router) {
        router.add("GET", CODE, Access.OPEN, _ -> new Reply.Redirect("/sign-in"));
        router.add("POST", CODE, Access.OPEN, this::enter);
        router.add("GET", OWN, Access.SIGNED_IN, r -> page(r, 200, Said.NOTHING, Optional.empty()));
        router.add("POST", OWN + "/begin", Access.SIGNED_IN, this::begin);
        router.add("POST", OWN + "/on", Access.SIGNED_IN, this::switchOn);
        router.add("POST", OWN + "/off", Access.SIGNED_IN, this::switchOff);
        router.add("POST", OWN + "/codes", Access.SIGNED_IN, this::newCodes);
        router.add("GET", OF_MAILBOX, Access.DOMAIN, r -> remove(r, false));
        router.add("POST", OF_MAILBOX, Access.DOMAIN, r -> remove(r, true));
        router.add("GET", OF_ADMINISTRATOR, Access.ADMIN, r -> remove(r, false));
        router.add("POST", OF_ADMINISTRATOR, Access.ADMIN, r -> remove(r, true));
    }

    // --- the second step of signing in -------------------------------------------------------------------------------

    private Entrance entrance() {
        return new Entrance(domains, sessions, own.throttle());
    }

    private PageLayout frame(Said title, Request request, Said problem) {
        return PageLayout.of(title, request, sessions.csrf(request.session()), problem);
    }

    /// What a browser has shown a right password for.
    ///
    /// @param until when it counts for nothing, in milliseconds since 1970
    /// @param fingerprint of the password
    private record Pending(String name, long until, String fingerprint) {
        String sealed(Sessions sessions, Request request) {
            return sessions.seal(request.session(), "code\n" + name + "\n" + until + "\n" + fingerprint);
        }
    }

    /// Asks for the code of somebody whose password was right.
    Reply ask(Request request, String name) throws IOException {
        long until = clock.millis() + CODE_WAIT_MAX.toMillis();
        return ask(request, new Pending(name, until, domains.accounts().fingerprint(name)), 200, Said.NOTHING);
    }

    private Reply ask(Request request, Pending pending, int status, Said problem) throws IOException {
        PageLayout frame = frame(Said.of("two-step"), request, problem);
        return new Reply.Page(
                status,
                frame,
                Reply.PAGES.code(
                        frame,
                        pending.name,
                        Long.toString(pending.until),
                        pending.sealed(sessions, request),
                        question(request, pending.name)));
    }

    private PasskeyQuestion question(Request request, String name) throws IOException {
        return PasskeyQuestion.get(sessions, request, purpose(name), PasskeyQuestion.ids(domains, request, name));
    }

    /// What a signature beside the password is for.
    private static String purpose(String name) {
        return "beside the password of " + name;
    }

    /// Tries the code in a form, or the signature of a passkey in its place.
    private SecondFactors.Tried attempt(Request request, String name) throws IOException {
        if (!PasskeyQuestion.isAnswered(request)) {
            return domains.as(request.actor(name)).secondFactors().attempt(name, request.form("code"));
        }
        return PasskeyQuestion.holder(domains, sessions, request, purpose(name), false)
                        .filter(name::equals)
                        .isPresent()
                ? SecondFactors.Tried.RIGHT
                : SecondFactors.Tried.WRONG;
    }

    /// Why it is not taken.
    private static Said problem(Request request, SecondFactors.Tried tried) {
        if (tried == SecondFactors.Tried.WAIT) {
            return Said.of("code-wait").at("code");
        }
        return PasskeyQuestion.isAnswered(request)
                ? Said.of("passkey-wrong")
                : Said.of("code-wrong").at("code");
    }

    private Reply enter(Request request) throws IOException {
        String name = request.form("name");
        String until = request.form("until");
        Pending pending = new Pending(
                name,
                until.matches("[0-9]{1,15}") ? Long.parseLong(until) : 0,
                domains.accounts().fingerprint(name));
        Optional<Principal> who = domains.accounts().principal(name);
        boolean ours = Sessions.same(pending.sealed(sessions, request), request.form("sealed"));
        if (!ours || who.isEmpty() || clock.millis() >= pending.until) {
            return new Reply.Redirect("/sign-in"); // the password again
        }
        SecondFactors.Tried tried = domains.secondFactors().of(name).isEmpty()
                ? SecondFactors.Tried.RIGHT // taken away meanwhile
                : attempt(request, name);
        return switch (tried) {
            case RIGHT -> entrance().enter(request, who.get());
            case WRONG -> {
                failed(request, name);
                yield ask(request, pending, 403, problem(request, tried));
            }
            case WAIT -> {
                failed(request, name);
                yield ask(request, pending, 429, problem(request, tried));
            }
        };
    }

    private void failed(Request request, String name) {
        notes.metrics().signInFailed();
        notes.log().line("admin: sign-in failed: " + Log.escape(name) + " from " + request.remote() + ": wrong code");
    }

    // --- one's own ---------------------------------------------------------------------------------------------------

    /// What the page shows beside the state.
    ///
    /// @param secret what a program is to share with us; empty where none is being set up
    /// @param sealed says that it is shown to whoever gave the password
    /// @param code the same as a picture
    record SettingUp(String secret, String sealed, QrCode code) {}

    private Reply page(Request request, int status, Said problem, Optional<SettingUp> settingUp) throws IOException {
        PageLayout frame = frame(Said.of("two-step"), request, problem);
        return new Reply.Page(
                status,
                frame,
                Reply.PAGES.twostep(
                        frame,
                        domains.secondFactors().of(request.name()),
                        question(request, request.name()),
                        settingUp,
                        List.of()));
    }

    private Optional<SettingUp> settingUp(Request request, Totp totp) {
        return Optional.of(new SettingUp(totp.text(), sealed(request, totp), QrCode.of(totp.link(request.name()))));
    }

    private String sealed(Request request, Totp totp) {
        return sessions.seal(request.session(), "two-step\n" + totp.text());
    }

    private Reply begin(Request request) throws IOException {
        return own.is(request, request.form("old"))
                ? page(request, 200, Said.NOTHING, settingUp(request, Totp.make(random)))
                : page(request, 403, Said.of("password-own-wrong").at("begin-old"), Optional.empty());
    }

    private Reply switchOn(Request request) throws IOException {
        Optional<Totp> totp = Totp.of(request.form("secret"));
        if (totp.isEmpty() || !Sessions.same(sealed(request, totp.get()), request.form("sealed"))) {
            return page(request, 409, Said.of("two-step-again"), Optional.empty());
        }
        OptionalLong step = domains.secondFactors().confirms(totp.get(), request.form("code"));
        if (step.isEmpty()) {
            return page(request, 400, Said.of("code-wrong").at("code"), settingUp(request, totp.get()));
        }
        RecoveryCodes codes = RecoveryCodes.make(random);
        Change change = domains.apply(
                new Edit.SetSecondFactor(request.name(), totp.get(), step.getAsLong(), codes), request.actor());
        return change instanceof Change.Refused refused
                ? page(request, Api.status(refused.reason()), Said.of(refused), Optional.empty())
                : shown(request, codes.texts());
    }

    /// Shows recovery codes. All sessions have ended: the one of this browser goes on as another.
    Reply shown(Request request, List<String> codes) throws IOException {
        Sessions.Session session = entrance().open(request, request.name());
        return new Reply.Entered(session, shown(request, session, codes));
    }

    private Reply.Page shown(Request request, Sessions.Session session, List<String> codes) throws IOException {
        PageLayout frame = PageLayout.of(Said.of("two-step"), request, sessions.csrf(session), Said.NOTHING);
        PasskeyQuestion none = PasskeyQuestion.get(sessions, request, "", List.of()); // its session may be another
        return new Reply.Page(
                200,
                frame,
                Reply.PAGES.twostep(frame, domains.secondFactors().of(request.name()), none, Optional.empty(), codes));
    }

    /// Whether whoever asks has shown both password and second step; else why not.
    private Optional<Reply> unproved(Request request, String form) throws IOException {
        if (!own.is(request, request.form("old"))) {
            return Optional.of(page(request, 403, Said.of("password-own-wrong").at(form + "-old"), Optional.empty()));
        }
        SecondFactors.Tried tried = attempt(request, request.name());
        return tried == SecondFactors.Tried.RIGHT
                ? Optional.empty()
                : Optional.of(page(
                        request,
                        tried == SecondFactors.Tried.WAIT ? 429 : 403,
                        problem(request, tried).moved("code", form + "-code"),
                        Optional.empty()));
    }

    private Reply newCodes(Request request) throws IOException {
        Optional<Reply> unproved = unproved(request, "codes");
        if (unproved.isPresent()) {
            return unproved.get();
        }
        RecoveryCodes codes = RecoveryCodes.make(random);
        Change change = domains.apply(new Edit.SetRecoveryCodes(request.name(), codes), request.actor());
        return change instanceof Change.Refused refused
                ? page(request, Api.status(refused.reason()), Said.of(refused), Optional.empty())
                : shown(request, request.session(), codes.texts());
    }

    private Reply switchOff(Request request) throws IOException {
        Optional<Reply> unproved = unproved(request, "off");
        if (unproved.isPresent()) {
            return unproved.get();
        }
        domains.apply(new Edit.RemoveSecondFactor(request.name()), request.actor());
        return new Reply.SignedIn(entrance().open(request, request.name()), OWN + "?done=saved");
    }

    // --- somebody else's ---------------------------------------------------------------------------------------------

    private Reply remove(Request request, boolean agreed) throws IOException {
        boolean mailbox = request.path().containsKey("address");
        String said = request.path(mailbox ? "address" : "name");
        String holder = domains.accounts().principal(said).map(Principal::name).orElse("");
        if (holder.equals(request.name())) {
            return new Reply.Redirect(OWN);
        }
        if (holder.isEmpty() || domains.secondFactors().of(holder).isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        String back = mailbox ? Pages.pathOf("mailboxes", holder) : "/administrators";
        Removal.Plan plan = new Removal.Plan(
                Said.of("two-step-remove"),
                List.of(Said.of(Loss.of(Loss.Key.SECOND_FACTOR, holder))),
                List.of(),
                new Removal.Way(
                        Pages.pathOf(mailbox ? "mailboxes" : "administrators", holder) + "/two-step/delete",
                        back,
                        Said.of("two-step-remove")));
        return agreed
                ? new Removal(sessions).run(request, plan, r -> {
                    domains.apply(new Edit.RemoveSecondFactor(holder), r.actor());
                    return new Reply.Redirect(back + "?done=removed");
                })
                : new Removal(sessions).ask(request, plan);
    }
}
