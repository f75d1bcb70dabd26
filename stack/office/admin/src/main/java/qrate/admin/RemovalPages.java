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
import qrate.directory.EditableDirectory;
import qrate.directory.Loss;

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
                removal.refused(request, plan, Api.status(refused.reason()), Said.of(refused));
        };
    }

    private String domainOf(Request request) throws IOException {
        String address = request.path("address");
        return Pages.pathOf("domains", domains.real(address.substring(address.lastIndexOf('@') + 1)));
    }

    private Reply domain(Request request, Step step) throws IOException {
        Optional<EditableDirectory.Domain> found = domains.domain(request.path("domain"));
        if (found.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        EditableDirectory.Domain domain = found.get();
        boolean real = domain.aliasOf().isEmpty();
        List<Loss> goes = new ArrayList<>();
        if (real) {
            goes.add(Loss.of(Loss.Key.DOMAIN, domain.name()));
            goes.add(mailboxes(domain));
            goes.add(
                    Loss.of(Loss.Key.ALIAS_LINES, domains.aliases(domain.name()).size()));
        } else {
            goes.add(Loss.of(Loss.Key.DOMAIN_NAME, domain.name(), domain.aliasOf()));
        }
        Removal.Way way = new Removal.Way(
                Pages.pathOf("domains", domain.name()) + "/delete",
                Map.of(),
                Pages.pathOf("domains", real ? domain.name() : domain.aliasOf()),
                Said.of("remove-what", domain.name()),
                real ? domain.name() : "");
        return take(request, new Plan(domain.name(), goes, new Edit.DeleteDomain(domain.name()), way), step);
    }

    private Loss mailboxes(EditableDirectory.Domain domain) throws IOException {
        OptionalLong messages = domains.messages(domain.name());
        return messages.isEmpty()
                ? Loss.of(Loss.Key.MAILBOXES, domain.mailboxes())
                : Loss.of(Loss.Key.MAILBOXES_COUNTED, domain.mailboxes(), messages.getAsLong());
    }

    private Loss mail(String address) throws IOException {
        OptionalLong messages = domains.messages(address);
        return messages.isEmpty() ? Loss.of(Loss.Key.MAIL) : Loss.of(Loss.Key.MAIL_COUNTED, messages.getAsLong());
    }

    /// What is to go, as values.
    ///
    /// @param name of it
    /// @param goes what belongs to it
    private record Plan(String name, List<Loss> goes, Edit edit, Removal.Way way) {}

    private Reply take(Request request, Plan plan, Step step) throws IOException {
        return step.take(
                request,
                new Removal.Plan(
                        Said.of("remove-what", plan.name),
                        Said.of(plan.edit instanceof Edit.DeleteMailbox ? "removal-goes-kept" : "removal-goes"),
                        said(plan.goes),
                        said(domains.losses(plan.edit)),
                        plan.way));
    }

    private static List<Said> said(List<Loss> losses) {
        return losses.stream().map(Said::of).toList();
    }

    private static EditableDirectory.Alias line(Request request) {
        return new EditableDirectory.Alias(
                request.form("local").strip() + "@" + request.path("domain"), request.form("target"));
    }

    private Reply alias(Request request, Step step) throws IOException {
        EditableDirectory.Alias asked = line(request);
        Optional<EditableDirectory.Alias> found = domains.aliases(request.path("domain")).stream()
                .filter(one -> local(one).equalsIgnoreCase(local(asked))
                        && one.target().equals(asked.target()))
                .findFirst();
        if (found.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        EditableDirectory.Alias line = found.get();
        String path = Pages.pathOf("domains", domains.real(request.path("domain")));
        boolean copy = domains.mailbox(line.address()).isPresent();
        Removal.Way way = new Removal.Way(
                path + "/aliases/delete",
                Map.of("local", local(line), "target", line.target()),
                path + "/aliases",
                Said.of("remove-what", line.address()),
                "");
        Loss goes = Loss.of(copy ? Loss.Key.COPIES_OF : Loss.Key.ALIAS, line.address(), line.target());
        return take(request, new Plan(line.address(), List.of(goes), new Edit.DeleteAlias(line), way), step);
    }

    private static String local(EditableDirectory.Alias alias) {
        return alias.address().substring(0, alias.address().lastIndexOf('@'));
    }

    private Reply mailbox(Request request, Step step) throws IOException {
        Optional<EditableDirectory.Mailbox> mailbox = domains.mailbox(request.path("address"));
        if (mailbox.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        String address = mailbox.get().address();
        boolean own = address.equals(request.name());
        List<Loss> goes = List.of(
                Loss.of(own ? Loss.Key.MAILBOX_OWN : Loss.Key.MAILBOX, address),
                mail(address),
                Loss.of(Loss.Key.TOKENS, domains.tokens().of(address).size()));
        Removal.Way way = new Removal.Way(
                Pages.pathOf("mailboxes", address) + "/delete",
                Pages.pathOf("mailboxes", address),
                Said.of("remove-what", address));
        return take(request, new Plan(address, goes, new Edit.DeleteMailbox(address), way), step);
    }
}
