package qrate.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import qrate.directory.Change;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.Vpopmail;

/// Pages that name what goes with a domain, a mailbox or an alias, and ask.
final class RemovalPages {
    private static final String DOMAIN = "/domains/{domain}/delete";
    private static final String ALIAS = "/domains/{domain}/aliases/delete";
    private static final String MAILBOX = "/mailboxes/{address}/delete";

    private final Domains domains;
    private final Sessions sessions;
    private final Removal removal;

    RemovalPages(Domains domains, Sessions sessions) {
        this.domains = domains;
        this.sessions = sessions;
        this.removal = new Removal(sessions);
    }

    void register(Router router) {
        router.add("GET", DOMAIN, Access.ADMIN, r -> domain(r, removal::ask));
        router.add(
                "POST",
                DOMAIN,
                Access.ADMIN,
                r -> domain(
                        r,
                        (request, plan) -> removal.run(
                                request,
                                plan,
                                done -> after(
                                        domains.apply(new Edit.DeleteDomain(done.path("domain")), done.actor()),
                                        done,
                                        plan,
                                        "/domains"))));
        router.add("GET", ALIAS, Access.DOMAIN, r -> alias(r, removal::ask));
        router.add(
                "POST",
                ALIAS,
                Access.DOMAIN,
                r -> alias(
                        r,
                        (request, plan) -> removal.run(
                                request,
                                plan,
                                done -> after(
                                        domains.apply(new Edit.DeleteAlias(line(done)), done.actor()),
                                        done,
                                        plan,
                                        plan.way().back()))));
        router.add("GET", MAILBOX, Access.DOMAIN, r -> mailbox(r, removal::ask));
        router.add(
                "POST",
                MAILBOX,
                Access.DOMAIN,
                r -> mailbox(
                        r,
                        (request, plan) -> removal.run(
                                request,
                                plan,
                                done -> after(
                                        domains.apply(new Edit.DeleteMailbox(done.path("address")), done.actor()),
                                        done,
                                        plan,
                                        domainOf(done)))));
    }

    /// Asks, or does it.
    @FunctionalInterface
    private interface Step {
        Reply take(Request request, Removal.Plan plan) throws IOException;
    }

    private Reply after(Change change, Request request, Removal.Plan plan, String next) {
        return switch (change) {
            case Change.Done _ -> new Reply.Redirect(next + "?done=removed");
            case Change.Refused refused ->
                removal.refused(
                        request,
                        plan,
                        Api.status(refused.reason()),
                        request.words().of(refused));
        };
    }

    private String domainOf(Request request) throws IOException {
        String address = request.path("address");
        return Pages.pathOf("domains", domains.real(address.substring(address.lastIndexOf('@') + 1)));
    }

    private Reply domain(Request request, Step step) throws IOException {
        Optional<Vpopmail.Domain> found = domains.domain(request.path("domain"));
        if (found.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        Vpopmail.Domain domain = found.get();
        boolean real = domain.aliasOf().isEmpty();
        List<String> goes = new ArrayList<>();
        if (real) {
            goes.add("the domain " + domain.name());
            goes.add("its mailboxes: " + domain.mailboxes() + ", and " + mail(domain.name()));
            goes.add("its lines of aliases: " + domains.aliases(domain.name()).size());
        } else {
            goes.add("the name " + domain.name() + " of the domain " + domain.aliasOf()
                    + ": mail to that name is refused from now on, and no mailbox goes");
        }
        Removal.Way way = new Removal.Way(
                Pages.pathOf("domains", domain.name()) + "/delete",
                Map.of(),
                Pages.pathOf("domains", real ? domain.name() : domain.aliasOf()),
                "Remove " + domain.name(),
                real ? domain.name() : "");
        return step.take(
                request, new Removal.Plan("Remove " + domain.name(), goes, domains.losses(domain.name()), way));
    }

    private String mail(String name) throws IOException {
        OptionalLong messages = domains.messages(name);
        return messages.isEmpty() ? "all mail in them" : "all mail in them: " + messages.getAsLong() + " messages";
    }

    private static Vpopmail.Alias line(Request request) {
        return new Vpopmail.Alias(request.form("local").strip() + "@" + request.path("domain"), request.form("target"));
    }

    private Reply alias(Request request, Step step) throws IOException {
        Vpopmail.Alias asked = line(request);
        Optional<Vpopmail.Alias> found = domains.aliases(request.path("domain")).stream()
                .filter(one -> local(one).equalsIgnoreCase(local(asked))
                        && one.target().equals(asked.target()))
                .findFirst();
        if (found.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        Vpopmail.Alias line = found.get();
        String path = Pages.pathOf("domains", domains.real(request.path("domain")));
        boolean copy = domains.mailbox(line.address()).isPresent();
        Removal.Way way = new Removal.Way(
                path + "/aliases/delete",
                Map.of("local", local(line), "target", line.target()),
                path,
                "Remove " + line.address(),
                "");
        String goes = copy
                ? "the copies of " + line.address() + " to " + line.target() + "; the mailbox stays"
                : "the alias " + line.address() + " to " + line.target();
        return step.take(
                request, new Removal.Plan("Remove " + line.address(), List.of(goes), domains.losses(line), way));
    }

    private static String local(Vpopmail.Alias alias) {
        return alias.address().substring(0, alias.address().lastIndexOf('@'));
    }

    private Reply mailbox(Request request, Step step) throws IOException {
        Optional<Vpopmail.Mailbox> mailbox = domains.mailbox(request.path("address"));
        if (mailbox.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        String address = mailbox.get().address();
        List<String> goes = List.of(
                "the mailbox " + address + (address.equals(request.name()) ? ", which you are signed in as" : ""),
                mail(address),
                "its tokens for the REST API: " + domains.tokens().of(address).size());
        Removal.Way way = new Removal.Way(
                Pages.pathOf("mailboxes", address) + "/delete",
                Pages.pathOf("mailboxes", address),
                "Remove " + address);
        return step.take(request, new Removal.Plan("Remove " + address, goes, domains.losses(address), way));
    }
}
