package qrate.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import qrate.directory.Change;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Loss;
import qrate.directory.Property;
import qrate.directory.Quota;
import qrate.directory.Refusal;

/// What is done to several mailboxes of a domain at once: asked for on one page, done in one change, to all of them or
/// to none.
final class MailboxTicks {
    private static final String PATH = "/domains/{domain}/mailboxes/ticked";
    private static final String QUOTA = "quota";

    private final Domains domains;
    private final Removal removal;
    private final Page page;

    /// The page with the mailboxes, and what was wrong.
    @FunctionalInterface
    interface Page {
        Reply of(Request request, int status, Said problem) throws IOException;
    }

    MailboxTicks(Domains domains, Sessions sessions, Page page) {
        this.domains = domains;
        this.removal = new Removal(sessions);
        this.page = page;
    }

    void register(Router router) {
        router.add("POST", PATH, Access.DOMAIN, this::ticked);
    }

    /// What can be done; texts are `ticked-do-…`, `ticked-title-…` and `ticked-about-…`.
    enum Act {
        SUSPEND,
        RESUME,
        QUOTA,
        REMOVE;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Act> of(String word) {
            return Arrays.stream(values())
                    .filter(act -> act.word().equals(word))
                    .findFirst();
        }
    }

    /// Something to be done to some.
    private record Wish(Act act, Quota quota, List<String> addresses) {
        List<? extends Edit.OfMailbox> edits() {
            return addresses.stream().map(this::edit).toList();
        }

        private Edit.OfMailbox edit(String address) {
            return switch (act) {
                case SUSPEND -> new Edit.Modify(address, Map.of(Property.POP, false, Property.SMTP, false));
                case RESUME -> new Edit.Modify(address, Map.of(Property.POP, true, Property.SMTP, true));
                case QUOTA -> new Edit.Modify(address, Map.of(Property.QUOTA, quota));
                case REMOVE -> new Edit.DeleteMailbox(address);
            };
        }
    }

    private Reply ticked(Request request) throws IOException {
        Optional<EditableDirectory.Domain> domain = domains.domain(domains.real(request.path("domain")));
        Optional<Act> act = Act.of(request.form(Ticks.DO));
        List<String> locals = Ticks.of(request);
        String text = request.form(QUOTA).strip();
        Optional<Quota> quota = text.isEmpty() ? Optional.of(Quota.NONE) : Quota.typed(text);
        if (domain.isEmpty() || act.isEmpty() || locals.isEmpty()) {
            return page.of(request, 400, Said.of("ticked-none"));
        }
        if (act.get() == Act.QUOTA && quota.isEmpty()) {
            return page.of(request, 400, Said.of("quota-wrong"));
        }
        List<String> addresses = new ArrayList<>();
        for (String local : locals) {
            String address = local + "@" + domain.get().name();
            Optional<EditableDirectory.Mailbox> mailbox = domains.mailbox(address);
            if (mailbox.isEmpty()) {
                return page.of(request, 409, said(Refusal.Key.MAILBOX_MISSING, address));
            }
            if (act.get() == Act.REMOVE && local.equals(EditableDirectory.POSTMASTER)) {
                return page.of(request, 409, said(Refusal.Key.POSTMASTER_STAYS));
            }
            addresses.add(mailbox.get().address());
        }
        Wish wish = new Wish(act.get(), quota.orElse(Quota.NONE), addresses);
        return take(request, wish, plan(request, domain.get().name(), wish));
    }

    private static Said said(Refusal.Key key, Object... arguments) {
        return Said.of((Change.Refused) Change.refuse(key, arguments));
    }

    private Reply take(Request request, Wish wish, Removal.Plan plan) throws IOException {
        return removal.askOrRun(request, plan, agreed -> switch (domains.applyAll(wish.edits(), agreed.actor())) {
            case Change.Done _ ->
                new Reply.Redirect(plan.way().back() + "?done=" + (wish.act == Act.REMOVE ? "removed" : "saved"));
            case Change.Refused refused ->
                removal.refused(agreed, plan, Api.status(refused.reason()), Said.of(refused));
        });
    }

    private Removal.Plan plan(Request request, String domain, Wish wish) throws IOException {
        List<Said> goes = new ArrayList<>();
        Set<Loss> lost = new LinkedHashSet<>();
        for (String address : wish.addresses) {
            if (wish.act == Act.REMOVE) {
                boolean own = address.equals(request.name());
                goes.add(Said.of(Loss.of(own ? Loss.Key.MAILBOX_OWN : Loss.Key.MAILBOX, address)));
                lost.addAll(domains.losses(new Edit.DeleteMailbox(address)));
            } else {
                goes.add(Said.as(address));
            }
        }
        if (wish.act == Act.REMOVE) {
            goes.add(Said.of(Loss.of(Loss.Key.MAIL)));
        }
        Map<String, String> fields =
                Ticks.fields(wish.addresses.stream().map(MailboxTicks::local).toList(), wish.act.word());
        if (wish.act == Act.QUOTA) {
            fields.put(QUOTA, request.form(QUOTA).strip());
        }
        String path = Pages.pathOf("domains", domain);
        String word = wish.act.word();
        String quota = request.form(QUOTA).strip();
        Said lead = switch (wish.act) {
            case REMOVE -> Said.of("removal-goes-kept");
            case QUOTA -> quota.isEmpty() ? Said.of("ticked-quota-none") : Said.of("ticked-about-quota", quota);
            case SUSPEND, RESUME -> Said.of("ticked-about-" + word);
        };
        return new Removal.Plan(
                Said.of("ticked-title-" + word, wish.addresses.size()),
                lead,
                goes,
                lost.stream().map(Said::of).toList(),
                new Removal.Way(path + "/mailboxes/ticked", fields, path, Said.of("ticked-do-" + word), ""));
    }

    private static String local(String address) {
        return address.substring(0, address.lastIndexOf('@'));
    }
}
