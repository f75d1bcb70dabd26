package qrate.admin;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import qrate.directory.Change;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Forwarding;

/// Where the mail of a mailbox goes on to: a page of its own for owner and postmaster.
final class ForwardPages {
    private static final String PAGE = "/mailboxes/{address}/forward";

    private final Domains domains;
    private final Sessions sessions;

    ForwardPages(Domains domains, Sessions sessions) {
        this.domains = domains;
        this.sessions = sessions;
    }

    void register(Router router) {
        router.add("GET", PAGE, Access.MAILBOX, this::show);
        router.add("POST", PAGE, Access.MAILBOX, this::save);
    }

    /// What stands in the fields of the form.
    ///
    /// @param to addresses, one a line
    record Form(String to, boolean keep) {
        static Form of(Forwarding forward) {
            return new Form(String.join("\n", forward.to()), forward.keep());
        }

        static Form of(Request request) {
            return new Form(
                    request.form("to").replace("\r\n", "\n").strip(),
                    request.form().containsKey("keep"));
        }

        /// However people separate addresses.
        Forwarding read() {
            List<String> all = Arrays.stream(to.split("[\\s,;]"))
                    .filter(one -> !one.isEmpty())
                    .toList();
            return new Forwarding(all, keep);
        }
    }

    private Reply show(Request request) throws IOException {
        return page(request, 200, Said.NOTHING, Form.of(domains.forward(request.path("address"))));
    }

    private Reply page(Request request, int status, Said problem, Form form) throws IOException {
        Optional<EditableDirectory.Mailbox> mailbox = domains.mailbox(request.path("address"));
        if (mailbox.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        String address = mailbox.get().address();
        PageLayout frame =
                PageLayout.of(Said.of("forward-title", address), request, sessions.csrf(request.session()), problem);
        return new Reply.Page(
                status,
                frame,
                Reply.PAGES.forward(
                        frame,
                        form,
                        Pages.pathOf("mailboxes", address) + "/forward",
                        AppPasswordPages.back(request, address)));
    }

    private Reply save(Request request) throws IOException {
        Form form = Form.of(request);
        Change change = domains.apply(new Edit.SetForward(request.path("address"), form.read()), request.actor());
        return switch (change) {
            case Change.Done _ ->
                new Reply.Redirect(Pages.pathOf("mailboxes", request.path("address")) + "/forward?done=saved");
            case Change.Refused refused -> page(request, Api.status(refused.reason()), Said.of(refused), form);
        };
    }
}
