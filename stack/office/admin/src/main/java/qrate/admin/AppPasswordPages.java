package qrate.admin;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.checkpassword.AppSecret;
import qrate.directory.AppPasswords;
import qrate.directory.Change;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Logins;
import qrate.directory.Loss;
import qrate.directory.Property;

/// Passwords of single programs of a mailbox, and where its owner has signed in from: pages for owner and postmaster.
/// The owner alone makes one, and says his password for it.
final class AppPasswordPages {
    /// How long a place is shown as new.
    private static final Duration NEW_FOR = Duration.ofDays(7);

    private static final String PAGE = "/mailboxes/{address}/app-passwords";

    private final Domains domains;
    private final Sessions sessions;
    private final OwnPassword own;
    private final SecureRandom random = new SecureRandom();

    AppPasswordPages(Domains domains, Sessions sessions, OwnPassword own) {
        this.domains = domains;
        this.sessions = sessions;
        this.own = own;
    }

    void register(Router router) {
        router.add("GET", PAGE, Access.MAILBOX, r -> page(r, 200, Said.NOTHING, ""));
        router.add("POST", PAGE, Access.MAILBOX, this::add);
        router.add("POST", PAGE + "/only", Access.MAILBOX, this::only);
        router.add("GET", PAGE + "/{id}/delete", Access.MAILBOX, r -> end(r, false));
        router.add("POST", PAGE + "/{id}/delete", Access.MAILBOX, r -> end(r, true));
        router.add("GET", "/mailboxes/{address}/sign-ins", Access.MAILBOX, this::signIns);
    }

    /// Where a page about a mailbox leads back to.
    static String back(Request request, String address) {
        return address.equals(request.name()) ? "/account" : Pages.pathOf("mailboxes", address);
    }

    private static String path(String address) {
        return Pages.pathOf("mailboxes", address) + "/app-passwords";
    }

    private Optional<EditableDirectory.Mailbox> mailbox(Request request) throws IOException {
        return domains.mailbox(request.path("address"));
    }

    /// @param secret one that was just made; empty for none
    private Reply page(Request request, int status, Said problem, String secret) throws IOException {
        Optional<EditableDirectory.Mailbox> mailbox = mailbox(request);
        if (mailbox.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        String address = mailbox.get().address();
        PageLayout frame = PageLayout.of(
                Said.of("app-passwords-title", address), request, sessions.csrf(request.session()), problem);
        return new Reply.Page(
                status,
                frame,
                Reply.PAGES.apppasswords(
                        frame,
                        mailbox.get(),
                        domains.appPasswords(address),
                        secret,
                        path(address),
                        back(request, address)));
    }

    private Reply add(Request request) throws IOException {
        String address =
                mailbox(request).map(EditableDirectory.Mailbox::address).orElse("");
        if (!address.equals(request.name())) {
            return Errors.page(request, sessions, 403);
        }
        if (!own.is(request, request.form("old"))) {
            return page(request, 403, Said.of("password-own-wrong").at("old"), "");
        }
        AppPasswords.Wish wish = new AppPasswords.Wish(
                request.form("label").strip(),
                request.form().containsKey("pop"),
                request.form().containsKey("smtp"));
        AppSecret secret = AppSecret.make(random);
        Change change = domains.apply(new Edit.AddAppPassword(address, wish, secret), request.actor());
        return change instanceof Change.Refused refused
                ? page(request, Api.status(refused.reason()), Said.of(refused), "")
                : page(request, 200, Said.NOTHING, secret.text());
    }

    private Reply only(Request request) throws IOException {
        boolean only = request.form().containsKey("only");
        Change change = domains.apply(
                new Edit.Modify(request.path("address"), Map.of(Property.APP_ONLY, only)), request.actor());
        return change instanceof Change.Refused refused
                ? page(request, Api.status(refused.reason()), Said.of(refused), "")
                : new Reply.Redirect(path(request.path("address")) + "?done=saved");
    }

    private Reply end(Request request, boolean agreed) throws IOException {
        String address =
                mailbox(request).map(EditableDirectory.Mailbox::address).orElse("");
        Optional<AppPasswords.Listed> found = domains.appPasswords(address).stream()
                .filter(one -> one.id().equals(request.path("id")))
                .findFirst();
        if (found.isEmpty()) {
            return page(request, 404, Said.of("app-password-missing"), "");
        }
        String label = found.get().wish().label();
        Removal.Plan plan = new Removal.Plan(
                Said.of("app-password-end-what", label),
                List.of(Said.of(
                        Loss.of(Loss.Key.APP_PASSWORD, label, found.get().id(), address))),
                List.of(),
                new Removal.Way(
                        path(address) + "/" + found.get().id() + "/delete",
                        path(address),
                        Said.of("app-password-end")));
        return agreed
                ? new Removal(sessions).run(request, plan, r -> {
                    domains.apply(new Edit.EndAppPassword(address, found.get().id()), r.actor());
                    return new Reply.Redirect(path(address) + "?done=ended");
                })
                : new Removal(sessions).ask(request, plan);
    }

    private Reply signIns(Request request) throws IOException {
        Optional<EditableDirectory.Mailbox> mailbox = mailbox(request);
        if (mailbox.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        String address = mailbox.get().address();
        PageLayout frame = PageLayout.of(
                Said.of("sign-ins-title", address), request, sessions.csrf(request.session()), Said.NOTHING);
        return new Reply.Page(
                200,
                frame,
                Reply.PAGES.signins(
                        frame,
                        domains.logins().of(address),
                        domains.logins().fresh(NEW_FOR, address).stream()
                                .map(Logins.Login::from)
                                .toList(),
                        domains.appPasswords(address),
                        back(request, address)));
    }
}
