package qrate.admin;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import qrate.directory.Change;
import qrate.directory.DeletedMailbox;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Refusal;

/// Mailboxes of a domain that were removed a few days ago: brought back, or deleted for good. The same by REST.
final class DeletedPages {
    private static final String PAGE = "/domains/{domain}/deleted";
    private static final String ONE = PAGE + "/{id}";
    /// Most on the page, the newest first.
    static final int SHOWN_MAX = 200;

    private static final String API = "/api/v1" + PAGE;

    private final Domains domains;
    private final Sessions sessions;
    private final Removal removal;

    DeletedPages(Domains domains, Sessions sessions) {
        this.domains = domains;
        this.sessions = sessions;
        this.removal = new Removal(sessions);
    }

    void register(Router router) {
        router.add("GET", PAGE, Access.DOMAIN, r -> page(r, 200, Said.NOTHING));
        router.add("POST", ONE + "/restore", Access.DOMAIN, this::restore);
        router.add("GET", ONE + "/delete", Access.DOMAIN, r -> deletion(r, false));
        router.add("POST", ONE + "/delete", Access.DOMAIN, r -> deletion(r, true));
        router.add("GET", API, Access.DOMAIN, CollectionApi.PARTS, this::list);
        router.add("POST", API + "/{id}/restore", Access.DOMAIN, r -> Api.reply(broughtBack(r)));
        router.add("DELETE", API + "/{id}", Access.DOMAIN, r -> Api.reply(forgotten(r)));
    }

    private Reply page(Request request, int status, Said problem) throws IOException {
        Optional<EditableDirectory.Domain> domain = domains.domain(request.path("domain"));
        if (domain.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        String name = domain.get().real();
        List<DeletedMailbox> all = domains.deleted(name);
        PageLayout frame =
                PageLayout.of(Said.of("deleted-of", name), request, sessions.csrf(request.session()), problem);
        return new Reply.Page(
                status,
                frame,
                Reply.PAGES.deleted(frame, name, all.subList(0, Math.min(SHOWN_MAX, all.size())), all.size()));
    }

    private Reply list(Request request) throws IOException {
        List<DeletedMailbox> all = domains.deleted(request.path("domain"));
        return domains.domain(request.path("domain")).isEmpty()
                ? Errors.data(404)
                : CollectionApi.part(
                        request,
                        "/api/v1" + Pages.pathOf("domains", request.path("domain")) + "/deleted",
                        all,
                        new CollectionApi.Look<>(DeletedMailbox::json, one -> Long.toString(one.number())));
    }

    private Optional<DeletedMailbox> one(Request request) throws IOException {
        return domains.deleted(request.path("domain")).stream()
                .filter(one -> Long.toString(one.number()).equals(request.path("id")))
                .findFirst();
    }

    private Change broughtBack(Request request) throws IOException {
        Optional<DeletedMailbox> one = one(request);
        return one.isEmpty()
                ? Change.refuse(Refusal.Key.DELETED_MISSING, request.path("domain"))
                : domains.apply(
                        new Edit.RestoreMailbox(
                                one.get().mailbox().address(), one.get().number()),
                        request.actor());
    }

    private Change forgotten(Request request) throws IOException {
        Optional<DeletedMailbox> one = one(request);
        return one.isEmpty()
                ? Change.refuse(Refusal.Key.DELETED_MISSING, request.path("domain"))
                : domains.apply(
                        new Edit.ForgetMailbox(
                                one.get().mailbox().address(), one.get().number()),
                        request.actor());
    }

    private Reply restore(Request request) throws IOException {
        String back = one(request)
                .map(one -> Pages.pathOf("mailboxes", one.mailbox().address()))
                .orElse("");
        return Pages.after(broughtBack(request), back + "?done=back", (s, p) -> page(request, s, p));
    }

    private Reply deletion(Request request, boolean agreed) throws IOException {
        Optional<DeletedMailbox> one = one(request);
        if (one.isEmpty()) {
            return page(request, 404, Said.of("deleted-none-such"));
        }
        String pages = Pages.pathOf("domains", domains.real(request.path("domain"))) + "/deleted";
        Said title = Said.of("deleted-forget-what", one.get().mailbox().address());
        Removal.Plan plan = new Removal.Plan(
                title,
                List.of(Said.of("deleted-forget-goes", one.get().mailbox().address())),
                List.of(),
                new Removal.Way(pages + "/" + one.get().number() + "/delete", pages, title));
        return agreed
                ? removal.run(
                        request, plan, r -> Pages.after(forgotten(r), pages + "?done=removed", (s, p) -> page(r, s, p)))
                : removal.ask(request, plan);
    }
}
